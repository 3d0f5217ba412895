package io.tokentropy.calibration;

import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;

/** From a score of any scale to the probability that the answer is right, in [0, 1]. */
public sealed interface ConfidenceMap {
  /** No score and no parameter is beyond this, so that sums and products of them stay finite. */
  double GREATEST = 1e100;

  /** The confidence in an answer with this score. */
  double confidence(double score);

  /** The scores between two at which the map may be higher or lower than on both sides. */
  DoubleStream turns(double low, double high);

  /**
   * The least and the greatest confidence of all scores between two.
   *
   * @param low at most {@code high}
   */
  default Ends between(double low, double high) {
    DoubleSummaryStatistics found =
        DoubleStream.concat(DoubleStream.of(low, high), turns(low, high))
            .map(this::confidence)
            .summaryStatistics();
    return new Ends(found.getMin(), found.getMax());
  }

  /** Of a range of confidences. */
  record Ends(double low, double high) {}

  /**
   * Platt's: a logistic curve.
   *
   * @param center what is taken from a score
   * @param scale what that is divided by, at least 1/{@link #GREATEST}
   * @param slope of the log-odds, below 0 where higher scores are more uncertain
   * @param intercept the log-odds at the center
   */
  record Platt(double center, double scale, double slope, double intercept)
      implements ConfidenceMap {
    public Platt {
      requireModest(center, "/center");
      if (!(scale >= 1 / GREATEST && scale <= GREATEST)) {
        throw new InvalidInput.ParameterOutOfRange(
            "/scale", scale, "between " + 1 / GREATEST + " and " + GREATEST);
      }
      requireModest(slope, "/slope");
      requireModest(intercept, "/intercept");
    }

    @Override
    public double confidence(double score) {
      double modest = Math.clamp(score, -GREATEST, GREATEST);
      return 1 / (1 + Math.exp(-(slope * ((modest - center) / scale) + intercept)));
    }

    @Override
    public DoubleStream turns(double low, double high) {
      return DoubleStream.empty();
    }
  }

  /** Knots, straight lines between them, and beyond the outer ones their confidences. */
  final class Isotonic implements ConfidenceMap {
    private final double[] scores;
    private final double[] confidences;

    /**
     * A map of knots.
     *
     * @param scores ascending, at least one; not modified
     * @param confidences as many, in [0, 1]; not modified
     * @throws InvalidInput.ShapeMismatch if there are more or fewer
     * @throws InvalidInput.ParameterOutOfRange if they are not as they must be
     */
    public Isotonic(double[] scores, double[] confidences) {
      requireAscending(scores, "/scores");
      requireConfidences(confidences, scores.length);
      this.scores = scores.clone();
      this.confidences = confidences.clone();
    }

    @Override
    public double confidence(double score) {
      int at = Arrays.binarySearch(scores, score);
      if (at >= 0) {
        return confidences[at];
      }
      int next = -at - 1;
      if (next == 0 || next == scores.length) {
        return confidences[next == 0 ? 0 : next - 1];
      }
      double from = confidences[next - 1];
      double to = confidences[next];
      double way = (score - scores[next - 1]) / (scores[next] - scores[next - 1]);
      return Math.clamp(from + way * (to - from), Math.min(from, to), Math.max(from, to));
    }

    @Override
    public DoubleStream turns(double low, double high) {
      return Arrays.stream(scores).filter(score -> score > low && score < high);
    }

    public double[] scores() {
      return scores.clone();
    }

    public double[] confidences() {
      return confidences.clone();
    }
  }

  /** The share of right answers in each bin. */
  final class Histogram implements ConfidenceMap {
    private final double[] edges;
    private final double[] confidences;

    /**
     * A map of bins.
     *
     * @param edges between bins, ascending; a score on an edge is in the bin below it
     * @param confidences one more, in [0, 1]; not modified
     * @throws InvalidInput.ShapeMismatch if there are more or fewer
     * @throws InvalidInput.ParameterOutOfRange if they are not as they must be
     */
    public Histogram(double[] edges, double[] confidences) {
      requireAscending(edges, "/edges");
      requireConfidences(confidences, edges.length + 1);
      this.edges = edges.clone();
      this.confidences = confidences.clone();
    }

    @Override
    public double confidence(double score) {
      int at = Arrays.binarySearch(edges, score);
      return confidences[at >= 0 ? at : -at - 1];
    }

    /** Each edge is in the bin below it: the bins that begin and end between the two. */
    @Override
    public DoubleStream turns(double low, double high) {
      return Arrays.stream(edges).filter(edge -> edge > low && edge < high);
    }

    public double[] edges() {
      return edges.clone();
    }

    public double[] confidences() {
      return confidences.clone();
    }
  }

  private static void requireModest(double number, String pointer) {
    if (!(Math.abs(number) <= GREATEST)) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer, number, "between -" + GREATEST + " and " + GREATEST);
    }
  }

  /**
   * Refuses numbers that are too far from 0.
   *
   * @throws InvalidInput.ParameterOutOfRange below the pointer
   */
  static void requireModest(double[] numbers, String pointer) {
    for (int i = 0; i < numbers.length; i++) {
      requireModest(numbers[i], pointer + "/" + i);
    }
  }

  private static void requireAscending(double[] numbers, String pointer) {
    requireModest(numbers, pointer);
    for (int i = 1; i < numbers.length; i++) {
      if (!(numbers[i] > numbers[i - 1])) {
        throw new InvalidInput.ParameterOutOfRange(
            pointer + "/" + i, numbers[i], "above the one before");
      }
    }
  }

  private static void requireConfidences(double[] confidences, int expected) {
    if (confidences.length != expected || expected == 0) {
      throw new InvalidInput.ShapeMismatch(
          "/confidences", "found " + confidences.length + ", expected " + Math.max(1, expected));
    }
    for (int i = 0; i < expected; i++) {
      if (!(confidences[i] >= 0 && confidences[i] <= 1)) {
        throw InvalidInput.ParameterOutOfRange.share(
            "/confidences/" + i, confidences[i], "between 0 and 1");
      }
    }
  }
}
