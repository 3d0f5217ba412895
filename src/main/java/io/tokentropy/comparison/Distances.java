package io.tokentropy.comparison;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.kernel.Sums;

/**
 * Distances between a reference p and a candidate q. Divergences and the cross-entropy are in nats
 * and may be +∞; the others have no unit. Each is a sum of terms of one sign made of ln(p/q), so
 * that none cancels where p and q are nearly the same.
 *
 * @param crossEntropy −Σ p ln q
 * @param kl KL(p‖q)
 * @param reverseKl KL(q‖p)
 * @param jensenShannon ½ KL(p‖m) + ½ KL(q‖m), m = (p + q)/2, in [0, ln 2]
 * @param totalVariation ½ Σ |p − q|, in [0, 1]
 * @param overlap Σ min(p, q) = 1 − total variation: the share of tokens drawn from q that
 *     speculative sampling accepts for p
 * @param hellinger √(½ Σ (√p − √q)²), in [0, 1]
 */
public record Distances(
    double crossEntropy,
    double kl,
    double reverseKl,
    double jensenShannon,
    double totalVariation,
    double overlap,
    double hellinger) {

  /** Below this a series is more exact than the formula. */
  private static final double SMALL = 0.25;

  /** So many terms of the series are within a rounding at {@link #SMALL}. */
  private static final int TERMS = 12;

  /** All distances; O(V). */
  public static Distances of(Contrast pair) {
    double cross = 0;
    double jensenShannon = 0;
    double apart = 0;
    double overlap = 0;
    double roots = 0;
    for (int i = 0; i < pair.size(); i++) {
      Contrast.stopIfUnwanted(i);
      double p = pair.p(i);
      double q = pair.q(i);
      double lnRatio = pair.lnRatio(i);
      if (lnRatio == Double.POSITIVE_INFINITY) {
        cross = lnRatio;
      } else if (p > 0) {
        cross -= p * pair.lnQ(i);
      }
      jensenShannon += jensenShannon(p, q, lnRatio);
      apart += Math.max(p, q) * -Math.expm1(-Math.abs(lnRatio));
      overlap += Math.min(p, q);
      double root = Math.sqrt(Math.max(p, q)) * Math.expm1(-Math.abs(lnRatio) / 2);
      roots += root * root;
    }
    return new Distances(
        cross,
        pair.kl(),
        pair.reversed().kl(),
        Math.min(Math.log(2), jensenShannon),
        Math.min(1, apart / 2),
        Math.min(1, overlap),
        Math.min(1, Math.sqrt(roots / 2)));
  }

  /**
   * ½ (p ln(p/m) + q ln(q/m)): with u = (p − q)/(p + q) it is ½ m ((1+u) ln(1+u) + (1−u) ln(1−u)),
   * where the bracket is Σ u²ᵏ / (k (2k − 1)).
   */
  private static double jensenShannon(double p, double q, double lnRatio) {
    double mean = (p + q) / 2;
    double u = Math.tanh(lnRatio / 2);
    if (Math.abs(u) < SMALL) {
      double sum = 0;
      double power = 1;
      for (int k = 1; k <= TERMS; k++) {
        power *= u * u;
        sum += power / (k * (2.0 * k - 1));
      }
      return mean / 2 * sum;
    }
    return -mean / 2 * (Sums.surprise(1 + u) + Sums.surprise(1 - u));
  }
}
