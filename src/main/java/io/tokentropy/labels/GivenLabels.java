package io.tokentropy.labels;

import io.tokentropy.distribution.Interval;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Figures of the labels' shares scaled to a sum of 1: what is known if the answer is one of the
 * labels. Every end is attained by some way to share, or is the limit of such.
 */
final class GivenLabels {
  private final Shares shares;
  private final int rest;

  /** At least one label must be able to have a share. */
  GivenLabels(Shares shares) {
    this.shares = shares;
    this.rest = shares.labels();
  }

  /**
   * The share of one label among them. At the greatest, the label comes before the rest of the
   * vocabulary, and that before the other labels; at the least, the other way round.
   */
  Interval share(int label) {
    if (rest == 1) {
      return Interval.exactly(1);
    }
    double high = quotient(shares.outward(label), 0);
    return shares.isExact()
        ? Interval.exactly(high)
        : new Interval(quotient(shares.inward(label), 1), high);
  }

  /** {@code none} is the limit where the labels have nothing. */
  private static double quotient(double[] found, double none) {
    double sum = found[0] + found[1];
    return sum == 0 ? none : found[0] / sum;
  }

  private double sum(double[] found) {
    double sum = 0;
    for (int i = 0; i < rest; i++) {
      sum += found[i];
    }
    return sum;
  }

  /**
   * The mean of the labels' scores.
   *
   * @param scores one for each label
   */
  Interval mean(double[] scores) {
    double high = greatestMean(scores);
    return shares.isExact()
        ? Interval.exactly(high)
        : new Interval(-greatestMean(Arrays.stream(scores).map(score -> -score).toArray()), high);
  }

  /**
   * Each label counts for what its score is above the mean, the rest of the vocabulary for nothing:
   * with them in that order, the mean is no lower than before. Where it stays, it is the greatest.
   */
  private double greatestMean(double[] scores) {
    int[] best =
        IntStream.range(0, rest)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double mean = Double.NEGATIVE_INFINITY;
    double found = mean(scores, best, mean);
    while (found > mean) {
      mean = found;
      found = mean(scores, best, mean);
    }
    return mean;
  }

  /** The rest comes before those whose score is no more than {@code least}. */
  private double mean(double[] scores, int[] best, double least) {
    int before = (int) Arrays.stream(best).filter(i -> scores[i] > least).count();
    var order = new int[rest + 1];
    System.arraycopy(best, 0, order, 0, before);
    order[before] = rest;
    System.arraycopy(best, before, order, before + 1, rest - before);
    double[] found = shares.filled(order);
    double sum = sum(found);
    double weighted = 0;
    for (int i = 0; i < rest; i++) {
      weighted += scores[i] * (found[i] / sum);
    }
    return sum == 0 ? Double.NEGATIVE_INFINITY : weighted;
  }

  /** The entropy of the shares, in nats, in [0, ln n]. */
  Interval entropy() {
    return new GivenEntropy(shares).range();
  }
}
