package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/**
 * The k best; k = 0 or −1 keeps all. With {@code allTies} also whatever is as probable as the k-th.
 */
public record TopK(int k, boolean allTies) implements Sampler {
  public TopK {
    Parameter.require(k >= -1, "k", k, "at least 0; 0 and -1 keep all");
  }

  @Override
  public boolean isOff() {
    return k <= 0;
  }

  @Override
  public Step step(Pool pool) {
    if (isOff() || k >= pool.size()) {
      return Step.kept(pool);
    }
    if (!allTies) {
      return Step.kept(pool.prefix(k));
    }
    double last = pool.prob(pool.ranked(k - 1));
    return Step.kept(pool.filtered(i -> Slack.probabilityAtLeast(pool.prob(i), last)));
  }
}
