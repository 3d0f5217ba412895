package io.tokentropy.truncation;

import io.tokentropy.kernel.Sums;

/**
 * How much mass any set of tokens with H(q) ≤ B can have. With a_i = p_i (−ln p_i − B), a set of
 * mass m is feasible exactly if Σ a_i + m ln m ≤ 0. For a given mass the least Σ a_i is that of the
 * sorted prefix, its last token taken in part; so the greatest feasible mass of such a fractional
 * prefix bounds them all. Greedy takes the whole tokens of it.
 *
 * <p>Divided by p₁, with e = p / p₁ and the best token left out of the sums, the condition is Σ (−e
 * ln e) + (1 + Σ e) (ln(1 + Σ e) − B) ≤ 0, which loses no digits where the row is sure.
 *
 * @param upperBound no feasible set has more mass
 * @param gap upper bound less kept mass, at least 0
 * @param ratio kept mass by upper bound, at most 1
 */
public record Certificate(double upperBound, double gap, double ratio) {
  /**
   * Solves for the part of the next token.
   *
   * @param prefix the greedy prefix of a pool
   * @param size how many tokens it has
   * @param kept the set that is certified; it holds the best token
   */
  static Certificate of(double budget, Prefix prefix, Pool pool, int size, Pool kept) {
    if (size == pool.size()) {
      return new Certificate(1, 0, 1);
    }
    double depth = pool.depthOfRank(size);
    double bound = prefix.rest() + part(budget, prefix, depth) * Math.exp(-depth);
    double upper = Math.max(bound, kept.rest());
    double whole = 1 + pool.rest();
    return new Certificate(
        Math.min(1, (1 + upper) / whole),
        (upper - kept.rest()) / whole,
        (1 + kept.rest()) / (1 + upper));
  }

  /**
   * The root in [0, 1] of a convex function that is at most 0 at 0; bisection down to the last bit.
   */
  private static double part(double budget, Prefix prefix, double depth) {
    double e = Math.exp(-depth);
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      double rest = prefix.rest() + middle * e;
      double weighted = prefix.weighted() + middle * e * depth;
      if (weighted + (1 + rest) * (Sums.ln1p(rest) - budget) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
