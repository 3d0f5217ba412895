package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** p ≥ a · p_max². */
public record TopA(double a) implements Sampler {
  public TopA {
    Parameter.requireShare(a >= 0 && a <= 1, "a", a, "between 0 and 1");
  }

  @Override
  public boolean isOff() {
    return a == 0;
  }

  @Override
  public Step step(Pool pool) {
    double p = pool.prob(pool.ranked(0));
    return Threshold.cut(pool, a * p * p);
  }
}
