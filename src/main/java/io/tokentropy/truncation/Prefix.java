package io.tokentropy.truncation;

import io.tokentropy.kernel.Sums;

/**
 * A growing set that holds the best token, and its entropy once renormalised, without cancellation:
 * each token counts e = p / p₁, given as its depth −ln e, and the best token's own 1 stays out of
 * the sums.
 */
final class Prefix {
  private double rest;
  private double weighted;

  /** The best token alone. */
  Prefix() {}

  Prefix(Prefix other) {
    rest = other.rest;
    weighted = other.weighted;
  }

  /** The same with one more token. */
  Prefix with(double depth) {
    var longer = new Prefix(this);
    longer.add(depth);
    return longer;
  }

  void add(double depth) {
    double e = Math.exp(-depth);
    rest += e;
    weighted += e * depth;
  }

  /**
   * Adds a token if H stays within a budget, with the slack of every comparison.
   *
   * @return whether it was added
   */
  boolean addWithin(double depth, double budget) {
    double e = Math.exp(-depth);
    double more = rest + e;
    double moreWeighted = weighted + e * depth;
    if (!Slack.atMost(Sums.entropy(more, moreWeighted), budget)) {
      return false;
    }
    rest = more;
    weighted = moreWeighted;
    return true;
  }

  /** H in nats. */
  double entropy() {
    return Sums.entropy(rest, weighted);
  }

  /** Σ e over all but the best. */
  double rest() {
    return rest;
  }

  /** Σ −e ln e. */
  double weighted() {
    return weighted;
  }
}
