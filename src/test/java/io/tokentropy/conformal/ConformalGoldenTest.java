package io.tokentropy.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.conformal.LabelSets.Rule;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.golden.GoldenFile;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of conformal sets, on the functions. */
class ConformalGoldenTest {
  private static final GoldenFile UQ = GoldenFile.read("uq.json");
  private static final GoldenFile SEEDS = GoldenFile.read("seeds.json");

  private static Nonconformity score(JsonNode params) {
    String name = params.path("score").asString(params.path("method").asString("lac"));
    int kReg = params.path("k_reg").asInt(params.path("kreg").asInt(5));
    return switch (name) {
      case "lac" -> new Nonconformity.Lac();
      case "aps" -> new Nonconformity.Aps();
      default -> new Nonconformity.Raps(params.path("lambda").asDouble(0.01), kReg);
    };
  }

  private static double[] probs(JsonNode row) {
    return row.has("logits")
        ? Distribution.ofLogits(GoldenFile.numbers(row.get("logits")), 1).probs()
        : weights(row.get("probs"));
  }

  /** Golden probabilities are weights. */
  private static double[] weights(JsonNode row) {
    double[] numbers = GoldenFile.numbers(row);
    double sum = Arrays.stream(numbers).sum();
    return Arrays.stream(numbers).map(number -> number / sum).toArray();
  }

  private static void check(JsonNode c, double[] scores) {
    JsonNode expected = c.get("expected");
    double tolerance = c.get("tolerance").asDouble();
    ConformalProfile found = ConformalProfile.of(scores, c.at("/params/alpha").asDouble());
    assertThat(found.rank()).isEqualTo(expected.get("rank").asInt());
    if (expected.get("qhat").isNull()) {
      assertThat(found.qhat()).isEmpty();
    } else {
      assertThat(found.qhat().orElseThrow())
          .isCloseTo(expected.get("qhat").asDouble(), within(tolerance));
    }
    if (expected.has("scores")) {
      assertThat(found.scores())
          .containsExactly(GoldenFile.numbers(expected.get("scores")), within(tolerance));
    }
    if (expected.has("coverage_lower")) {
      assertThat(found.size()).isEqualTo(expected.get("n").asInt());
      assertThat(found.coverageLower())
          .isCloseTo(expected.get("coverage_lower").asDouble(), within(tolerance));
      assertThat(found.coverageUpper())
          .isCloseTo(expected.get("coverage_upper").asDouble(), within(tolerance));
    }
  }

  @TestFactory
  Stream<DynamicTest> calibrationInUq() {
    return UQ.testsOf(
        "conformal_calibrate",
        c -> {
          JsonNode rows = c.at("/input/probs");
          var scores = new double[rows.size()];
          for (int i = 0; i < scores.length; i++) {
            int label = c.at("/input/labels").get(i).asInt();
            scores[i] =
                ConformalProfile.score(weights(rows.get(i)), label, score(c.get("params")), 0);
          }
          check(c, scores);
        });
  }

  @TestFactory
  Stream<DynamicTest> calibrationInSeeds() {
    return SEEDS.testsOf(
        "conformal.calibrate",
        c -> {
          JsonNode rows = c.at("/input/rows");
          var scores = new double[rows.size()];
          for (int i = 0; i < scores.length; i++) {
            JsonNode row = rows.get(i);
            double u = c.at("/input/u").path(i).asDouble(0);
            scores[i] =
                ConformalProfile.score(
                    probs(row), row.get("label").asInt(), score(c.get("params")), u);
          }
          check(c, scores);
        });
  }

  private static LabelSets sets(JsonNode params, JsonNode qhat, String allowEmpty) {
    return new LabelSets(
        score(params),
        qhat.isNull() ? OptionalDouble.empty() : OptionalDouble.of(qhat.asDouble()),
        params.path("rule").asString("score").equals("score") ? Rule.SCORE : Rule.INCLUSIVE,
        params.path(allowEmpty).asBoolean(false));
  }

  @TestFactory
  Stream<DynamicTest> setsInUq() {
    return UQ.testsOf(
        "conformal_set",
        c ->
            assertThat(
                    sets(c.get("params"), c.at("/input/qhat"), "allowEmpty")
                        .of(weights(c.at("/input/probs")), 0))
                .containsExactly(ints(c.at("/expected/labels"))));
  }

  @TestFactory
  Stream<DynamicTest> setsInSeeds() {
    return SEEDS.testsOf(
        "conformal.predict",
        c -> {
          LabelSets sets = sets(c.get("params"), c.at("/params/qhat"), "allow_empty");
          JsonNode rows = c.at("/input/rows");
          for (int i = 0; i < rows.size(); i++) {
            double u = c.at("/input/u").path(i).asDouble(0);
            assertThat(sets.of(probs(rows.get(i)), u))
                .containsExactly(ints(c.at("/expected/sets").get(i)));
          }
        });
  }

  private static int[] ints(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::asInt).toArray();
  }
}
