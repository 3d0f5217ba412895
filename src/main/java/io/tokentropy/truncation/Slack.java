package io.tokentropy.truncation;

/**
 * Comparisons that a tie decides: uniform, dyadic and quantised rows hit a bound exactly, and the
 * last bit of a sum must not choose. Sums and entropies have it relative to the bound, however
 * small: an absolute one would swallow the budget of a sure row.
 */
final class Slack {
  static final double S = 1e-10;

  private Slack() {}

  static boolean atMost(double value, double bound) {
    return value <= bound + S * Math.abs(bound);
  }

  static boolean probabilityAtLeast(double p, double threshold) {
    return p >= threshold * (1 - S);
  }

  static boolean massAtLeast(double mass, double target) {
    return mass >= target - S;
  }

  static boolean logitAtLeast(double logit, double threshold) {
    return logit >= threshold - S * Math.max(1, Math.abs(threshold));
  }
}
