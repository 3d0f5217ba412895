package io.tokentropy.answers;

import static io.tokentropy.golden.GoldenFile.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of sampled answers, on the functions. */
class AnswersGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("uq.json");

  @TestFactory
  Stream<DynamicTest> sequence() {
    return FILE.testsOf(
        "sequence",
        c -> {
          double[] lnProbs = numbers(c.at("/input/logprobs"));
          if (GoldenFile.isRefusal(c)) {
            assertThatThrownBy(() -> Sequence.of(lnProbs)).isInstanceOf(InvalidInput.class);
            return;
          }
          Sequence found = Sequence.of(lnProbs);
          assertThat(found.length()).hasValue(c.at("/expected/length").asInt());
          same(c, "sumLogprob", found.lnProb());
          same(c, "mspUncertainty", -found.lnProb());
          same(c, "probability", found.probability());
          double mean = found.meanLnProb().orElseThrow();
          same(c, "logPerplexity", -mean);
          same(c, "perplexity", Math.exp(-mean));
          same(c, "normalizedProbability", Math.exp(mean));
          same(c, "minTokenProbability", found.minTokenProbability().orElseThrow());
          same(c, "meanTokenProbability", found.meanTokenProbability().orElseThrow());
        });
  }

  @TestFactory
  Stream<DynamicTest> sampledEntropy() {
    return FILE.testsOf(
        "mc_entropy",
        c -> {
          SampledEntropy found =
              SampledEntropy.of(rows(c.at("/input/samples")).stream().map(Sequence::of).toList());
          same(c, "entropy", found.entropy());
          same(c, "lengthNormalized", found.lengthNormalized().orElseThrow());
          same(c, "standardError", found.standardError().orElseThrow());
        });
  }

  @TestFactory
  Stream<DynamicTest> classesByInference() {
    return FILE.testsOf(
        "semantic_classes",
        c -> {
          SemanticClasses found =
              SemanticClasses.of(
                  judged(c),
                  wire(SemanticClasses.Rule.values(), c.at("/params/rule")),
                  wire(SemanticClasses.Assign.values(), c.at("/params/assign")));
          assertThat(found.toArray()).containsExactly(ids(c.at("/expected/classes")));
        });
  }

  @TestFactory
  Stream<DynamicTest> classesByLikeness() {
    return FILE.testsOf(
        "similarity_classes",
        c -> {
          SemanticClasses found =
              SemanticClasses.of(
                  similarities(c),
                  c.at("/params/threshold").asDouble(),
                  SemanticClasses.Assign.GREEDY);
          assertThat(found.toArray()).containsExactly(ids(c.at("/expected/classes")));
        });
  }

  @TestFactory
  Stream<DynamicTest> semanticEntropy() {
    return FILE.testsOf(
        "semantic_entropy",
        c -> {
          SemanticClasses classes = SemanticClasses.of(ids(c.at("/input/classes")));
          double lnN = Math.log(classes.size());
          assertThat(classes.count()).isEqualTo(c.at("/expected/classes").asInt());
          double discrete = SemanticEntropy.discrete(classes);
          same(c, "discrete", discrete);
          same(c, "discreteNormalized", discrete / lnN);
          double[] shares = numbers(c.at("/expected/classProbabilities"));
          assertThat(classes.shares()).containsExactly(shares, within(1e-15));
          if (!c.at("/input").has("logprobs")) {
            return;
          }
          double[] sums = numbers(c.at("/input/logprobs"));
          JsonNode lengths = c.at("/input/lengths");
          List<Sequence> answers =
              IntStream.range(0, sums.length)
                  .mapToObj(
                      i ->
                          Sequence.ofSum(
                              sums[i],
                              lengths.isMissingNode()
                                  ? OptionalInt.empty()
                                  : OptionalInt.of(lengths.get(i).asInt())))
                  .toList();
          SemanticEntropy found =
              SemanticEntropy.of(
                  classes, answers, !lengths.isMissingNode(), texts(c.at("/input/texts")));
          same(c, "raoBlackwell", found.raoBlackwell());
          same(c, "raoBlackwellNormalized", found.raoBlackwell() / lnN);
          same(c, "monteCarlo", found.monteCarlo());
          same(c, "classMean", found.classMean());
        });
  }

  @TestFactory
  Stream<DynamicTest> spectral() {
    return FILE.testsOf(
        "spectral",
        c -> {
          List<String> texts = texts(c.at("/input/texts"));
          Similarities similarities = texts == null ? similarities(c) : Similarities.ofWords(texts);
          Spectrum found = Spectrum.of(AnswerGraph.of(similarities).withUnitDiagonal(), 0.9);
          same(c, "eigValLaplacian", found.eigValLaplacian());
          same(c, "degMat", found.degMat());
          same(c, "eccentricity", found.eccentricity());
          double tolerance = c.get("tolerance").asDouble();
          assertThat(found.degreeConfidences())
              .containsExactly(numbers(c.at("/expected/degreeConfidence")), within(tolerance));
          assertThat(found.eccentricityConfidences())
              .containsExactly(
                  numbers(c.at("/expected/eccentricityConfidence")), within(tolerance));
        });
  }

  @TestFactory
  Stream<DynamicTest> kernelEntropy() {
    return FILE.testsOf(
        "kle",
        c -> {
          AnswerGraph graph =
              c.at("/input").has("entail")
                  ? AnswerGraph.byBothDirections(judged(c))
                  : AnswerGraph.of(similarities(c));
          double found = KernelEntropy.of(graph, c.at("/params/t").asDouble());
          same(c, "kle", found);
          same(c, "kleNormalized", found / Math.log(graph.size()));
        });
  }

  @TestFactory
  Stream<DynamicTest> lexical() {
    return FILE.testsOf(
        "lexical",
        c -> {
          List<String> texts = texts(c.at("/input/texts"));
          if (GoldenFile.isRefusal(c)) {
            assertThatThrownBy(() -> RougeL.mean(texts, RougeL.Words.ASCII))
                .isInstanceOf(InvalidInput.class);
            return;
          }
          double mean = RougeL.mean(texts, RougeL.Words.ASCII);
          same(c, "meanRougeL", mean);
          same(c, "uncertainty", 1 - mean);
        });
  }

  @TestFactory
  Stream<DynamicTest> tokenSar() {
    return FILE.testsOf(
        "token_sar",
        c ->
            same(
                c,
                "tokenSar",
                Sequence.of(numbers(c.at("/input/logprobs")))
                    .tokenSar(numbers(c.at("/input/similarityWithoutToken")))));
  }

  @TestFactory
  Stream<DynamicTest> sentenceSar() {
    return FILE.testsOf(
        "sentence_sar",
        c ->
            same(
                c,
                "sentenceSar",
                SentenceSar.of(
                    numbers(c.at("/input/energies")),
                    similarities(c),
                    c.at("/params/t").asDouble())));
  }

  private static void same(JsonNode c, String field, double found) {
    double expected = c.at("/expected/" + field).asDouble();
    double tolerance = c.get("tolerance").asDouble() * Math.max(1, Math.abs(expected));
    assertThat(found).as(field).isCloseTo(expected, within(tolerance));
  }

  private static List<double[]> rows(JsonNode matrix) {
    var rows = new ArrayList<double[]>();
    matrix.forEach(row -> rows.add(numbers(row)));
    return rows;
  }

  private static Similarities similarities(JsonNode c) {
    return Similarities.of(rows(c.at("/input/similarity")));
  }

  private static Entailments judged(JsonNode c) {
    return Entailments.of(rows(c.at("/input/entail")), rows(c.at("/input/contra")));
  }

  private static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static @Nullable List<String> texts(JsonNode list) {
    return list.isMissingNode()
        ? null
        : StreamSupport.stream(list.spliterator(), false).map(JsonNode::asString).toList();
  }

  private static <E extends Enum<E>> E wire(E[] values, JsonNode word) {
    return Stream.of(values)
        .filter(value -> value.name().equalsIgnoreCase(word.asString()))
        .findFirst()
        .orElseThrow();
  }
}
