package io.tokentropy.inventropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.evaluation.TemperatureSensitivity;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of Inv-Entropy on the functions. */
class InvEntropyGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("inv_entropy.json");

  private static List<double[]> matrix(JsonNode rows) {
    var matrix = new ArrayList<double[]>();
    rows.forEach(row -> matrix.add(GoldenFile.numbers(row)));
    return matrix;
  }

  private static Similarities.Mapping mapping(JsonNode c) {
    return Similarities.Mapping.valueOf(
        c.at("/params/mapping").asString("shifted").toUpperCase(Locale.ROOT));
  }

  private static Transitions.ZeroRow zeroRow(JsonNode c) {
    return Transitions.ZeroRow.valueOf(
        c.at("/params/zeroRow").asString("error").toUpperCase(Locale.ROOT));
  }

  private static InvEntropy.MarginalX marginal(JsonNode c) {
    return InvEntropy.MarginalX.valueOf(
        c.at("/params/marginalX").asString("bayes").toUpperCase(Locale.ROOT));
  }

  private static Similarities similarities(JsonNode c, String side) {
    JsonNode input = c.get("input");
    Similarities given =
        input.has("sim" + side)
            ? Similarities.of(matrix(input.get("sim" + side)))
            : Similarities.ofEmbeddings(matrix(input.get("embeddings" + side)), mapping(c));
    return c.at("/params/symmetrize").asBoolean(false) ? given.symmetrized() : given;
  }

  @TestFactory
  Stream<DynamicTest> framework() {
    return FILE.testsOf("inv_entropy", InvEntropyGoldenTest::framework);
  }

  private static void framework(JsonNode c) {
    if (GoldenFile.isRefusal(c)) {
      assertThatThrownBy(() -> scores(c)).isInstanceOf(InvalidInput.ParameterOutOfRange.class);
      return;
    }
    InvEntropy scores = scores(c);
    double perNat = c.at("/params/base").asDouble(0) == 2 ? 1 / Math.log(2) : 1;
    check(c, scores, perNat);
    Transitions x = Transitions.of(similarities(c, "X"), zeroRow(c));
    Transitions y = Transitions.of(similarities(c, "Y"), zeroRow(c));
    Conditionals whole = Conditionals.of(x, y, scores);
    number(c, "trueConditionalEntropy", whole.trueConditionalEntropy());
    rows(c, "transitionX", x.toRows());
    rows(c, "transitionY", y.toRows());
    rows(c, "xGivenY", whole.xGivenY());
    rows(c, "yGivenX", whole.yGivenX());
  }

  private static InvEntropy scores(JsonNode c) {
    return InvEntropy.of(
        Transitions.of(similarities(c, "X"), zeroRow(c)),
        Transitions.of(similarities(c, "Y"), zeroRow(c)),
        marginal(c));
  }

  private static void check(JsonNode c, InvEntropy scores, double perNat) {
    number(c, "invEntropy", scores.invEntropy() * perNat);
    number(c, "niEntropy", scores.niEntropy() * perNat);
    number(c, "maxPyx", scores.maxPyGivenX());
    number(c, "maxPy", scores.maxPy());
    number(c, "wdSortedMasses", scores.wdSortedMasses());
    number(c, "totalVariation", scores.totalVariation());
    number(c, "jensenShannon", scores.jensenShannon());
    number(c, "upperBound", scores.size() / Math.E);
    number(c, "uniformValue", Math.log(scores.size()));
    rows(c, "diagXgivenY", List.of(scores.diagXGivenY()));
    rows(c, "diagYgivenX", List.of(scores.diagYGivenX()));
    rows(c, "marginalX", List.of(scores.marginalX()));
    rows(c, "marginalY", List.of(scores.marginalY()));
    if (c.at("/expected").has("monotone")) {
      assertThat(scores.monotone()).isEqualTo(c.at("/expected/monotone").asBoolean());
    }
  }

  private static void number(JsonNode c, String name, double found) {
    JsonNode expected = c.get("expected").get(name);
    if (expected != null) {
      double e = expected.asDouble();
      assertThat(found)
          .as(name)
          .isCloseTo(e, within(c.get("tolerance").asDouble() * Math.max(1, Math.abs(e))));
    }
  }

  private static void rows(JsonNode c, String name, List<double[]> found) {
    JsonNode expected = c.get("expected").get(name);
    if (expected == null) {
      return;
    }
    List<double[]> rows =
        expected.get(0).isArray() ? matrix(expected) : List.of(GoldenFile.numbers(expected));
    assertThat(found).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(found.get(i))
          .as(name + " " + i)
          .containsExactly(rows.get(i), within(c.get("tolerance").asDouble()));
    }
  }

  @TestFactory
  Stream<DynamicTest> similarity() {
    return FILE.testsOf("similarity", InvEntropyGoldenTest::similarity);
  }

  private static void similarity(JsonNode c) {
    Similarities found = Similarities.ofEmbeddings(matrix(c.at("/input/embeddings")), mapping(c));
    if (GoldenFile.isRefusal(c)) {
      assertThatThrownBy(() -> Transitions.of(found, Transitions.ZeroRow.ERROR))
          .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
      return;
    }
    List<double[]> expected = matrix(c.at("/expected/matrix"));
    int n = expected.size();
    for (int i = 0; i < n; i++) {
      assertThat(found.row(i)).containsExactly(expected.get(i), within(1e-10));
    }
  }

  private static Groups groups(JsonNode c, int total) {
    var lists = new ArrayList<int[]>();
    c.at("/input/groups")
        .forEach(group -> lists.add(group.valueStream().mapToInt(JsonNode::asInt).toArray()));
    return Groups.of(lists, total);
  }

  @TestFactory
  Stream<DynamicTest> replicated() {
    return FILE.testsOf("replicated", InvEntropyGoldenTest::replicated);
  }

  private static void replicated(JsonNode c) {
    Transitions x = Transitions.of(similarities(c, "X"), zeroRow(c));
    Similarities answers = Similarities.of(matrix(c.at("/input/simYAll")));
    Groups groups = groups(c, answers.size());
    JsonNode params = c.get("params");
    Draws draws;
    if (params.has("picks")) {
      var picks = new ArrayList<int[]>();
      params
          .get("picks")
          .forEach(draw -> picks.add(draw.valueStream().mapToInt(JsonNode::asInt).toArray()));
      draws = Draws.picked(groups, picks);
    } else if (params.has("exhaustive")) {
      draws = Draws.exhaustive(groups);
    } else {
      draws = Draws.seeded(groups, params.get("draws").asInt(), params.get("seed").asLong());
    }
    Replicates found = Replicates.of(x, answers, groups, draws, zeroRow(c), marginal(c));
    JsonNode expected = c.get("expected");
    assertThat(draws.size()).isEqualTo(expected.get("draws").asInt());
    number(c, "invEntropy", found.mean(InvEntropy::invEntropy));
    number(c, "invEntropyStd", found.deviation(InvEntropy::invEntropy));
    number(c, "niEntropy", found.mean(InvEntropy::niEntropy));
    number(c, "maxPyx", found.mean(InvEntropy::maxPyGivenX));
    number(c, "wdSortedMasses", found.mean(InvEntropy::wdSortedMasses));
    rows(
        c,
        "perDraw",
        List.of(found.draws().stream().mapToDouble(InvEntropy::invEntropy).toArray()));
    if (expected.has("picks")) {
      for (int d = 0; d < draws.size(); d++) {
        assertThat(draws.picks().get(d))
            .containsExactly(
                expected.get("picks").get(d).valueStream().mapToInt(JsonNode::asInt).toArray());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> pooled() {
    return FILE.testsOf("pooled", InvEntropyGoldenTest::pooled);
  }

  private static void pooled(JsonNode c) {
    Similarities answers = Similarities.of(matrix(c.at("/input/simYAll")));
    Similarities prompts = Replicates.repeated(similarities(c, "X"), groups(c, answers.size()));
    check(
        c,
        InvEntropy.of(
            Transitions.of(prompts, zeroRow(c)), Transitions.of(answers, zeroRow(c)), marginal(c)),
        1);
  }

  @TestFactory
  Stream<DynamicTest> tsu() {
    return FILE.testsOf("tsu", InvEntropyGoldenTest::tsu);
  }

  private static void tsu(JsonNode c) {
    TemperatureSensitivity found =
        TemperatureSensitivity.of(
            matrix(c.at("/input/scores")), c.at("/params/strict").asBoolean());
    number(c, "tsu", found.share());
    for (TemperatureSensitivity.Pair pair : found.pairs()) {
      assertThat(pair.share())
          .isEqualTo(c.at("/expected/pairwise").get(pair.from() + "," + pair.to()).asDouble());
    }
  }
}
