package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;
import java.util.OptionalInt;

/** The tokens with a surprisal of at most μ bits; with the sampled token also the next μ. */
public record MirostatV2(double mu, double tau, double eta, OptionalInt sampledId)
    implements Sampler {
  /** What the sampled token says. */
  public record Report(Surprise surprise) implements Sampler.Report {}

  public MirostatV2 {
    Surprise.require(mu, tau, eta);
  }

  @Override
  public Step step(Pool pool) {
    Pool kept = pool.filtered(i -> Slack.atMost(-pool.lnProb(i) / Math.log(2), mu));
    Surprise surprise = Surprise.of(kept, sampledId, mu, tau, eta);
    return surprise == null ? Step.kept(kept) : Step.kept(kept, new Report(surprise));
  }
}
