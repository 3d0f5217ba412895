package io.tokentropy.distribution;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;

/**
 * Two distributions over the same tokens, compared token by token.
 *
 * <p>Where p and q are nearly the same, the difference of two rounded logarithms says nothing about
 * them. So ln(p / q) is made of what was sent: d is how much more the scores of a token differ than
 * those of one token that both have, and the same constant is then taken off all of them:
 *
 * <pre>ln(p/q) = d − ln(1 + Σ q (eᵈ − 1))</pre>
 *
 * in which nothing cancels. An error of that constant moves a divergence by its own relative size
 * only, as p and q both sum to 1.
 */
public final class Contrast {
  /** Below this a series is more exact than the formula. */
  private static final double SMALL = 0.5;

  /** So many terms of the series are within a rounding at {@link #SMALL}. */
  private static final int TERMS = 18;

  /** How many tokens are seen before asking again whether anybody still waits. */
  private static final int STRIDE = 8192;

  /** In place of an offset: two rounded logarithms tell rows apart that are far from each other. */
  private static final double FAR = Double.NaN;

  private final Distribution p;
  private final Distribution q;
  private final int anchor;
  private final double offset;

  private Contrast(Distribution p, Distribution q, int anchor, double offset) {
    this.p = p;
    this.q = q;
    this.anchor = anchor;
    this.offset = offset;
  }

  /**
   * A comparison; O(V).
   *
   * @throws InvalidInput.ShapeMismatch if the rows differ in length
   */
  public static Contrast of(Distribution p, Distribution q) {
    if (p.size() != q.size()) {
      throw new InvalidInput.ShapeMismatch(
          "", "found a row of " + p.size() + " tokens beside one of " + q.size());
    }
    int anchor = isMasked(p, q.top()) ? p.top() : q.top();
    if (isMasked(p, anchor) || isMasked(q, anchor)) {
      return new Contrast(p, q, anchor, FAR);
    }
    double shift = 0;
    double outside = 0;
    for (int i = 0; i < p.size(); i++) {
      stopIfUnwanted(i);
      if (isMasked(q, i)) {
        outside += p.prob(i);
      } else {
        shift += q.prob(i) * Math.expm1(p.scoreOver(q, i, anchor));
      }
    }
    boolean near = Math.abs(shift) <= SMALL && outside <= SMALL;
    return new Contrast(p, q, anchor, near ? Math.log1p(shift) - Math.log1p(-outside) : FAR);
  }

  /** Ends work on a long row when nobody waits for it any more. */
  public static void stopIfUnwanted(int token) {
    if (token % STRIDE == 0) {
      Wanted.orStop();
    }
  }

  private static boolean isMasked(Distribution row, int id) {
    return row.lnRatio(id) == Double.NEGATIVE_INFINITY;
  }

  /** V. */
  public int size() {
    return p.size();
  }

  /** The most probable token of p; of several, the lowest id. */
  public int top() {
    return p.top();
  }

  /** p of a token. */
  public double p(int id) {
    return p.prob(id);
  }

  /** q of a token. */
  public double q(int id) {
    return q.prob(id);
  }

  /** ln q of a token, −∞ if it is masked. */
  public double lnQ(int id) {
    return q.lnProb(id);
  }

  /** ln p of a token, −∞ if it is masked. */
  public double lnP(int id) {
    return p.lnProb(id);
  }

  /** ln(p / q) of a token: −∞ where only p is 0, +∞ where only q is, 0 where both are. */
  public double lnRatio(int id) {
    if (isMasked(q, id)) {
      return isMasked(p, id) ? 0 : Double.POSITIVE_INFINITY;
    }
    return Double.isNaN(offset) ? p.lnProb(id) - q.lnProb(id) : p.scoreOver(q, id, anchor) - offset;
  }

  /** The same two the other way round. */
  public Contrast reversed() {
    return new Contrast(q, p, anchor, -offset);
  }

  /** KL(p‖q) in nats, ≥ 0; +∞ if p can be where q cannot. O(V). */
  public double kl() {
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      stopIfUnwanted(i);
      sum += divergence(p(i), q(i), lnRatio(i));
    }
    return sum;
  }

  /**
   * p ln(p/q) − p + q, which is what a token adds to KL(p‖q): at least 0, so that nothing cancels
   * in the sum over tokens, of which the last two parts come to 0.
   *
   * @param lnRatio ln(p/q), which may be known better than p and q are
   */
  public static double divergence(double p, double q, double lnRatio) {
    if (lnRatio == Double.POSITIVE_INFINITY) {
      return lnRatio;
    }
    if (p == 0) {
      return q;
    }
    return Math.abs(lnRatio) < SMALL ? q * series(lnRatio) : p * lnRatio - p + q;
  }

  /** t eᵗ − eᵗ + 1 = Σ (n − 1) tⁿ / n! from n = 2. */
  private static double series(double t) {
    double sum = 0;
    double power = t;
    for (int n = 2; n <= TERMS; n++) {
      power *= t / n;
      sum += (n - 1) * power;
    }
    return sum;
  }
}
