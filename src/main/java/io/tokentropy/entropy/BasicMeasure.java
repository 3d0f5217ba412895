package io.tokentropy.entropy;

import static io.tokentropy.entropy.Dimension.NATS;
import static io.tokentropy.entropy.Dimension.NATS_SQUARED;
import static io.tokentropy.entropy.Dimension.PURE;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import java.util.Locale;
import java.util.OptionalDouble;

/** The measures that take no parameter. */
public enum BasicMeasure implements Measure {
  /** Variance of the surprisal: Σ p (ln p + H)², in nats squared. */
  VARENTROPY {
    @Override
    public MeasureValue of(Row row) {
      OptionalDouble varentropy = varentropyOf(row);
      return varentropy.isPresent()
          ? MeasureValue.exactly(varentropy.getAsDouble(), NATS_SQUARED)
          : NO_VARENTROPY;
    }
  },

  /** p₁ − p₂: how far the best token is ahead of the next; 1 if there is no other. */
  MARGIN {
    @Override
    public MeasureValue of(Row row) {
      return switch (row) {
        case Distribution full -> MeasureValue.exactly(margin(full), PURE);
        case PartialDistribution partial -> margin(partial);
        case Summary summary ->
            summary.best() == null ? Known.ONLY_A_SUMMARY : margin(summary.best());
      };
    }
  },

  /** −ln p₁, in nats: the Rényi entropy of order ∞, the least of them all. */
  MIN_ENTROPY {
    @Override
    public MeasureValue of(Row row) {
      return Known.of(row, NATS, spectrum -> spectrum.renyi(Double.POSITIVE_INFINITY));
    }
  },

  /** Gini impurity (Gini–Simpson index): 1 − Σ p², in [0, 1 − 1/V]. */
  GINI {
    @Override
    public MeasureValue of(Row row) {
      return Known.of(row, PURE, spectrum -> spectrum.tsallis(2));
    }
  },

  /** Collision entropy: −ln Σ p², in nats; the Rényi entropy of order 2. */
  COLLISION {
    @Override
    public MeasureValue of(Row row) {
      return Known.of(row, NATS, spectrum -> spectrum.renyi(2));
    }
  },

  /** KL(p‖u) = ln V − H, in nats, u uniform over V: a confidence, 0 for a uniform row. */
  KL_FROM_UNIFORM {
    @Override
    public MeasureValue of(Row row) {
      if (row.vocabSize().isEmpty()) {
        return Known.NO_VOCAB_SIZE;
      }
      double most = Math.log(row.vocabSize().getAsInt());
      Interval entropy = row.entropy();
      return MeasureValue.between(
          Math.max(0, most - entropy.high()), Math.max(0, most - entropy.low()), NATS);
    }
  },

  /**
   * Self-certainty, KL(u‖p) = −mean ln p − ln V, in nats: a confidence, 0 for a uniform row,
   * infinite where a token has probability 0.
   *
   * @see <a href="https://arxiv.org/abs/2502.18581">Self-certainty</a>
   */
  SELF_CERTAINTY {
    @Override
    public MeasureValue of(Row row) {
      return Known.againstUniform(row, NATS, Spectrum::selfCertainty);
    }
  },

  /** Fisher–Rao distance from uniform, 2/π acos Σ √(p/V), in [0, 1]: a confidence. */
  FISHER_RAO {
    @Override
    public MeasureValue of(Row row) {
      return Known.againstUniform(row, PURE, Spectrum::fisherRao);
    }
  },

  /** The entropix {@link Quadrant} of entropy and varentropy, whatever the unit of the answer. */
  QUADRANT {
    @Override
    public MeasureValue of(Row row) {
      OptionalDouble varentropy = varentropyOf(row);
      return varentropy.isPresent()
          ? new MeasureValue.Word(Quadrant.of(row.entropy().low(), varentropy.getAsDouble()).wire())
          : NO_VARENTROPY;
    }
  },

  /** The same as entropix's own code has it, with its noise floor. */
  QUADRANT_NOISE_FLOOR {
    @Override
    public MeasureValue of(Row row) {
      return row instanceof Distribution full
          ? new MeasureValue.Word(Quadrant.withNoiseFloor(full).wire())
          : NO_WHOLE_ROW;
    }
  };

  private static final MeasureValue NO_WHOLE_ROW =
      new MeasureValue.Unavailable("the noise floor raises every token, so it needs the whole row");

  private static final MeasureValue NO_VARENTROPY =
      new MeasureValue.Unavailable(
          "varentropy is known of a whole row, or where a summary states it");

  @Override
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static OptionalDouble varentropyOf(Row row) {
    return switch (row) {
      case Distribution full -> OptionalDouble.of(full.varentropy());
      case PartialDistribution partial ->
          partial.hasTail()
              ? OptionalDouble.empty()
              : OptionalDouble.of(Spectrum.packed(partial).varentropy());
      case Summary summary ->
          summary.varentropy().isPresent() || summary.best() == null
              ? summary.varentropy()
              : varentropyOf(summary.best());
    };
  }

  private static double margin(Distribution row) {
    double second = 0;
    for (int id = 0; id < row.size(); id++) {
      if (id != row.top()) {
        second = Math.max(second, row.prob(id));
      }
    }
    return row.prob(row.top()) - second;
  }

  /** What the sender rounded, of each probability; none where nobody did. */
  private static double error(PartialDistribution row) {
    return row.massError() == 0 ? 0 : row.decisiveError();
  }

  private static MeasureValue margin(PartialDistribution row) {
    double[] lnProbs = row.lnProbs();
    if (lnProbs.length == 0) {
      return new MeasureValue.Unavailable("no token is known but the sampled one");
    }
    double first = Math.exp(lnProbs[0]);
    if (lnProbs.length > 1) {
      double second = Math.exp(lnProbs[1]);
      double error = error(row) * (first + second);
      return MeasureValue.between(
          Math.max(0, first - second - error) * row.scale().low(),
          Math.min(1, (first - second + error) * row.scale().high()),
          PURE);
    }
    double sampled = Math.exp(row.sampledLnProb().orElse(Double.NEGATIVE_INFINITY));
    double least =
        row.tail().unseen().isPresent() && row.hasTail()
            ? row.leastTail().mass() / row.tail().unseen().getAsInt()
            : 0;
    double most = Math.min(row.greatestTail().cap(), row.greatestTail().mass());
    double error = error(row) * first;
    return MeasureValue.between(
        Math.max(0, (first - error) * row.scale().low() - Math.max(sampled, most)),
        Math.min(1, (first + error) * row.scale().high() - Math.max(sampled, least)),
        PURE);
  }
}
