package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;
import java.util.LinkedHashMap;

/** Scores at least l_max − n σ, σ the standard deviation of the finite scores. */
public record TopNSigma(double n, int ddof) implements Sampler {
  public TopNSigma {
    Parameter.require(n > 0 && n < Double.POSITIVE_INFINITY, "n", n, "a finite number above 0");
    Parameter.require(ddof == 0 || ddof == 1, "ddof", ddof, "0 (population) or 1 (sample)");
  }

  @Override
  public String wire() {
    return "top_n_sigma";
  }

  @Override
  public Step step(Pool pool) {
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
    var extra = new LinkedHashMap<String, Object>();
    extra.put("sigma", sigma);
    extra.put("cut_below_max", n * sigma);
    return new Step(
        pool.filtered(i -> Slack.logitAtLeast(pool.score(i) - pool.max(), threshold)),
        false,
        extra,
        null);
  }
}
