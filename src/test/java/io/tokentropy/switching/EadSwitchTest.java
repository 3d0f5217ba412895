package io.tokentropy.switching;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.golden.GoldenFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EadSwitchTest {
  private static EadConfig config(
      int window, double threshold, double hysteresis, int minLarge, double budget, boolean redo) {
    return new EadConfig(
        window,
        threshold,
        hysteresis,
        EadConfig.Smoothing.MEAN,
        OptionalDouble.empty(),
        false,
        false,
        Model.SMALL,
        0,
        minLarge,
        0,
        0,
        budget,
        0,
        redo,
        false,
        EadConfig.Point.LOWER,
        OptionalDouble.empty());
  }

  private static EadConfig random(SplittableRandom random) {
    double threshold = random.nextDouble(0.2, 2);
    return new EadConfig(
        random.nextInt(1, 9),
        threshold,
        random.nextDouble() * threshold,
        random.nextBoolean() ? EadConfig.Smoothing.MEAN : EadConfig.Smoothing.EWMA,
        random.nextBoolean()
            ? OptionalDouble.empty()
            : OptionalDouble.of(random.nextDouble(0.1, 1)),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean() ? Model.SMALL : Model.LARGE,
        random.nextInt(4),
        random.nextInt(4),
        random.nextInt(4),
        random.nextInt(6),
        random.nextBoolean() ? 1 : random.nextDouble(),
        random.nextInt(8),
        random.nextBoolean(),
        false,
        EadConfig.Point.values()[random.nextInt(3)],
        OptionalDouble.empty());
  }

  private static Observation observation(SplittableRandom random) {
    double low = random.nextDouble() * 3;
    Interval entropy =
        switch (random.nextInt(10)) {
          case 0 -> null;
          case 1, 2 -> new Interval(low, low + random.nextDouble());
          default -> Interval.exactly(low);
        };
    Model force = random.nextInt(20) == 0 ? Model.values()[random.nextInt(2)] : null;
    return new Observation(entropy, force);
  }

  /**
   * Eight seeds of 400 configurations: whatever happens, the books balance and no limit is broken.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theBooksBalanceAndTheLimitsHold(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 400; i++) {
      EadConfig config = random(random);
      EadState state = EadState.initial(config);
      boolean forced = false;
      int run = 0;
      for (int step = 0; step < 60; step++) {
        Observation seen = observation(random);
        forced |= seen.force() != null;
        run = state.model() == Model.LARGE ? run + 1 : 0;
        if (config.maxLargeStint() > 0 && !forced) {
          assertThat(run).isLessThanOrEqualTo(config.maxLargeStint());
        }
        EadSwitch.Decision decision = EadSwitch.decide(config, state, seen);
        state = decision.state();
        state.requirePossible(config);
        assertThat(decision.step()).isEqualTo(step);
        assertThat(state.step()).isEqualTo(step + 1);
        assertThat(decision.next()).isEqualTo(state.model());
        if (!forced) {
          int total = state.small() + state.large();
          assertThat((double) state.large())
              .isLessThanOrEqualTo(config.maxLargeFraction() * total + 1e-6);
        }
        if (seen.entropy() == null || seen.entropy().isExact()) {
          assertThat(decision.certified() || decision.smoothed() != null).isTrue();
        }
      }
    }
  }

  private static final int VOCAB = 4096;

  /** A handful of strong tokens over a Gaussian bulk that holds some percent of the mass. */
  private static double[] middling(SplittableRandom random, double strength) {
    var logits = new double[VOCAB];
    for (int i = 0; i < VOCAB; i++) {
      logits[i] = 1.5 * random.nextGaussian();
    }
    int strong = 1 + random.nextInt(6);
    for (int i = 0; i < strong; i++) {
      logits[random.nextInt(VOCAB)] = 9.4 + strength * random.nextDouble();
    }
    return logits;
  }

  private static PartialDistribution best(Distribution row, int k) {
    double[] sorted = row.lnProbs();
    Arrays.sort(sorted);
    var list = new ArrayList<PartialDistribution.Entry>();
    for (int i = 0; i < k; i++) {
      list.add(new PartialDistribution.Entry(sorted[VOCAB - 1 - i]));
    }
    return PartialDistribution.of(list, OptionalDouble.empty(), false, OptionalInt.of(VOCAB));
  }

  /** Ten seeds of 20 sequences of 60 tokens: 12,000 rows, each whole and cut to its best 20. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aCertifiedPathIsThatOfTheWholeRows(long seed) {
    var random = new SplittableRandom(seed);
    int certified = 0;
    int steps = 0;
    for (int sequence = 0; sequence < 20; sequence++) {
      EadConfig config = config(5, Math.log(2), 0.1, sequence % 3, 1, sequence % 2 == 1);
      EadState whole = EadState.initial(config);
      EadState part = whole;
      double strength = 2 + 4 * random.nextDouble();
      for (int step = 0; step < 60; step++) {
        Distribution row = Distribution.ofLogits(middling(random, strength), 1);
        Interval bounds = best(row, 20).entropy();
        double truth = row.entropy().low();
        assertThat(bounds.low()).isLessThanOrEqualTo(truth + 1e-9);
        assertThat(bounds.high()).isGreaterThanOrEqualTo(truth - 1e-9);
        EadSwitch.Decision exact =
            EadSwitch.decide(config, whole, new Observation(row.entropy(), null));
        EadSwitch.Decision bounded = EadSwitch.decide(config, part, new Observation(bounds, null));
        steps++;
        certified += bounded.certified() ? 1 : 0;
        if (bounded.state().pathCertified()) {
          assertThat(bounded.next()).isEqualTo(exact.next());
          assertThat(bounded.redo()).isEqualTo(exact.redo());
        }
        whole = exact.state();
        part = bounded.state();
      }
    }
    assertThat((double) certified / steps).isGreaterThanOrEqualTo(0.95);
  }

  /** A budget of a third: the third token of nine is still allowed, the fourth is not. */
  @Test
  void theBudgetHoldsExactly() {
    EadConfig config = config(1, 1, 0, 0, 1.0 / 3, false);
    EadState state = EadState.initial(config);
    for (int i = 0; i < 9; i++) {
      state = EadSwitch.decide(config, state, new Observation(Interval.exactly(3), null)).state();
    }
    assertThat(state.large()).isEqualTo(3);
    assertThat(state.small()).isEqualTo(6);
  }

  @TestFactory
  Stream<DynamicTest> calibration() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "calibrate",
            c -> {
              var traces = new ArrayList<double[]>();
              for (JsonNode trace : c.at("/input/traces")) {
                traces.add(GoldenFile.numbers(trace));
              }
              Calibration found =
                  Calibration.of(
                      traces,
                      c.at("/params/target_fraction").asDouble(),
                      c.at("/params/window").asInt(),
                      c.at("/params/fill").asString().equals("partial"));
              assertThat(found.samples()).isEqualTo(c.at("/expected/samples").asInt());
              assertThat(found.fractionAbove())
                  .isLessThanOrEqualTo(c.at("/params/target_fraction").asDouble());
              assertThat(found.threshold())
                  .isCloseTo(
                      c.at("/expected/threshold").asDouble(),
                      org.assertj.core.api.Assertions.within(1e-9));
            });
  }

  /** The reference vectors whose observations are plain entropies, on the function. */
  @TestFactory
  Stream<DynamicTest> referenceVectorsOfPlainEntropies() {
    return GoldenFile.read("ead.json").testsOf("ead", EadSwitchTest::plain);
  }

  private static void plain(JsonNode c) {
    JsonNode p = c.get("params");
    boolean plain =
        !c.get("expected").has("error")
            && !p.get("normalize").asBoolean()
            && c.at("/input/observations").valueStream().allMatch(o -> o.isNumber() || o.isNull());
    if (!plain) {
      return;
    }
    EadConfig config =
        new EadConfig(
            p.get("window").asInt(),
            p.get("threshold").asDouble(),
            p.get("hysteresis").asDouble(),
            EadConfig.Smoothing.valueOf(
                p.get("smoothing").asString().toUpperCase(java.util.Locale.ROOT)),
            p.has("ewma_alpha") && !p.get("ewma_alpha").isNull()
                ? OptionalDouble.of(p.get("ewma_alpha").asDouble())
                : OptionalDouble.empty(),
            p.get("fill").asString().equals("partial"),
            p.get("reset_on_switch").asBoolean(),
            Model.valueOf(p.get("initial").asString().toUpperCase(java.util.Locale.ROOT)),
            p.get("min_small").asInt(),
            p.get("min_large").asInt(),
            p.get("cooldown").asInt(),
            p.get("max_large_stint").asInt(),
            p.get("max_large_fraction").asDouble(),
            p.get("max_switches").asInt(),
            p.get("on_escalate").asString().equals("redo"),
            false,
            EadConfig.Point.valueOf(p.get("point").asString().toUpperCase(java.util.Locale.ROOT)),
            OptionalDouble.empty());
    EadState state = EadState.initial(config);
    int i = 0;
    List<String> reasons = new ArrayList<>();
    for (JsonNode o : c.at("/input/observations")) {
      EadSwitch.Decision decision =
          EadSwitch.decide(
              config,
              state,
              new Observation(o.isNull() ? null : Interval.exactly(o.asDouble()), null));
      state = decision.state();
      reasons.add(decision.reason().wire());
      assertThat(decision.next().wire().charAt(0))
          .isEqualTo(c.at("/expected/next").asString().charAt(i++));
    }
    assertThat(reasons)
        .isEqualTo(c.at("/expected/reasons").valueStream().map(JsonNode::asString).toList());
  }
}
