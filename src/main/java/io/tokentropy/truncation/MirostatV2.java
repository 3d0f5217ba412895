package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens with a surprisal of at most μ bits; with the sampled token also the next μ. */
public record MirostatV2(double mu, double tau, double eta, OptionalInt sampledId)
    implements Sampler {
  public MirostatV2 {
    Parameter.require(Double.isFinite(mu), "mu", mu, "a finite number of bits");
    Parameter.require(
        tau > 0 && Double.isFinite(tau), "tau", tau, "a finite number of bits above 0");
    Parameter.require(eta >= 0 && eta <= 1, "eta", eta, "between 0 and 1");
  }

  @Override
  public String wire() {
    return "mirostat_v2";
  }

  @Override
  public Step step(Pool pool) {
    Pool kept = pool.filtered(i -> Slack.atMost(-pool.lnProb(i) / Math.log(2), mu));
    return Mirostat.remember(kept, Map.of(), sampledId, mu, tau, eta);
  }
}
