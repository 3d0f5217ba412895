package io.tokentropy.entropy;

import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * DeepConf's confidences of a whole trace, from the confidences of its tokens ({@link DeepConf}). A
 * group is a window of consecutive tokens, one ending at each token; a trace shorter than the
 * window is one group. High means confident.
 *
 * @param mean over all tokens
 * @param groups how many groups there are
 * @param lowestGroup the mean of the least confident group
 * @param bottom the mean of the least confident share of the groups, at least one group
 * @param tail the mean of the last tokens
 * @param stopIndex with a threshold: the token, from 0, at which the first full window falls below
 *     it; empty if none does
 * @see <a href="https://arxiv.org/abs/2508.15260">Deep Think with Confidence</a>
 */
public record TraceConfidence(
    double mean,
    int groups,
    double lowestGroup,
    double bottom,
    double tail,
    OptionalInt stopIndex) {

  /**
   * How a trace is cut up.
   *
   * @param group tokens in a window, at least 1
   * @param bottom share of the groups that {@link TraceConfidence#bottom} takes, in (0, 1]
   * @param tail how many of the last tokens {@link TraceConfidence#tail} takes, at least 1
   * @param threshold for {@link TraceConfidence#stopIndex}
   */
  public record Settings(int group, double bottom, int tail, OptionalDouble threshold) {
    /** The paper's window of 2048 tokens, tail of 2048 tokens and bottom tenth. */
    public static final Settings DEFAULT = new Settings(2048, 0.1, 2048, OptionalDouble.empty());

    public Settings {
      if (group < 1) {
        throw new InvalidInput.ParameterOutOfRange("/group", group, "at least 1");
      }
      if (!(bottom > 0 && bottom <= 1)) {
        throw InvalidInput.ParameterOutOfRange.share("/bottom", bottom, "above 0 and at most 1");
      }
      if (tail < 1) {
        throw new InvalidInput.ParameterOutOfRange("/tail", tail, "at least 1");
      }
      if (threshold.isPresent() && !Double.isFinite(threshold.getAsDouble())) {
        throw new InvalidInput.ParameterOutOfRange(
            "/threshold", threshold.getAsDouble(), "a finite number");
      }
    }
  }

  /**
   * The figures of one trace.
   *
   * @param confidences one for each token, finite; not modified
   * @throws InvalidInput.MissingInput if there is none
   * @throws InvalidInput.NotFinite on NaN or infinity; carries the index
   */
  public static TraceConfidence of(double[] confidences, Settings settings) {
    requireFinite(confidences, "/confidences");
    double[] groups = windowMeans(confidences, Math.min(settings.group(), confidences.length));
    int tail = Math.min(settings.tail(), confidences.length);
    OptionalInt stop = stopIndex(confidences.length, groups, settings);
    Arrays.sort(groups);
    int bottom = Math.max(1, (int) (settings.bottom() * groups.length));
    return new TraceConfidence(
        mean(confidences, 0, confidences.length),
        groups.length,
        groups[0],
        mean(groups, 0, bottom),
        mean(confidences, confidences.length - tail, confidences.length),
        stop);
  }

  private static OptionalInt stopIndex(int tokens, double[] groups, Settings settings) {
    if (settings.threshold().isEmpty() || tokens < settings.group()) {
      return OptionalInt.empty();
    }
    for (int i = 0; i < groups.length; i++) {
      if (groups[i] < settings.threshold().getAsDouble()) {
        return OptionalInt.of(i + settings.group() - 1);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The confidence below which a running trace is stopped: the percentile 100 − {@code keepPercent}
   * of the lowest groups of finished traces, linear between neighbours.
   *
   * @param lowestGroups one for each warm-up trace, finite; not modified
   * @param keepPercent η of the paper, in [0, 100]: 10 keeps few traces, 90 many
   * @throws InvalidInput.MissingInput if there is no trace
   * @throws InvalidInput.NotFinite on NaN or infinity; carries the index
   * @throws InvalidInput.ParameterOutOfRange if {@code keepPercent} is out of range
   */
  public static double threshold(double[] lowestGroups, double keepPercent) {
    requireFinite(lowestGroups, "/lowest_groups");
    if (!(keepPercent >= 0 && keepPercent <= 100)) {
      throw new InvalidInput.ParameterOutOfRange("/keep_percent", keepPercent, "0 to 100");
    }
    double[] ascending = lowestGroups.clone();
    Arrays.sort(ascending);
    double position = (ascending.length - 1) * ((100 - keepPercent) / 100);
    int below = (int) position;
    int above = Math.min(below + 1, ascending.length - 1);
    return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
  }

  private static void requireFinite(double[] values, String pointer) {
    if (values.length == 0) {
      throw new InvalidInput.MissingInput(pointer, "found no number, expected at least one");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new InvalidInput.NotFinite(
            pointer + "/" + i, String.valueOf(values[i]), "a finite number");
      }
    }
  }

  private static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElseThrow();
  }

  /** Means of all windows, in order; the running sum is compensated, so that nothing piles up. */
  private static double[] windowMeans(double[] values, int window) {
    var means = new double[values.length - window + 1];
    double sum = 0;
    double lost = 0;
    for (int i = 0; i < values.length; i++) {
      double next = sum + values[i];
      lost += error(sum, values[i], next);
      sum = next;
      if (i >= window) {
        next = sum - values[i - window];
        lost += error(sum, -values[i - window], next);
        sum = next;
      }
      if (i >= window - 1) {
        means[i - window + 1] = (sum + lost) / window;
      }
    }
    return means;
  }

  /** What rounding took from a + b. */
  private static double error(double a, double b, double sum) {
    double part = sum - a;
    return (a - (sum - part)) + (b - part);
  }
}
