package io.tokentropy.truncation;

/**
 * How much mass any set of tokens with H(q) ≤ B can have. With a_i = p_i (−ln p_i − B), a set of
 * mass m is feasible exactly if Σ a_i + m ln m ≤ 0. For a given mass the least Σ a_i is that of the
 * sorted prefix, its last token taken in part; so the greatest feasible mass of such a fractional
 * prefix bounds them all. Greedy takes the whole tokens of it.
 *
 * @param upperBound no feasible set has more mass
 * @param gap upper bound less kept mass, at least 0
 * @param ratio kept mass by upper bound, at most 1
 */
public record Certificate(double upperBound, double gap, double ratio) {
  /**
   * Solves for the part of the next token.
   *
   * @param mass Γ of the greedy prefix
   * @param weighted Σ p ln p over it
   * @param next the probability of the first token after it; 0 if there is none
   * @param keptMass of the set that is certified
   */
  static Certificate of(double budget, double mass, double weighted, double next, double keptMass) {
    double bound = next == 0 ? mass : mass + next * part(budget, mass, weighted, next);
    double upper = Math.max(bound, keptMass);
    return new Certificate(upper, upper - keptMass, keptMass / upper);
  }

  /**
   * The root in [0, 1] of a convex function that is at most 0 at 0; bisection down to the last bit.
   */
  private static double part(double budget, double mass, double weighted, double next) {
    double head = -weighted - budget * mass;
    double slope = next * (-Math.log(next) - budget);
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      double m = mass + middle * next;
      if (head + middle * slope + m * Math.log(m) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
