package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** A probability that a token needs to be kept, the best apart. */
final class Threshold {
  private Threshold() {}

  /** What reaches it, else the best token. */
  static Step cut(Pool pool, double threshold) {
    return Step.kept(
        pool.filtered(i -> Slack.probabilityAtLeast(pool.prob(i), threshold)),
        "threshold",
        threshold);
  }
}
