package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/**
 * The sorted probabilities up to where their normalised second differences sum to z; z = 1 keeps
 * all.
 */
public record TailFree(double z) implements Sampler {
  public TailFree {
    Parameter.requireShare(z > 0 && z <= 1, "z", z, "above 0 and at most 1");
  }

  @Override
  public boolean isOff() {
    return z == 1;
  }

  @Override
  public Step step(Pool pool) {
    int n = pool.size();
    if (isOff() || n < 3) {
      return Step.kept(pool);
    }
    var bend = new double[n - 2];
    double total = 0;
    for (int rank = 0; rank < n - 2; rank++) {
      double a = pool.prob(pool.ranked(rank));
      double b = pool.prob(pool.ranked(rank + 1));
      double c = pool.prob(pool.ranked(rank + 2));
      bend[rank] = Math.abs((a - b) - (b - c));
      total += bend[rank];
    }
    if (total <= 1e-15) {
      return Step.kept(pool);
    }
    double sum = 0;
    int leading = 0;
    while (leading < bend.length && Slack.atMost((sum + bend[leading]) / total, z)) {
      sum += bend[leading++];
    }
    return Step.kept(pool.prefix(1 + leading));
  }
}
