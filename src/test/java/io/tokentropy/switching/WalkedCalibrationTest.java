package io.tokentropy.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig.Budget;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.EadConfig.Signal;
import io.tokentropy.switching.EadConfig.Smoothing;
import io.tokentropy.switching.EadConfig.Threshold;
import io.tokentropy.switching.WalkedCalibration.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkedCalibrationTest {
  private static DoubleFunction<EadConfig> config(
      int window, int minLarge, double budget, OnEscalate onEscalate) {
    return tau ->
        new EadConfig(
            new Threshold(tau, 0),
            new Smoothing(
                window, Smoothing.Average.MEAN, OptionalDouble.empty(), Fill.PARTIAL, false),
            new Signal(false, Signal.Point.LOWER),
            Model.SMALL,
            new Dwell(0, minLarge, 0, 0),
            new Budget(budget, 0),
            onEscalate,
            OptionalDouble.empty());
  }

  private static List<Observation> seen(double... entropies) {
    return Arrays.stream(entropies)
        .mapToObj(entropy -> new Observation(Interval.exactly(entropy), null))
        .toList();
  }

  private static final Text FOUR = new Text(seen(0.5, 2, 0.5, 0.5), seen(0.1, 1.5, 0.2, 0.1));

  /**
   * The second token is written by small and again by large, whose own entropy keeps it on for the
   * third: 2 + 3/4 paid for 4 tokens, 1 and 2 tokens read of the other's.
   */
  @Test
  void aDroppedTokenIsObservedAgainOfTheLargeModel() {
    EadTotals totals = EadTotals.of(FOUR.walk(config(1, 0, 1, OnEscalate.REDO).apply(1)));
    assertThat(totals).isEqualTo(new EadTotals(2, 2, 1, 2, 2, 1));
    assertThat(totals.relativeCost(0.25)).isEqualTo(2.75 / 4);
    assertThat(totals.relativeCompute(0.25)).isEqualTo(4.25 / 4);
  }

  /** Without redo the large model starts a token later, and its 0.2 sends it back at once. */
  @Test
  void withoutRedoTheTokenStays() {
    EadTotals totals = EadTotals.of(FOUR.walk(config(1, 0, 1, OnEscalate.NEXT).apply(1)));
    assertThat(totals).isEqualTo(new EadTotals(3, 1, 0, 2, 1, 2));
  }

  @Test
  void theShareIsFoundWhereTheRuleGivesIt() {
    WalkedCalibration found =
        WalkedCalibration.of(config(1, 0, 1, OnEscalate.REDO), 0, List.of(FOUR), 0.5);
    assertThat(found.totals().largeFraction()).isEqualTo(0.5);
    assertThat(found.falling()).isTrue();
  }

  @Test
  void aShareBeyondTheBudgetIsMissedByWhatTheBudgetLeaves() {
    WalkedCalibration found =
        WalkedCalibration.of(config(1, 0, 0.25, OnEscalate.REDO), 0, List.of(FOUR), 0.9);
    assertThat(found.totals().largeFraction()).isEqualTo(0.25);
  }

  /**
   * Thirty texts of 60 tokens; whatever the window, the dwell time and the target, the share that a
   * walk at the threshold gives is the one that is reported, and within 0.01 of the target.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theShareIsReachedWhateverTheRule(long seed) {
    var random = new SplittableRandom(seed);
    var texts = new ArrayList<Text>();
    for (int t = 0; t < 30; t++) {
      double[] small = random.doubles(60, 0, 5).toArray();
      double[] large = Arrays.stream(small).map(h -> h * random.nextDouble(0.3, 1)).toArray();
      texts.add(new Text(seen(small), seen(large)));
    }
    DoubleFunction<EadConfig> config =
        config(random.nextInt(1, 7), random.nextInt(3), 1, OnEscalate.values()[(int) seed % 2]);
    double target = random.nextDouble(0.05, 0.9);
    WalkedCalibration found = WalkedCalibration.of(config, 0, texts, target);
    long large = 0;
    for (Text text : texts) {
      large += text.walk(config.apply(found.threshold())).tokens().large();
    }
    assertThat(found.totals().large()).isEqualTo(large);
    assertThat(found.totals().kept()).isEqualTo(1800);
    assertThat(found.totals().largeFraction()).isCloseTo(target, within(0.01));
  }

  @Test
  void allOrNothingIsSaidAsItIs() {
    Text flat = new Text(seen(1, 1, 1, 1), seen(1, 1, 1, 1));
    WalkedCalibration found =
        WalkedCalibration.of(config(1, 0, 1, OnEscalate.REDO), 0, List.of(flat), 0.6);
    assertThat(found.totals().largeFraction()).isEqualTo(1);
  }

  @Test
  void bothModelsMustHaveSeenTheSameTokens() {
    assertThatThrownBy(() -> new Text(seen(1, 2), seen(1)))
        .isInstanceOf(InvalidInput.ShapeMismatch.class)
        .hasMessageContaining("1 tokens, but the small model has 2");
  }

  @Test
  void anEndWithoutBoundDecidesNothing() {
    var open = List.of(new Observation(new Interval(1, Double.POSITIVE_INFINITY), null));
    DoubleFunction<EadConfig> upper =
        tau ->
            new EadConfig(
                new Threshold(tau, 0),
                Profile.EAD_PAPER.smoothing(),
                new Signal(false, Signal.Point.UPPER),
                Model.SMALL,
                Profile.EAD_PAPER.dwell(),
                Profile.EAD_PAPER.budget(),
                OnEscalate.NEXT,
                OptionalDouble.empty());
    assertThatThrownBy(() -> WalkedCalibration.of(upper, 0, List.of(new Text(open, open)), 0.5))
        .isInstanceOf(InvalidInput.MissingInput.class);
    assertThatThrownBy(() -> Calibration.of(List.of(open), 0.5, upper.apply(0)))
        .isInstanceOf(InvalidInput.MissingInput.class);
  }
}
