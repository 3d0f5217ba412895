package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** The shortest prefix with mass at least p; p = 1 keeps all, p = 0 one. */
public record TopP(double p) implements Sampler {
  public TopP {
    Parameter.requireShare(p >= 0 && p <= 1, "p", p, "between 0 and 1");
  }

  @Override
  public boolean isOff() {
    return p == 1;
  }

  @Override
  public Step step(Pool pool) {
    if (isOff()) {
      return Step.kept(pool);
    }
    double mass = 0;
    int rank = 0;
    do {
      mass += pool.prob(pool.ranked(rank++));
    } while (rank < pool.size() && !Slack.massAtLeast(mass, p));
    return Step.kept(pool.prefix(rank));
  }
}
