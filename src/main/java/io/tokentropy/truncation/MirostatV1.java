package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The best k, k from μ and the Zipf exponent s that fits the best m tokens; a flat head has none,
 * and all are kept.
 */
public record MirostatV1(double mu, double tau, double eta, int m, OptionalInt sampledId)
    implements Sampler {
  /**
   * The fit.
   *
   * @param k how many are kept
   * @param exponent of Zipf's law
   * @param surprise what the sampled token says; null without one
   */
  public record Report(int k, double exponent, @Nullable Surprise surprise)
      implements Sampler.Report {}

  public MirostatV1 {
    Surprise.require(mu, tau, eta);
    Parameter.require(m >= 2, "m", m, "at least 2");
  }

  @Override
  public Step step(Pool pool) {
    double cross = 0;
    double square = 0;
    for (int i = 0; i < Math.min(m, pool.size()) - 1; i++) {
      double t = Math.log((i + 2.0) / (i + 1.0));
      cross += t * (pool.score(pool.ranked(i)) - pool.score(pool.ranked(i + 1)));
      square += t * t;
    }
    double s = square == 0 ? 0 : cross / square;
    double e = s - 1;
    double n = pool.vocabSize();
    double share = Math.abs(e) < 1e-9 ? 1 / Math.log(n) : e / (1 - Math.pow(n, -e));
    double k = Math.pow(share * Math.pow(2, mu), 1 / s);
    boolean flat = !(s > 0) || Double.isNaN(k);
    int whole = flat ? pool.size() : (int) Math.min(pool.size(), Math.max(1, k));
    Pool kept = pool.prefix(whole);
    return Step.kept(kept, new Report(whole, s, Surprise.of(kept, sampledId, mu, tau, eta)));
  }
}
