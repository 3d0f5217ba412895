package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** A temperature between the two, by (H / ln n)^exponent, n the tokens left. */
public record DynamicTemperature(double minTemp, double maxTemp, double exponent)
    implements Sampler {
  /** The temperature that was applied. */
  public record Report(double temperature) implements Sampler.Report {}

  public DynamicTemperature {
    Parameter.require(minTemp >= 0 && Double.isFinite(minTemp), "min_temp", minTemp, "at least 0");
    Parameter.require(
        maxTemp >= minTemp && Double.isFinite(maxTemp), "max_temp", maxTemp, "at least min_temp");
    Parameter.require(exponent > 0 && Double.isFinite(exponent), "exponent", exponent, "above 0");
  }

  @Override
  public Step step(Pool pool) {
    double share = pool.size() == 1 ? 0 : Math.min(1, pool.entropy() / Math.log(pool.size()));
    double temperature = minTemp + (maxTemp - minTemp) * Math.pow(share, exponent);
    return Step.reshaped(Temperature.at(pool, temperature), new Report(temperature));
  }
}
