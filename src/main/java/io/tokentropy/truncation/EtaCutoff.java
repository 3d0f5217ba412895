package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** p ≥ min(ε, √ε e^−H). */
public record EtaCutoff(double epsilon) implements Sampler {
  public EtaCutoff {
    Parameter.requireShare(
        epsilon >= 0 && epsilon < 1, "epsilon", epsilon, "at least 0 and below 1");
  }

  @Override
  public boolean isOff() {
    return epsilon == 0;
  }

  @Override
  public Step step(Pool pool) {
    return Threshold.cut(pool, threshold(pool.entropy()));
  }

  double threshold(double entropy) {
    return Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy));
  }
}
