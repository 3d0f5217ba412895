package io.tokentropy.labels;

import io.tokentropy.distribution.Interval;
import io.tokentropy.kernel.Sums;
import java.util.stream.IntStream;

/**
 * The ends of the entropy of labels' shares that are scaled to a sum of 1.
 *
 * <p>The entropy of p / Σp is quasi-concave in p. So it is least at a corner of what is possible
 * ({@link Corners}), and greatest where the shares are as even as their sum allows, with the one
 * sum from which no way leads up.
 *
 * <p>Unseen tokens are whole: where several labels of texts compete for the last of them, because
 * the list is nearly the vocabulary, the greatest entropy is a bound that may not be attained.
 */
final class GivenEntropy {
  private static final int HALVINGS = 64;

  private final Shares shares;

  GivenEntropy(Shares shares) {
    this.shares = shares;
  }

  /** Nats. */
  Interval range() {
    double[] floor = shares.floors();
    if (shares.isExact()) {
      return Interval.exactly(of(floor));
    }
    double least = new Corners(shares).least();
    return new Interval(least, Math.max(least, greatest(floor)));
  }

  /**
   * The evenest shares; where they leave the pool more than it has, those of the labels beside the
   * pool take what is too much, and only the others remain free.
   */
  private double greatest(double[] floor) {
    var ceiling = new double[floor.length];
    for (int i = 0; i < floor.length; i++) {
      ceiling[i] = floor[i] + shares.room(i);
    }
    double[] even = evenest(floor, ceiling);
    int[] beside = IntStream.range(0, floor.length).filter(i -> !shares.pooled(i)).toArray();
    double missing = shares.beyondPool();
    for (int i : beside) {
      missing -= even[i] - floor[i];
    }
    if (missing > 0 && beside.length < floor.length) {
      double[] low = IntStream.of(beside).mapToDouble(i -> floor[i]).toArray();
      double[] high = IntStream.of(beside).mapToDouble(i -> ceiling[i]).toArray();
      double sum = Sums.of(low) + shares.beyondPool();
      double[] fixed = Level.shares(low, high, Level.of(low, high, sum));
      for (int i = 0; i < beside.length; i++) {
        floor[beside[i]] = fixed[i];
        ceiling[beside[i]] = fixed[i];
      }
      even = evenest(floor, ceiling);
    }
    return of(even);
  }

  private double[] evenest(double[] floor, double[] ceiling) {
    Interval sum = shares.sum();
    double low = Level.of(floor, ceiling, sum.low());
    double high = Level.of(floor, ceiling, sum.high());
    if (rises(floor, ceiling, high)) {
      return Level.shares(floor, ceiling, high);
    }
    for (int i = 0; i < HALVINGS; i++) {
      double level = (low + high) / 2;
      if (rises(floor, ceiling, level)) {
        low = level;
      } else {
        high = level;
      }
    }
    return Level.shares(floor, ceiling, high);
  }

  /** A higher level makes the entropy higher where it is below the shares' geometric mean. */
  private static boolean rises(double[] floor, double[] ceiling, double level) {
    double sum = 0;
    double weighted = 0;
    for (double share : Level.shares(floor, ceiling, level)) {
      if (share > 0) {
        sum += share;
        weighted += share * Math.log(share);
      }
    }
    return sum == 0 || weighted / sum > Math.log(level);
  }

  /** Entropy of shares scaled to a sum of 1; the greatest is left out of the sums. */
  static double of(double[] shares) {
    int best = 0;
    for (int i = 1; i < shares.length; i++) {
      best = shares[i] > shares[best] ? i : best;
    }
    double rest = 0;
    double weighted = 0;
    for (int i = 0; i < shares.length; i++) {
      double e = i == best ? 0 : shares[i] / shares[best];
      if (e > 0) {
        rest += e;
        weighted += Sums.surprise(e);
      }
    }
    return Sums.entropy(rest, weighted);
  }
}
