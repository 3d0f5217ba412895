package io.tokentropy.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A series of yes/no draws, against a coin: how often yes, how each follows the one before, and how
 * often a streak breaks. People and language models that are asked for random draws break streaks
 * too often (negative recency), and prefer one side.
 *
 * @param n draws
 * @param yes how many are yes
 * @param transitions how often {@code to} follows {@code from}, by {@code [from][to]}, yes being 1
 * @param runs of equal draws
 * @param streaks what follows streaks of the lengths 1 to the greatest that was asked for
 */
public record BinarySeries(
    int n, int yes, Transitions transitions, int runs, List<Streak> streaks) {
  public BinarySeries {
    streaks = List.copyOf(streaks);
  }

  /** The 97.5 % point of the standard normal distribution, for intervals of 95 %. */
  private static final double Z = 1.959963984540054;

  /** Counts of one draw after another. */
  public record Transitions(int noNo, int noYes, int yesNo, int yesYes) {
    private int fromNo() {
      return noNo + noYes;
    }

    private int fromYes() {
      return yesNo + yesYes;
    }

    /** The share of yes after a no; absent if none is followed by anything. */
    public OptionalDouble yesAfterNo() {
      return share(noYes, fromNo());
    }

    /** The share of yes after a yes. */
    public OptionalDouble yesAfterYes() {
      return share(yesYes, fromYes());
    }

    /**
     * χ² with one degree of freedom: whether a draw depends on the one before; absent where one
     * side never comes before, or never after.
     */
    public OptionalDouble dependence() {
      double margins = (double) fromNo() * fromYes() * (noNo + yesNo) * ((double) noYes + yesYes);
      double cross = (double) noNo * yesYes - (double) noYes * yesNo;
      return margins == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of((fromNo() + fromYes()) * (cross * cross / margins));
    }

    /**
     * χ² with two degrees of freedom against a fair coin that remembers nothing: all four shares
     * are ½. With draws from one side alone it has one degree less; absent then.
     */
    public OptionalDouble fairCoin() {
      return fromNo() == 0 || fromYes() == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(unfair(noYes, fromNo()) + unfair(yesYes, fromYes()));
    }

    /** Entropy of a draw when the one before is known, in nats; 0 without any transition. */
    public double conditionalEntropy() {
      int all = fromNo() + fromYes();
      return all == 0
          ? 0
          : (fromNo() * entropy(noYes, fromNo()) + fromYes() * entropy(yesYes, fromYes())) / all;
    }
  }

  /**
   * What follows streaks of one length.
   *
   * @param count draws before which there are that many equal ones
   * @param reversals those of them that differ from these
   */
  public record Streak(int count, int reversals) {}

  /**
   * Counts.
   *
   * @param series at least one draw, yes being true; not modified
   * @param maxStreak the greatest length of streaks, at least 1
   */
  public static BinarySeries of(boolean[] series, int maxStreak) {
    var follows = new int[2][2];
    var counts = new int[maxStreak];
    var reversals = new int[maxStreak];
    int yes = series[0] ? 1 : 0;
    int runs = 1;
    int streak = 1;
    for (int i = 1; i < series.length; i++) {
      boolean same = series[i] == series[i - 1];
      yes += series[i] ? 1 : 0;
      follows[series[i - 1] ? 1 : 0][series[i] ? 1 : 0]++;
      for (int k = 0; k < Math.min(streak, maxStreak); k++) {
        counts[k]++;
        reversals[k] += same ? 0 : 1;
      }
      runs += same ? 0 : 1;
      streak = same ? streak + 1 : 1;
    }
    return new BinarySeries(
        series.length,
        yes,
        new Transitions(follows[0][0], follows[0][1], follows[1][0], follows[1][1]),
        runs,
        IntStream.range(0, maxStreak).mapToObj(k -> new Streak(counts[k], reversals[k])).toList());
  }

  private static OptionalDouble share(int part, int whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }

  /** χ² of a count of yes against a fair coin. */
  private static double unfair(int yes, int n) {
    double more = yes - n / 2.0;
    return more * more / (n / 4.0);
  }

  private static double entropy(int yes, int n) {
    return n == 0 ? 0 : surprise(yes, n) + surprise(n - yes, n);
  }

  private static double surprise(int count, int n) {
    return count == 0 ? 0 : -(double) count / n * Math.log((double) count / n);
  }

  /** The share of yes. */
  public double yesRate() {
    return (double) yes / n;
  }

  /** The lower end of Wilson's interval of 95 % for it, of independent draws. */
  public double yesRateLow() {
    return yes == 0 ? 0 : middle() - half();
  }

  /** The upper end. */
  public double yesRateHigh() {
    return yes == n ? 1 : middle() + half();
  }

  private double middle() {
    return (yes + Z * Z / 2) / (n + Z * Z);
  }

  private double half() {
    double no = n - yes;
    return Z / (n + Z * Z) * Math.sqrt((double) yes / n * no + Z * Z / 4);
  }

  /** χ² of the share of yes against a fair coin, one degree of freedom. */
  public double uniformChi2() {
    return unfair(yes, n);
  }

  /** How often a fair coin is at least so far off, of independent draws. */
  public double uniformPValue() {
    return Tails.chiSquared1(uniformChi2());
  }

  /** How often draws that remember nothing seem to depend on the one before at least so much. */
  public OptionalDouble dependencePValue() {
    return transitions.dependence().stream().map(Tails::chiSquared1).findFirst();
  }

  /** How often a fair coin that remembers nothing is at least so far off. */
  public OptionalDouble fairCoinPValue() {
    return transitions.fairCoin().stream().map(Tails::chiSquared2).findFirst();
  }

  /**
   * How many standard deviations the number of runs is above its mean (Wald and Wolfowitz), given
   * how often yes came; absent if one side never came, or that number could not differ.
   */
  public OptionalDouble runsZ() {
    double mean = 2.0 * yes * (n - yes) / n + 1;
    double variance = (mean - 1) * (mean - 2) / (n - 1);
    return n > 1 && variance > 0
        ? OptionalDouble.of((runs - mean) / Math.sqrt(variance))
        : OptionalDouble.empty();
  }

  /** How often the runs of independent draws are at least so far from their mean. */
  public OptionalDouble runsPValue() {
    return runsZ().stream().map(Tails::normal).findFirst();
  }

  /** Entropy of a draw, in nats. */
  public double entropy() {
    return entropy(yes, n);
  }

  /** The shares of reversals after streaks, by length; NaN where there is no such streak. */
  public double[] reversalShares() {
    return streaks.stream()
        .mapToDouble(streak -> share(streak.reversals, streak.count).orElse(Double.NaN))
        .toArray();
  }

  /** The shares of reversals that independent draws with this share of yes would have. */
  public double[] independentReversalShares() {
    double p = yesRate();
    var shares = new double[streaks.size()];
    Arrays.setAll(
        shares,
        k -> {
          double yesStreak = Math.pow(p, k + 1.0);
          double noStreak = Math.pow(1 - p, k + 1.0);
          double any = yesStreak + noStreak;
          return any == 0 ? Double.NaN : (yesStreak * (1 - p) + noStreak * p) / any;
        });
    return shares;
  }
}
