package io.tokentropy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.tokentropy.distribution.Interval;

/** The numbers that one model's distributions had. */
public final class ModelMeters {
  /** Nats; ln 200,000 = 12.2. */
  private static final double[] ENTROPY_NATS = {0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12};

  private static final double[] WIDTH_NATS = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8};

  /** Nats; N prompts with nothing in common have about ln N, and the bound is N/e. */
  private static final double[] INV_ENTROPY_NATS = {0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10};

  private final DistributionSummary entropies;
  private final DistributionSummary widths;
  private final DistributionSummary invEntropies;
  private final Counter small;
  private final Counter large;

  ModelMeters(MeterRegistry registry, String model) {
    this.entropies =
        DistributionSummary.builder("tokentropy.entropy.nats")
            .baseUnit("nats")
            .description("Entropy of the rows answered, the least possible one, in nats")
            .tag("model", model)
            .serviceLevelObjectives(ENTROPY_NATS)
            .register(registry);
    this.widths =
        DistributionSummary.builder("tokentropy.entropy.interval.width.nats")
            .baseUnit("nats")
            .description("Width of the range of entropies of rows that are known in part, in nats")
            .tag("model", model)
            .serviceLevelObjectives(WIDTH_NATS)
            .register(registry);
    this.invEntropies =
        DistributionSummary.builder("tokentropy.inv.entropy.nats")
            .baseUnit("nats")
            .description("Inv-Entropy of the questions answered, in nats")
            .tag("model", model)
            .serviceLevelObjectives(INV_ENTROPY_NATS)
            .register(registry);
    this.small = tokens(registry, model, "small");
    this.large = tokens(registry, model, "large");
  }

  private static Counter tokens(MeterRegistry registry, String model, String tier) {
    return Counter.builder("tokentropy.ead.tokens")
        .description("Tokens decided on, by the model that wrote them")
        .tag("model", model)
        .tag("tier", tier)
        .register(registry);
  }

  /** The entropy of one row. */
  public void entropy(Interval nats) {
    entropies.record(nats.low());
    if (!nats.isExact() && nats.isBounded()) {
      widths.record(nats.high() - nats.low());
    }
  }

  /** The Inv-Entropy of one question. */
  public void invEntropy(double nats) {
    invEntropies.record(nats);
  }

  /** One token of a pair of models, by the one that wrote it. */
  public void token(boolean byLarge) {
    (byLarge ? large : small).increment();
  }
}
