package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** A probability that a token needs to be kept, the best apart. */
public record Threshold(double probability) implements Sampler.Report {
  /** What reaches it, else the best token. */
  static Step cut(Pool pool, double threshold) {
    return Step.kept(
        pool.filtered(i -> Slack.probabilityAtLeast(pool.prob(i), threshold)),
        new Threshold(threshold));
  }
}
