package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** p ≥ Σp², or with {@code normalised} p ≥ (V Σp² − 1) / (V − 1), V the vocabulary of the row. */
public record PLess(boolean normalised) implements Sampler {
  @Override
  public Step step(Pool pool) {
    double collision = pool.collision();
    double v = pool.vocabSize();
    return Threshold.cut(
        pool, !normalised ? collision : v == 1 ? 1 : Math.max(0, (v * collision - 1) / (v - 1)));
  }
}
