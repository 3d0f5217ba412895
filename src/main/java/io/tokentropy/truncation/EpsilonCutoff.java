package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** p ≥ ε, else the best token. */
public record EpsilonCutoff(double epsilon) implements Sampler {
  public EpsilonCutoff {
    Parameter.requireShare(
        epsilon >= 0 && epsilon < 1, "epsilon", epsilon, "at least 0 and below 1");
  }

  @Override
  public boolean isOff() {
    return epsilon == 0;
  }

  @Override
  public Step step(Pool pool) {
    return Threshold.cut(pool, epsilon);
  }
}
