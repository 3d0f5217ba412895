package io.tokentropy.distribution;

import java.util.OptionalInt;

/**
 * The numbers of a row before a temperature, from the best k after it: q₁ ≥ … ≥ q_k, and a tail of
 * mass r over n tokens, each at most c.
 *
 * <p>With wᵢ = (qᵢ/q₁)^T the row is pᵢ = wᵢ/Z, where Z = A + W: A of the list, W of the tail. q^T
 * is concave in q for T &lt; 1 and convex for T &gt; 1, so that W is least and greatest where the
 * tail is packed (as many tokens as possible at c, one at the rest) or even.
 *
 * <p>The entropy is H = ln Z − (B + S)/Z, where B and S are the sums of w ln w. Adding δ to one q
 * of the tail changes it by T/q · p(−ln p − H) · δ, and as no token of the tail is more probable
 * than a listed one, −ln p ≥ H: H only grows with r. For T &lt; 1 the packed tail has the least W
 * and the greatest sums of the best j, the even one the contrary, so both ends of H are there,
 * attained. For T &gt; 1 the two pull against each other: {@link TailEnds}.
 */
final class RawRow {
  /** Widening by three times the error covers the list, its best token, and the tail's cap. */
  private static final double WIDENING = 3;

  private final double temperature;
  private final double lnBest;
  private final double cap;
  private final double leastMass;
  private final double greatestMass;
  private final double unseen;
  private final double listed;
  private final double listedSum;
  private final boolean closed;
  private final boolean filtered;
  private final OptionalInt unseenCount;

  /** ln w of the listed tokens, the best first. */
  final double[] lnWeights;

  /** How far each weight may be off, relatively, by what the sender rounded and by doubles. */
  final double error;

  RawRow(PartialDistribution reported, ReportedAt how) {
    temperature = how.temperature();
    filtered = how.filtered();
    closed = reported.closed() && !filtered;
    double[] ln = reported.lnProbs();
    lnBest = ln[0];
    lnWeights = new double[ln.length];
    double others = 0;
    double sum = 0;
    for (int i = 1; i < ln.length; i++) {
      lnWeights[i] = temperature * (ln[i] - lnBest);
      others += Math.exp(lnWeights[i]);
      sum += lnWeights[i] * Math.exp(lnWeights[i]);
    }
    listed = others;
    listedSum = sum;
    error = grown(2 * (closed ? reported.massError() : reported.decisiveError()));
    unseenCount =
        reported.vocabSize().isPresent()
            ? OptionalInt.of(reported.vocabSize().getAsInt() - ln.length)
            : OptionalInt.empty();
    unseen = unseenCount.orElse(Integer.MAX_VALUE);
    double best = Math.exp(lnBest);
    cap = Math.exp(ln[ln.length - 1]) * (1 + reported.decisiveError()) / best;
    leastMass = reported.leastTail().mass() / best;
    greatestMass = Math.min(reported.greatestTail().mass() / best, unseen * cap);
  }

  /** An error of q over the best one, relatively, as one of its power T. */
  private double grown(double relative) {
    return Math.expm1(temperature * Math.log1p(relative) * (1 + relative));
  }

  /** w of a q that is relative to the best one. */
  private double weight(double q) {
    return Math.pow(q, temperature);
  }

  private double capWeight() {
    return weight(cap);
  }

  private double even(double mass) {
    return mass == 0 ? 0 : unseen * weight(mass / unseen);
  }

  private double packed(double mass) {
    double whole = Math.min(unseen, Math.floor(mass / cap));
    return whole * capWeight() + weight(Math.max(0, mass - whole * cap));
  }

  private boolean isOpen() {
    return !closed && unseen > 0;
  }

  /** The least W. */
  double leastTail() {
    if (!isOpen()) {
      return 0;
    }
    return temperature < 1 ? packed(leastMass) : even(leastMass);
  }

  /** The greatest W; behind a filter all unseen tokens may be as probable as the last that is. */
  double greatestTail() {
    if (!isOpen()) {
      return 0;
    }
    if (filtered) {
      return unseen * capWeight();
    }
    return temperature < 1 ? even(greatestMass) : packed(greatestMass);
  }

  /** ln Z for a W. */
  double lnTotal(double tail) {
    return Math.log1p(listed + tail);
  }

  /**
   * The tail of mass W/Z, moved by what the list may be off; each token is at most as probable as
   * the last that is listed, where Z is least.
   *
   * @param side −1 for less mass, 1 for more
   */
  Tail tail(double weight, int side) {
    double most = Math.min(1, capWeight() * Math.exp(-lnTotal(leastTail())) * (1 + error));
    double mass = weight / (1 + listed + weight) * (1 + side * error);
    return new Tail(isOpen() ? Math.clamp(mass, 0, unseen * most) : 0, most, unseenCount);
  }

  /** Whether only ratios of probabilities are known. */
  boolean ratiosOnly() {
    return filtered;
  }

  boolean closed() {
    return closed;
  }

  /**
   * The range of the entropy, in nats.
   *
   * @param low that of the most uneven row beyond the tails there can be
   * @param high that of the most even one
   */
  Interval entropy(double low, double high) {
    double least = low;
    double greatest = high;
    if (isOpen() && temperature > 1) {
      var ends = new TailEnds(temperature, listed, listedSum, cap, unseen);
      least = Math.max(low, ends.least(leastMass) * Math.exp(-WIDENING * error));
      greatest = Math.min(high, ends.greatest(greatestMass) * Math.exp(WIDENING * error));
    }
    boolean bounded = !isOpen() || (!filtered && unseenCount.isPresent());
    return new Interval(least, bounded ? Math.max(least, greatest) : Double.POSITIVE_INFINITY);
  }
}
