package io.tokentropy.switching;

import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A threshold that the small model's own entropies exceed as often as wanted: the least observed
 * smoothed entropy, or 0, with at most the target share of all smoothed entropies above it.
 *
 * <p>That is not the share of the large model: once it runs, its own entropies decide, and dwell
 * times, budgets and redone tokens have their say. {@link WalkedCalibration} counts all that.
 *
 * @param threshold in the unit of the traces
 * @param fractionAbove the share that is above it, at most the target
 * @param samples how many smoothed entropies there were
 * @param filled whether at least one window was full, where only full ones are to count; else those
 *     that are not full were counted
 */
public record Calibration(double threshold, double fractionAbove, int samples, boolean filled) {
  /**
   * Calibrates on entropies of whole sequences.
   *
   * @param target share of the large model, in [0, 1]
   * @param config its smoothing and the end of an interval that decides; its threshold is not used
   * @throws InvalidInput.MissingInput if there is no entropy, or the end that decides has no bound
   */
  public static Calibration of(List<List<Observation>> traces, double target, EadConfig config) {
    requireShare(target);
    double[] smoothed = smoothed(traces, config, config.smoothing().fill() == Fill.FULL);
    boolean filled = smoothed.length > 0;
    if (!filled) {
      smoothed = smoothed(traces, config, false);
    }
    if (smoothed.length == 0) {
      throw new InvalidInput.MissingInput("/traces", "no trace has an entropy");
    }
    if (smoothed[smoothed.length - 1] == Double.POSITIVE_INFINITY) {
      throw unbounded();
    }
    int above;
    double threshold = 0;
    int i = 0;
    while (true) {
      while (i < smoothed.length && smoothed[i] <= threshold) {
        i++;
      }
      above = smoothed.length - i;
      if (above <= target * smoothed.length) {
        break;
      }
      threshold = smoothed[i];
    }
    return new Calibration(threshold, (double) above / smoothed.length, smoothed.length, filled);
  }

  static void requireShare(double target) {
    if (!(target >= 0 && target <= 1)) {
      throw InvalidInput.ParameterOutOfRange.share(
          "/target_large_fraction", target, "between 0 and 1");
    }
  }

  static InvalidInput unbounded() {
    return new InvalidInput.MissingInput(
            "/traces", "an entropy has no upper end, which is the one that decides")
        .withHint("Send vocab_size, or let the lower end decide.");
  }

  private static double[] smoothed(
      List<List<Observation>> traces, EadConfig config, boolean fullOnly) {
    return traces.stream()
        .flatMapToDouble(trace -> Arrays.stream(smoothed(config, trace, fullOnly).toArray()))
        .sorted()
        .toArray();
  }

  private static DoubleStream smoothed(
      EadConfig config, List<Observation> trace, boolean fullOnly) {
    EadConfig.Smoothing smoothing = config.smoothing();
    var means = DoubleStream.builder();
    EadState.Window window = EadState.Window.EMPTY;
    for (Observation seen : trace) {
      if (seen.entropy() != null) {
        window = window.plus(seen.entropy(), smoothing);
        if (!fullOnly || window.samples() >= smoothing.window()) {
          means.add(config.signal().point().of(window.mean()));
        }
      }
    }
    return means.build();
  }
}
