package io.tokentropy.switching;

import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How Entropy Adaptive Decoding decides. Thresholds and entropies are in one unit, whichever the
 * caller chose: nothing is converted between them, so that a tie stays a tie.
 *
 * @param window w, how many entropies are smoothed, at least 1
 * @param threshold τ: up when the smoothed entropy is above it
 * @param hysteresis down when it is at most τ less this
 * @param ewmaAlpha weight of the newest entropy; 2 / (w + 1) where absent
 * @param fillPartial whether to decide before w entropies are there
 * @param resetOnSwitch whether a switch empties the window
 * @param initial the model at the start
 * @param minSmall tokens the small model must write before it may be left
 * @param minLarge the same of the large one
 * @param cooldown tokens since the last switch before another
 * @param maxLargeStint tokens after which the large model must stop; 0 for no such limit
 * @param maxLargeFraction share of the large model that is never exceeded
 * @param maxSwitches switches after which there is no escalation; 0 for no such limit
 * @param redo whether the token that caused an escalation is dropped and written by the large model
 * @param normalize whether entropies are taken relative to ln V
 * @param point which end of an interval decides
 * @param costRatio cost of a small token by that of a large one, for the summary
 * @see <a href="https://arxiv.org/abs/2502.06833">Entropy Adaptive Decoding</a>
 */
public record EadConfig(
    int window,
    double threshold,
    double hysteresis,
    Smoothing smoothing,
    OptionalDouble ewmaAlpha,
    boolean fillPartial,
    boolean resetOnSwitch,
    Model initial,
    int minSmall,
    int minLarge,
    int cooldown,
    int maxLargeStint,
    double maxLargeFraction,
    int maxSwitches,
    boolean redo,
    boolean normalize,
    Point point,
    OptionalDouble costRatio) {

  /** How the entropies of the window become one. */
  public enum Smoothing {
    MEAN,
    EWMA;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which end of an interval decides. */
  public enum Point {
    LOWER,
    MIDPOINT,
    UPPER;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** More entropies than this would make the state larger than a caller should carry. */
  public static final int MAX_WINDOW = 64;

  public EadConfig {
    require(window >= 1 && window <= MAX_WINDOW, "window", window, "between 1 and " + MAX_WINDOW);
    require(
        threshold >= 0 && Double.isFinite(threshold),
        "threshold",
        threshold,
        "a finite number, at least 0");
    require(
        hysteresis >= 0 && hysteresis <= threshold,
        "hysteresis",
        hysteresis,
        "between 0 and the threshold, " + threshold);
    if (ewmaAlpha.isPresent()) {
      double alpha = ewmaAlpha.getAsDouble();
      require(alpha > 0 && alpha <= 1, "ewma_alpha", alpha, "above 0 and at most 1");
    }
    require(minSmall >= 0, "min_small", minSmall, "at least 0");
    require(minLarge >= 0, "min_large", minLarge, "at least 0");
    require(cooldown >= 0, "cooldown", cooldown, "at least 0");
    require(maxLargeStint >= 0, "max_large_stint", maxLargeStint, "at least 0");
    require(
        maxLargeFraction >= 0 && maxLargeFraction <= 1,
        "max_large_fraction",
        maxLargeFraction,
        "between 0 and 1");
    require(maxSwitches >= 0, "max_switches", maxSwitches, "at least 0");
    if (costRatio.isPresent()) {
      double ratio = costRatio.getAsDouble();
      require(ratio > 0 && Double.isFinite(ratio), "cost_ratio", ratio, "a finite number above 0");
    }
  }

  private static void require(boolean good, String name, Object found, String expected) {
    if (!good) {
      throw new InvalidInput.ParameterOutOfRange("/" + name, found, expected);
    }
  }

  /** The weight of the newest entropy in the moving average. */
  double alpha() {
    return ewmaAlpha.orElse(2.0 / (window + 1));
  }

  /**
   * SHA-256 of all values and of what else the entropies depend on, in hex: a state of another
   * configuration is recognised by it.
   *
   * @param context the unit, and V where entropies are relative to ln V
   */
  public String digest(String context) {
    String canonical =
        String.format(
            Locale.ROOT,
            "%d %s %s %s %s %b %b %s %d %d %d %d %s %d %b %b %s %s",
            window,
            Double.toHexString(threshold),
            Double.toHexString(hysteresis),
            smoothing,
            Double.toHexString(alpha()),
            fillPartial,
            resetOnSwitch,
            initial,
            minSmall,
            minLarge,
            cooldown,
            maxLargeStint,
            Double.toHexString(maxLargeFraction),
            maxSwitches,
            redo,
            normalize,
            point,
            context);
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(canonical.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
