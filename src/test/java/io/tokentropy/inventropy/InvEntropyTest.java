package io.tokentropy.inventropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.SplitMix64;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InvEntropyTest {
  /** 1 on the diagonal and 1 - eps off it. */
  private static Transitions twoLevel(int n, double eps) {
    var rows = new ArrayList<double[]>();
    for (int i = 0; i < n; i++) {
      var row = new double[n];
      Arrays.fill(row, 1 - eps);
      row[i] = 1;
      rows.add(row);
    }
    return Transitions.of(Similarities.of(rows), Transitions.ZeroRow.ERROR);
  }

  private static double closedForm(int size, double ex, double ey) {
    double n = size - 1;
    return (1 + n - n * ex - n * ey + n * ex * ey) / ((n + 1 - n * ex) * (n + 1 - n * ey));
  }

  /** The paper's section 2.5, for N = 2 to 50. */
  @Test
  void twoLevelMatricesHaveTheClosedForm() {
    double[] levels = {0, 0.1, 0.3, 0.5, 0.9, 1};
    for (int n = 2; n <= 50; n++) {
      for (double ex : levels) {
        for (double ey : levels) {
          InvEntropy found =
              InvEntropy.of(twoLevel(n, ex), twoLevel(n, ey), InvEntropy.MarginalX.BAYES);
          double d = closedForm(n, ex, ey);
          assertThat(found.diagXGivenY()[0]).isCloseTo(d, within(1e-12));
          assertThat(found.invEntropy())
              .isCloseTo(d == 0 ? 0 : -n * d * Math.log(d), within(1e-10));
        }
      }
    }
  }

  @Test
  void theReferenceClosedFormIsMet() {
    GoldenFile.read("inv_entropy.json")
        .testsOf(
            "two_level",
            c -> {
              JsonNode in = c.get("input");
              InvEntropy found =
                  InvEntropy.of(
                      twoLevel(in.get("n").asInt() + 1, in.get("epsX").asDouble()),
                      twoLevel(in.get("n").asInt() + 1, in.get("epsY").asDouble()),
                      InvEntropy.MarginalX.BAYES);
              assertThat(found.invEntropy())
                  .isCloseTo(c.at("/expected/invEntropy").asDouble(), within(1e-10));
              assertThat(found.diagXGivenY()[3])
                  .isCloseTo(c.at("/expected/diagonal").asDouble(), within(1e-10));
            })
        .forEach(
            test -> {
              try {
                test.getExecutable().execute();
              } catch (Throwable e) {
                throw new AssertionError(e);
              }
            });
  }

  private static Similarities random(SplittableRandom random, int n) {
    var rows = new ArrayList<double[]>();
    for (int i = 0; i < n; i++) {
      rows.add(random.doubles(n, 0.01, 1).toArray());
    }
    return Similarities.of(rows);
  }

  private static Transitions chain(Similarities similarities) {
    return Transitions.of(similarities, Transitions.ZeroRow.ERROR);
  }

  /**
   * Ten seeds of 30 sizes: marginals and both conditionals are distributions, the score in bounds.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theFrameworkIsOneOfDistributions(long seed) {
    var random = new SplittableRandom(seed);
    for (int n = 2; n < 32; n++) {
      Transitions x = chain(random(random, n));
      Transitions y = chain(random(random, n));
      InvEntropy found = InvEntropy.of(x, y, InvEntropy.MarginalX.BAYES);
      Conditionals whole = Conditionals.of(x, y, found);
      assertThat(Arrays.stream(found.marginalX()).sum()).isCloseTo(1, within(1e-12));
      assertThat(Arrays.stream(found.marginalY()).sum()).isCloseTo(1, within(1e-12));
      for (int i = 0; i < n; i++) {
        assertThat(Arrays.stream(whole.xGivenY().get(i)).sum()).isCloseTo(1, within(1e-12));
        int column = i;
        double sum = whole.yGivenX().stream().mapToDouble(row -> row[column]).sum();
        assertThat(sum).isCloseTo(1, within(1e-12));
        assertThat(found.diagXGivenY()[i]).isCloseTo(whole.xGivenY().get(i)[i], within(1e-14));
        assertThat(found.diagYGivenX()[i]).isCloseTo(whole.yGivenX().get(i)[i], within(1e-14));
      }
      assertThat(found.invEntropy()).isBetween(0.0, n / Math.E + 1e-12);
      assertThat(found.jensenShannon()).isBetween(0.0, Math.log(2));
      assertThat(found.totalVariation()).isBetween(0.0, 1.0);
    }
  }

  /** Renaming the questions, or scaling a row of similarities, changes nothing. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void orderAndScaleDoNotMatter(long seed) {
    var random = new SplittableRandom(seed);
    int n = 12;
    Similarities sx = random(random, n);
    Similarities sy = random(random, n);
    int[] order = {5, 3, 0, 11, 7, 8, 1, 2, 10, 9, 4, 6};
    double plain = InvEntropy.of(chain(sx), chain(sy), InvEntropy.MarginalX.BAYES).invEntropy();
    double renamed =
        InvEntropy.of(chain(sx.at(order)), chain(sy.at(order)), InvEntropy.MarginalX.BAYES)
            .invEntropy();
    assertThat(renamed).isCloseTo(plain, within(1e-12));
    var scaled = new ArrayList<double[]>();
    for (int i = 0; i < n; i++) {
      double factor = Math.pow(10, random.nextInt(-300, 308));
      double[] row = sy.row(i);
      scaled.add(Arrays.stream(row).map(s -> s * factor).toArray());
    }
    double huge =
        InvEntropy.of(chain(sx), chain(Similarities.of(scaled)), InvEntropy.MarginalX.BAYES)
            .invEntropy();
    assertThat(huge).isCloseTo(plain, within(1e-10));
  }

  @Test
  void identicalPromptsGiveTheLogarithmOfNWhateverTheAnswers() {
    var random = new SplittableRandom(4);
    for (int n = 2; n <= 40; n++) {
      Transitions same = twoLevel(n, 0);
      double found =
          InvEntropy.of(same, chain(random(random, n)), InvEntropy.MarginalX.BAYES).invEntropy();
      assertThat(found).isCloseTo(Math.log(n), within(1e-13));
    }
  }

  @Test
  void twoDifferentAnswersScoreLowerThanTwoEqualOnes() {
    InvEntropy different =
        InvEntropy.of(twoLevel(2, 0.5), twoLevel(2, 1), InvEntropy.MarginalX.BAYES);
    InvEntropy equal = InvEntropy.of(twoLevel(2, 0.5), twoLevel(2, 0), InvEntropy.MarginalX.BAYES);
    assertThat(different.invEntropy()).isCloseTo(0.5406201441442192, within(1e-12));
    assertThat(equal.invEntropy()).isCloseTo(Math.log(2), within(1e-12));
    assertThat(different.monotone()).isFalse();
  }

  @Test
  void aVectorOfHugeNumbersHasACosine() {
    Similarities found =
        Similarities.ofEmbeddings(
            List.of(new double[] {1e308, 1e308}, new double[] {1e-308, 0}),
            Similarities.Mapping.SHIFTED);
    assertThat(found.row(0)[1]).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
  }

  @Test
  void equalVectorsAreDuplicatesWhateverTheyAre() {
    double[] vector = {0.1, 0.7, -0.3};
    assertThat(
            Similarities.ofEmbeddings(
                    List.of(vector, new double[] {1, 2, 3}, vector.clone()),
                    Similarities.Mapping.SHIFTED)
                .hasDuplicates())
        .isTrue();
    assertThat(
            Similarities.ofEmbeddings(
                    List.of(vector, new double[] {1, 2, 3}), Similarities.Mapping.SHIFTED)
                .hasDuplicates())
        .isFalse();
  }

  /** The first numbers of the generator for seed 42, by hand from its published constants. */
  @Test
  void theGeneratorIsTheOneOfTheJdkForTheSameSeed() {
    for (long seed : new long[] {0, 1, 42, -7, Long.MAX_VALUE}) {
      var ours = new SplitMix64(seed);
      var theirs = new SplittableRandom(seed);
      for (int i = 0; i < 100; i++) {
        assertThat(ours.next()).isEqualTo((theirs.nextLong() >>> 11) * 0x1.0p-53);
      }
    }
  }

  @Test
  void exhaustiveDrawsAreAllOfThemOnce() {
    Groups groups = Groups.of(List.of(new int[] {0, 3}, new int[] {1}, new int[] {2, 4, 5}), 6);
    assertThat(groups.combinations()).isEqualTo(6);
    assertThat(Draws.exhaustive(groups).picks())
        .containsExactly(
            new int[] {0, 0, 0},
            new int[] {0, 0, 1},
            new int[] {0, 0, 2},
            new int[] {1, 0, 0},
            new int[] {1, 0, 1},
            new int[] {1, 0, 2});
  }

  @Test
  void groupsThatOverlapOrLeaveAnAnswerOutAreRefused() {
    assertThatThrownBy(() -> Groups.of(List.of(new int[] {0, 1}, new int[] {1}), 2))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
    assertThatThrownBy(() -> Groups.of(List.of(new int[] {0}, new int[] {2}), 3))
        .isInstanceOf(InvalidInput.ShapeMismatch.class);
    assertThatThrownBy(() -> Groups.of(List.of(new int[] {0}, new int[] {}), 1))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
    assertThatThrownBy(() -> Groups.of(List.of(new int[] {0}, new int[] {7}), 2))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }
}
