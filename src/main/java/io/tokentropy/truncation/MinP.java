package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** p ≥ m · p_max. */
public record MinP(double minP) implements Sampler {
  public MinP {
    Parameter.requireShare(minP >= 0 && minP <= 1, "min_p", minP, "between 0 and 1");
  }

  @Override
  public boolean isOff() {
    return minP == 0;
  }

  @Override
  public Step step(Pool pool) {
    return Threshold.cut(pool, minP * pool.prob(pool.ranked(0)));
  }
}
