package io.tokentropy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.golden.GoldenFile;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of calibration, ranking and yes/no draws, on the functions. */
class EvaluationGoldenTest {
  private static final GoldenFile UQ = GoldenFile.read("uq.json");
  private static final GoldenFile SEEDS = GoldenFile.read("seeds.json");

  private static boolean[] flags(JsonNode list) {
    var flags = new boolean[list.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = list.get(i).asInt() == 1;
    }
    return flags;
  }

  private static void number(JsonNode c, String name, double found) {
    double expected = c.get("expected").get(name).asDouble();
    assertThat(found).as(name).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
  }

  private static void number(JsonNode c, String name, OptionalDouble found) {
    if (c.get("expected").get(name).isNull()) {
      assertThat(found).as(name).isEmpty();
    } else {
      number(c, name, found.orElseThrow());
    }
  }

  @TestFactory
  Stream<DynamicTest> calibration() {
    return UQ.testsOf(
        "calibration",
        c -> {
          Reliability found =
              Reliability.of(
                  GoldenFile.numbers(c.at("/input/confidence")),
                  flags(c.at("/input/correct")),
                  c.at("/params/bins").asInt());
          number(c, "ece", found.ece());
          number(c, "mce", found.mce());
          number(c, "brier", found.brier());
          number(c, "logLoss", found.logLoss());
          JsonNode bins = c.at("/expected/bins");
          assertThat(found.bins()).hasSize(bins.size());
          for (int i = 0; i < bins.size(); i++) {
            Reliability.Bin bin = found.bins().get(i);
            assertThat(bin.bin()).isEqualTo(bins.get(i).get("bin").asInt());
            assertThat(bin.count()).isEqualTo(bins.get(i).get("count").asInt());
            assertThat(bin.confidence())
                .isCloseTo(bins.get(i).get("confidence").asDouble(), within(1e-10));
            assertThat(bin.accuracy())
                .isCloseTo(bins.get(i).get("accuracy").asDouble(), within(1e-10));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> ranking() {
    return UQ.testsOf(
        "ranking",
        c -> {
          RankingQuality found =
              RankingQuality.of(
                  GoldenFile.numbers(c.at("/input/uncertainty")), flags(c.at("/input/correct")));
          number(c, "auroc", found.auroc());
          number(c, "averagePrecision", found.averagePrecision());
          number(c, "auarc", found.auarc());
          number(c, "prr", found.prr());
        });
  }

  @TestFactory
  Stream<DynamicTest> binary() {
    return SEEDS.testsOf(
        "shelf.binary-bias",
        c -> {
          BinarySeries found =
              BinarySeries.of(flags(c.at("/input/series")), c.at("/params/max_streak").asInt());
          number(c, "n", found.n());
          number(c, "yes_rate", found.yesRate());
          number(c, "uniform_chi2", found.uniformChi2());
          number(c, "uniform_p_value", found.uniformPValue());
          number(c, "yes_after_no", found.transitions().yesAfterNo());
          number(c, "yes_after_yes", found.transitions().yesAfterYes());
          number(c, "runs", found.runs());
          number(c, "runs_z", found.runsZ());
          number(c, "entropy", found.entropy());
          number(c, "conditional_entropy", found.transitions().conditionalEntropy());
          JsonNode shares = c.at("/expected/reversal_after_streak");
          assertThat(found.reversalShares())
              .containsExactly(
                  shares
                      .valueStream()
                      .mapToDouble(share -> share.isNull() ? Double.NaN : share.asDouble())
                      .toArray());
        });
  }
}
