package io.tokentropy.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of measures whatever the answers are. */
class AnswersTest {
  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderOfTheAnswersDoesNotCount(long seed) {
    var random = new Random(seed);
    int n = 2 + random.nextInt(8);
    List<double[]> matrix = similarities(n, random);
    List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    Collections.shuffle(order, random);
    var shuffled = new ArrayList<double[]>();
    for (int i : order) {
      shuffled.add(order.stream().mapToDouble(j -> matrix.get(i)[j]).toArray());
    }
    AnswerGraph graph = AnswerGraph.of(Similarities.of(matrix));
    AnswerGraph other = AnswerGraph.of(Similarities.of(shuffled));
    assertThat(KernelEntropy.of(other, 0.3)).isCloseTo(KernelEntropy.of(graph, 0.3), within(1e-12));
    Spectrum found = Spectrum.of(graph, 0.9);
    Spectrum again = Spectrum.of(other, 0.9);
    assertThat(again.eigValLaplacian()).isCloseTo(found.eigValLaplacian(), within(1e-12));
    assertThat(again.eccentricity()).isCloseTo(found.eccentricity(), within(1e-9));
    for (int i = 0; i < n; i++) {
      assertThat(again.degreeConfidences()[i])
          .isCloseTo(found.degreeConfidences()[order.get(i)], within(1e-12));
    }
    int components =
        SemanticClasses.of(Similarities.of(matrix), 0.7, SemanticClasses.Assign.COMPONENTS).count();
    assertThat(
            SemanticClasses.of(Similarities.of(shuffled), 0.7, SemanticClasses.Assign.COMPONENTS)
                .count())
        .isEqualTo(components);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void heatThatSpreadsLongerLeavesLessEntropy(long seed) {
    var random = new Random(seed);
    int n = 2 + random.nextInt(8);
    AnswerGraph graph = AnswerGraph.of(Similarities.of(similarities(n, random)));
    double before = KernelEntropy.of(graph, 0);
    assertThat(before).isCloseTo(Math.log(n), within(1e-12));
    for (double t : new double[] {0.1, 0.5, 2, 20, 500, 1e6}) {
      double after = KernelEntropy.of(graph, t);
      assertThat(after).isLessThanOrEqualTo(before + 1e-12);
      before = after;
    }
    assertThat(before).isCloseTo(0, within(1e-9));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void classesOfEqualAnswersCountLikeTheirShares(long seed) {
    var random = new Random(seed);
    int[] classes = IntStream.range(0, 12).map(i -> random.nextInt(4)).toArray();
    SemanticClasses found = SemanticClasses.of(classes);
    List<Sequence> alike =
        Collections.nCopies(12, Sequence.ofSum(-50 * random.nextDouble(), OptionalInt.of(7)));
    assertThat(SemanticEntropy.of(found, alike, false, null).raoBlackwell())
        .isCloseTo(SemanticEntropy.discrete(found), within(1e-12));
  }

  @Test
  void anAnswerThatFitsSeveralClassesJoinsTheFirstOrTheLastOrTiesThem() {
    Similarities chain =
        Similarities.of(
            List.of(
                new double[] {1, 0, 0.9}, new double[] {0, 1, 0.9}, new double[] {0.9, 0.9, 1}));
    assertThat(SemanticClasses.of(chain, 0.8, SemanticClasses.Assign.GREEDY).toArray())
        .containsExactly(0, 1, 0);
    assertThat(SemanticClasses.of(chain, 0.8, SemanticClasses.Assign.LAST).toArray())
        .containsExactly(0, 1, 1);
    assertThat(SemanticClasses.of(chain, 0.8, SemanticClasses.Assign.COMPONENTS).toArray())
        .containsExactly(0, 0, 0);
  }

  @Test
  void wordsOfAnyScriptAreWordsWhereThatIsAsked() {
    List<String> texts = List.of("Москва большая", "москва");
    assertThat(RougeL.mean(texts, RougeL.Words.ASCII)).isZero();
    assertThat(RougeL.mean(texts, RougeL.Words.UNICODE)).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void tokensThatLoseNothingCountAlike() {
    double[] tokens = {-1, -3};
    assertThat(Sequence.of(tokens).tokenSar(new double[] {1, 1})).isEqualTo(2);
  }

  private static List<double[]> similarities(int n, Random random) {
    var matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      matrix[i][i] = 1;
      for (int j = i + 1; j < n; j++) {
        matrix[i][j] = 0.05 + 0.95 * random.nextDouble();
        matrix[j][i] = matrix[i][j];
      }
    }
    return List.of(matrix);
  }
}
