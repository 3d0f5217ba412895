package io.tokentropy.switching;

import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;

/**
 * A threshold that the caller's own traffic exceeds as often as wanted: the least observed smoothed
 * entropy, or 0, with at most the target share of all smoothed entropies above it.
 *
 * @param threshold in the unit of the traces
 * @param fractionAbove the share that is above it, at most the target
 * @param samples how many smoothed entropies there were
 */
public record Calibration(double threshold, double fractionAbove, int samples) {
  /**
   * Calibrates on entropies of whole sequences.
   *
   * @param target share of the large model, in [0, 1]
   * @param fill whether windows that are not full yet count
   * @throws InvalidInput.MissingInput if no window is full
   */
  public static Calibration of(List<double[]> traces, double target, int window, Fill fill) {
    if (!(target >= 0 && target <= 1)) {
      throw InvalidInput.ParameterOutOfRange.share(
          "/target_large_fraction", target, "between 0 and 1");
    }
    if (window < 1 || window > EadConfig.MAX_WINDOW) {
      throw new InvalidInput.ParameterOutOfRange(
          "/window", window, "between 1 and " + EadConfig.MAX_WINDOW);
    }
    double[] smoothed =
        traces.stream()
            .flatMapToDouble(trace -> Arrays.stream(smoothed(trace, window, fill)))
            .sorted()
            .toArray();
    if (smoothed.length == 0) {
      throw new InvalidInput.MissingInput(
          "/traces", "no trace is as long as the window, " + window);
    }
    int above = smoothed.length;
    double threshold = 0;
    int i = 0;
    while (true) {
      while (i < smoothed.length && smoothed[i] <= threshold) {
        i++;
      }
      above = smoothed.length - i;
      if (above <= target * smoothed.length || i == smoothed.length) {
        break;
      }
      threshold = smoothed[i];
    }
    return new Calibration(threshold, (double) above / smoothed.length, smoothed.length);
  }

  private static double[] smoothed(double[] trace, int window, Fill fill) {
    int from = fill == Fill.PARTIAL ? 0 : window - 1;
    var means = new double[Math.max(0, trace.length - from)];
    for (int i = from; i < trace.length; i++) {
      double sum = 0;
      int first = Math.max(0, i - window + 1);
      for (int j = first; j <= i; j++) {
        sum += trace[j];
      }
      means[i - from] = sum / (i - first + 1);
    }
    return means;
  }
}
