package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** Scores divided by T; T = 0 keeps the best token. */
public record Temperature(double temperature) implements Sampler {
  public Temperature {
    Parameter.require(
        temperature == 0 || (temperature > 0 && 1 / temperature < Double.POSITIVE_INFINITY),
        "temperature",
        temperature,
        "a finite number, at least 0");
  }

  @Override
  public boolean isOff() {
    return temperature == 1;
  }

  @Override
  public Step step(Pool pool) {
    return Step.reshaped(at(pool, temperature));
  }

  /** The same of logits, for T above 0. */
  void divide(double[] logits) {
    for (int id = 0; id < logits.length; id++) {
      logits[id] /= temperature;
    }
  }

  static Pool at(Pool pool, double temperature) {
    return temperature == 0
        ? pool.prefix(1)
        : pool.reshaped(score -> (score - pool.max()) / temperature);
  }
}
