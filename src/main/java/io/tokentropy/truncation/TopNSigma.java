package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** Scores at least l_max − n σ, σ the standard deviation of the finite scores; n = −1 keeps all. */
public record TopNSigma(double n, int ddof) implements Sampler {
  /** How llama.cpp says that it is not to cut. */
  private static final double OFF = -1;

  /**
   * Scores.
   *
   * @param sigma their standard deviation
   * @param cutBelowMax how far below the best they are cut
   */
  public record Report(double sigma, double cutBelowMax) implements Sampler.Report {}

  public TopNSigma {
    Parameter.require(
        (n > 0 && n < Double.POSITIVE_INFINITY) || n == OFF,
        "n",
        n,
        "a finite number above 0, or -1");
    Parameter.require(ddof == 0 || ddof == 1, "ddof", ddof, "0 (population) or 1 (sample)");
  }

  @Override
  public boolean isOff() {
    return n == OFF;
  }

  @Override
  public Step step(Pool pool) {
    if (isOff()) {
      return Step.kept(pool);
    }
    int size = pool.size();
    double mean = 0;
    for (int i = 0; i < size; i++) {
      mean += (pool.score(i) - pool.max()) / size;
    }
    double square = 0;
    for (int i = 0; i < size; i++) {
      double d = pool.score(i) - pool.max() - mean;
      square += d * d;
    }
    double sigma = size == 1 ? 0 : Math.sqrt(square / (size - ddof));
    double threshold = -n * sigma;
    return Step.kept(
        pool.filtered(i -> Slack.logitAtLeast(pool.score(i) - pool.max(), threshold)),
        new Report(sigma, n * sigma));
  }
}
