package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How Entropy Adaptive Decoding decides. Thresholds and entropies are in one unit, whichever the
 * caller chose: nothing is converted between them, so that a tie stays a tie.
 *
 * @param initial the model at the start
 * @param costRatio cost of a small token by that of a large one, for the summary
 * @see <a href="https://arxiv.org/abs/2502.06833">Entropy Adaptive Decoding</a>
 */
public record EadConfig(
    Threshold threshold,
    Smoothing smoothing,
    Signal signal,
    Model initial,
    Dwell dwell,
    Budget budget,
    OnEscalate onEscalate,
    OptionalDouble costRatio) {

  /**
   * Where the models change.
   *
   * @param tau τ: up when the smoothed entropy is above it
   * @param hysteresis down when it is at most τ less this
   */
  public record Threshold(double tau, double hysteresis) {}

  /**
   * How the entropies so far become one.
   *
   * @param window w, how many are smoothed, at least 1
   * @param ewmaAlpha weight of the newest entropy; 2 / (w + 1) where absent
   * @param fill whether to decide before w entropies are there
   * @param resetOnSwitch whether a switch empties the window
   */
  public record Smoothing(
      int window, Average average, OptionalDouble ewmaAlpha, Fill fill, boolean resetOnSwitch) {

    /** Of the window alone, or of all entropies with weights that fade. */
    public enum Average {
      MEAN,
      EWMA;

      public String wire() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    /** The weight of the newest entropy in the moving average. */
    public double alpha() {
      return ewmaAlpha.orElse(2.0 / (window + 1));
    }

    /** Whether that many entropies are enough to decide on. */
    boolean isEnough(int samples) {
      return fill == Fill.PARTIAL || samples >= window;
    }
  }

  /**
   * What is taken of an entropy.
   *
   * @param normalize whether it is relative to ln V
   * @param point which end of an interval decides
   */
  public record Signal(boolean normalize, Point point) {

    /** One number of an interval. */
    public enum Point {
      LOWER,
      MIDPOINT,
      UPPER;

      public String wire() {
        return name().toLowerCase(Locale.ROOT);
      }

      public double of(Interval range) {
        return switch (this) {
          case LOWER -> range.low();
          case MIDPOINT -> range.midpoint();
          case UPPER -> range.high();
        };
      }
    }
  }

  /**
   * How long a model runs, in tokens.
   *
   * @param minSmall the small model writes before it may be left
   * @param minLarge the same of the large one
   * @param cooldown since the last switch before another
   * @param maxLargeStint after which the large model must stop; 0 for no such limit
   */
  public record Dwell(int minSmall, int minLarge, int cooldown, int maxLargeStint) {
    int least(Model model) {
      return model == Model.SMALL ? minSmall : minLarge;
    }

    boolean isOver(int largeStint) {
      return maxLargeStint > 0 && largeStint >= maxLargeStint;
    }
  }

  /**
   * What the large model may take.
   *
   * @param maxLargeFraction share of all tokens that is never exceeded
   * @param maxSwitches after which there is no escalation; 0 for no such limit
   */
  public record Budget(double maxLargeFraction, int maxSwitches) {
    /** A budget of a third allows the third token of nine although a third is no double. */
    private static final double SLACK = 1e-9;

    /** Whether the large model may write one more token. */
    boolean allowsLarge(int small, int large) {
      return large + 1 <= maxLargeFraction * ((double) small + large + 1) + SLACK;
    }

    boolean isUsedUp(int switches) {
      return maxSwitches > 0 && switches >= maxSwitches;
    }
  }

  /**
   * A small model that costs a million times the large one is a mistake, and sums must not
   * overflow.
   */
  private static final double GREATEST_RATIO = 1e6;

  /** Checks all parts in one order, so that of several faults the same one is always named. */
  public EadConfig {
    require(smoothing.window >= 1, "window", smoothing.window, "at least 1");
    require(
        threshold.tau >= 0 && Double.isFinite(threshold.tau),
        "threshold",
        threshold.tau,
        "a finite number, at least 0");
    require(
        threshold.hysteresis >= 0 && threshold.hysteresis <= threshold.tau,
        "hysteresis",
        threshold.hysteresis,
        "between 0 and the threshold, " + threshold.tau);
    if (smoothing.ewmaAlpha.isPresent()) {
      double alpha = smoothing.ewmaAlpha.getAsDouble();
      requireShare(alpha > 0 && alpha <= 1, "ewma_alpha", alpha, "above 0 and at most 1");
    }
    requireCount("min_small", dwell.minSmall);
    requireCount("min_large", dwell.minLarge);
    requireCount("cooldown", dwell.cooldown);
    requireCount("max_large_stint", dwell.maxLargeStint);
    requireShare(
        budget.maxLargeFraction >= 0 && budget.maxLargeFraction <= 1,
        "max_large_fraction",
        budget.maxLargeFraction,
        "between 0 and 1");
    requireCount("max_switches", budget.maxSwitches);
    if (costRatio.isPresent()) {
      double ratio = costRatio.getAsDouble();
      require(
          ratio > 0 && ratio <= GREATEST_RATIO,
          "cost_ratio",
          ratio,
          "a number above 0 and at most " + GREATEST_RATIO);
    }
  }

  private static void requireCount(String name, int count) {
    require(count >= 0, name, count, "at least 0");
  }

  private static void requireShare(boolean good, String name, double found, String expected) {
    if (!good) {
      throw InvalidInput.ParameterOutOfRange.share("/" + name, found, expected);
    }
  }

  private static void require(boolean good, String name, Object found, String expected) {
    if (!good) {
      throw new InvalidInput.ParameterOutOfRange("/" + name, found, expected);
    }
  }
}
