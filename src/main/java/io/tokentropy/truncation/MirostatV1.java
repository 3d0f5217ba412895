package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;
import java.util.LinkedHashMap;
import java.util.OptionalInt;

/** The best k, k from μ and the Zipf exponent that fits the best m tokens. */
public record MirostatV1(double mu, double tau, double eta, int m, OptionalInt sampledId)
    implements Sampler {
  public MirostatV1 {
    Parameter.require(Double.isFinite(mu), "mu", mu, "a finite number of bits");
    Parameter.require(
        tau > 0 && Double.isFinite(tau), "tau", tau, "a finite number of bits above 0");
    Parameter.require(eta >= 0 && eta <= 1, "eta", eta, "between 0 and 1");
    Parameter.require(m >= 2, "m", m, "at least 2");
  }

  @Override
  public String wire() {
    return "mirostat_v1";
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
    int whole = Double.isNaN(k) ? pool.size() : (int) Math.min(pool.size(), Math.max(1, k));
    var extra = new LinkedHashMap<String, Object>();
    extra.put("k", whole);
    extra.put("s_hat", s);
    return Mirostat.remember(pool.prefix(whole), extra, sampledId, mu, tau, eta);
  }
}
