package io.tokentropy.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Summary;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig.Budget;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.EadConfig.Signal;
import io.tokentropy.switching.EadConfig.Smoothing;
import io.tokentropy.switching.EadConfig.Threshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
        new Threshold(threshold, hysteresis),
        new Smoothing(window, Smoothing.Average.MEAN, OptionalDouble.empty(), Fill.FULL, false),
        new Signal(false, Signal.Point.LOWER),
        Model.SMALL,
        new Dwell(0, minLarge, 0, 0),
        new Budget(budget, 0),
        redo ? OnEscalate.REDO : OnEscalate.NEXT,
        OptionalDouble.empty());
  }

  private static EadConfig random(SplittableRandom random) {
    double threshold = random.nextDouble(0.2, 2);
    return new EadConfig(
        new Threshold(threshold, random.nextDouble() * threshold),
        new Smoothing(
            random.nextInt(1, 9),
            any(Smoothing.Average.values(), random),
            random.nextBoolean()
                ? OptionalDouble.empty()
                : OptionalDouble.of(random.nextDouble(0.1, 1)),
            any(Fill.values(), random),
            random.nextBoolean()),
        new Signal(false, any(Signal.Point.values(), random)),
        any(Model.values(), random),
        new Dwell(random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(6)),
        new Budget(random.nextBoolean() ? 1 : random.nextDouble(), random.nextInt(8)),
        any(OnEscalate.values(), random),
        OptionalDouble.empty());
  }

  private static <T> T any(T[] values, SplittableRandom random) {
    return values[random.nextInt(values.length)];
  }

  private static Observation observation(SplittableRandom random) {
    double low = random.nextDouble() * 3;
    Interval entropy =
        switch (random.nextInt(10)) {
          case 0 -> null;
          case 1, 2 -> new Interval(low, low + random.nextDouble());
          default -> Interval.exactly(low);
        };
    Model force = random.nextInt(20) == 0 ? any(Model.values(), random) : null;
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
        int maxLargeStint = config.dwell().maxLargeStint();
        if (maxLargeStint > 0 && !forced) {
          assertThat(run).isLessThanOrEqualTo(maxLargeStint);
        }
        EadSwitch.Decision decision = EadSwitch.decide(config, state, seen);
        state = decision.state();
        state.requirePossible(config);
        assertThat(decision.step()).isEqualTo(step);
        assertThat(state.position().step()).isEqualTo(step + 1);
        assertThat(decision.next()).isEqualTo(state.model());
        if (!forced) {
          EadState.Tokens tokens = state.tokens();
          assertThat((double) tokens.large())
              .isLessThanOrEqualTo(config.budget().maxLargeFraction() * tokens.kept() + 1e-6);
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
    assertThat(state.tokens().large()).isEqualTo(3);
    assertThat(state.tokens().small()).isEqualTo(6);
  }

  private static EadConfig paper(int window, Fill fill) {
    Profile paper = Profile.EAD_PAPER;
    return new EadConfig(
        paper.threshold(0),
        new EadConfig.Smoothing(
            window, EadConfig.Smoothing.Average.MEAN, OptionalDouble.empty(), fill, false),
        paper.signal(),
        paper.initial(),
        paper.dwell(),
        paper.budget(),
        paper.onEscalate(),
        OptionalDouble.empty());
  }

  private static List<Observation> seen(double... entropies) {
    return Arrays.stream(entropies)
        .mapToObj(entropy -> new Observation(Interval.exactly(entropy), null))
        .toList();
  }

  /** Of 0, 1, 2, 3 with a hole, in windows of two: the means 0.5, 1.5, 2.5. */
  @Test
  void aTokenWithoutSignalLeavesTheWindowsOfACalibrationAlone() {
    var trace = new ArrayList<>(seen(0, 1, 2, 3));
    trace.add(2, new Observation(null, null));
    assertThat(Calibration.of(List.of(trace), 0.4, paper(2, Fill.FULL)))
        .isEqualTo(new Calibration(1.5, 1.0 / 3, 3, true));
  }

  @Test
  void tracesShorterThanTheWindowAreCountedAsTheyAreAndToldApart() {
    assertThat(Calibration.of(List.of(seen(1), seen(2)), 0.5, paper(5, Fill.FULL)))
        .isEqualTo(new Calibration(1, 0.5, 2, false));
  }

  @TestFactory
  Stream<DynamicTest> calibration() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "calibrate",
            c -> {
              var traces = new ArrayList<List<Observation>>();
              for (JsonNode trace : c.at("/input/traces")) {
                traces.add(seen(GoldenFile.numbers(trace)));
              }
              Fill fill = Fill.valueOf(upper(c.at("/params/fill")));
              Calibration found =
                  Calibration.of(
                      traces,
                      c.at("/params/target_fraction").asDouble(),
                      paper(c.at("/params/window").asInt(), fill));
              assertThat(found.samples()).isEqualTo(c.at("/expected/samples").asInt());
              assertThat(found.fractionAbove())
                  .isLessThanOrEqualTo(c.at("/params/target_fraction").asDouble());
              assertThat(found.threshold())
                  .isCloseTo(
                      c.at("/expected/threshold").asDouble(),
                      org.assertj.core.api.Assertions.within(1e-9));
            });
  }

  /** The reference vectors on the function, refusals of impossible entropies among them. */
  @TestFactory
  Stream<DynamicTest> referenceVectors() {
    return GoldenFile.read("ead.json").testsOf("ead", EadSwitchTest::reference);
  }

  private static void reference(JsonNode c) {
    if (GoldenFile.isRefusal(c)) {
      assertThatThrownBy(() -> run(c)).isInstanceOf(InvalidInput.ParameterOutOfRange.class);
      return;
    }
    JsonNode expected = c.get("expected");
    List<EadSwitch.Decision> decisions = run(c);
    var models = new StringBuilder();
    var next = new StringBuilder();
    var certified = new StringBuilder();
    for (EadSwitch.Decision decision : decisions) {
      models.append(decision.model().wire().charAt(0));
      next.append(decision.next().wire().charAt(0));
      certified.append(decision.certified() ? '1' : '0');
    }
    assertThat(models).hasToString(expected.get("model").asString());
    assertThat(next).hasToString(expected.get("next").asString());
    assertThat(certified).hasToString(expected.get("certified").asString());
    assertThat(decisions.stream().map(decision -> decision.reason().wire()).toList())
        .isEqualTo(expected.get("reasons").valueStream().map(JsonNode::asString).toList());
  }

  private static List<EadSwitch.Decision> run(JsonNode c) {
    JsonNode p = c.get("params");
    EadConfig config =
        new EadConfig(
            new Threshold(p.get("threshold").asDouble(), p.get("hysteresis").asDouble()),
            new Smoothing(
                p.get("window").asInt(),
                Smoothing.Average.valueOf(upper(p.get("smoothing"))),
                p.path("ewma_alpha").isNumber()
                    ? OptionalDouble.of(p.get("ewma_alpha").asDouble())
                    : OptionalDouble.empty(),
                Fill.valueOf(upper(p.get("fill"))),
                p.get("reset_on_switch").asBoolean()),
            new Signal(p.get("normalize").asBoolean(), Signal.Point.valueOf(upper(p.get("point")))),
            Model.valueOf(upper(p.get("initial"))),
            new Dwell(
                p.get("min_small").asInt(),
                p.get("min_large").asInt(),
                p.get("cooldown").asInt(),
                p.get("max_large_stint").asInt()),
            new Budget(p.get("max_large_fraction").asDouble(), p.get("max_switches").asInt()),
            OnEscalate.valueOf(upper(p.get("on_escalate"))),
            OptionalDouble.empty());
    EntropyUnit unit = p.get("unit").asString().equals("bits") ? EntropyUnit.BIT : EntropyUnit.NAT;
    OptionalInt size =
        p.has("vocab_size") ? OptionalInt.of(p.get("vocab_size").asInt()) : OptionalInt.empty();
    var decisions = new ArrayList<EadSwitch.Decision>();
    EadState state = EadState.initial(config);
    for (JsonNode o : c.at("/input/observations")) {
      Interval nats = nats(o, unit, size);
      double scale =
          config.signal().normalize() ? 1 / Math.log(size.orElseThrow()) : unit.fromNats(1);
      Interval seen = nats == null ? null : new Interval(nats.low() * scale, nats.high() * scale);
      Model force = o.has("force") ? Model.valueOf(upper(o.get("force"))) : null;
      EadSwitch.Decision decision = EadSwitch.decide(config, state, new Observation(seen, force));
      state = decision.state();
      decisions.add(decision);
    }
    return decisions;
  }

  private static String upper(JsonNode word) {
    return word.asString().toUpperCase(Locale.ROOT);
  }

  private static Interval nats(JsonNode o, EntropyUnit unit, OptionalInt size) {
    if (o.isNull()) {
      return null;
    }
    if (o.has("top_logprobs")) {
      var list = new ArrayList<PartialDistribution.Entry>();
      for (JsonNode entry : o.get("top_logprobs")) {
        list.add(
            new PartialDistribution.Entry(
                entry.isNumber() ? entry.asDouble() : entry.get("logprob").asDouble()));
      }
      return PartialDistribution.of(list, OptionalDouble.empty(), false, size).entropy();
    }
    if (o.has("lower")) {
      return new Interval(
          unit.toNats(o.get("lower").asDouble()), unit.toNats(o.get("upper").asDouble()));
    }
    JsonNode entropy = o.isNumber() ? o : o.get("entropy");
    return Summary.ofEntropy(unit.toNats(entropy.asDouble()), size).entropy();
  }
}
