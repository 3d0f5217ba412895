package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/**
 * l_max − f k d² + f s d³ with d = l − l_max, k = (3 − c) / 2, s = (c − 1) / 2; f = 0 changes
 * nothing.
 */
public record Quadratic(double smoothingFactor, double curve) implements Sampler {
  public Quadratic {
    Parameter.require(
        smoothingFactor >= 0 && Double.isFinite(smoothingFactor),
        "smoothing_factor",
        smoothingFactor,
        "at least 0");
    Parameter.require(curve >= 1 && curve <= 3, "smoothing_curve", curve, "between 1 and 3");
  }

  @Override
  public boolean isOff() {
    return smoothingFactor == 0;
  }

  @Override
  public Step step(Pool pool) {
    if (isOff()) {
      return Step.reshaped(pool);
    }
    double k = smoothingFactor * (3 - curve) / 2;
    double s = smoothingFactor * (curve - 1) / 2;
    return Step.reshaped(
        pool.reshaped(
            score -> {
              double d = score - pool.max();
              return -k * d * d + s * d * d * d;
            }));
  }
}
