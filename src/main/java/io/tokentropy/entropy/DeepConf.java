package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.refusal.InvalidInput;
import java.util.OptionalInt;

/**
 * DeepConf's token confidence: −(1/k) Σ ln p over the best k tokens, in nats. High means confident;
 * k sets the scale, so that only confidences of the same k compare.
 *
 * @param k at least 1; empty: all that are listed, or of a whole row the best 20 (all, if fewer)
 * @see <a href="https://arxiv.org/abs/2508.15260">Deep Think with Confidence</a>
 */
public record DeepConf(OptionalInt k) implements Measure {
  static final String NAME = "deepconf";

  /** The published code's k. */
  private static final int DEFAULT_K = 20;

  private static final MeasureValue INFINITE =
      new MeasureValue.Unavailable("it is infinite, as one of the best k has probability 0");

  public DeepConf {
    if (k.isPresent() && k.getAsInt() < 1) {
      throw new InvalidInput.ParameterOutOfRange("/k", k.getAsInt(), "at least 1");
    }
  }

  @Override
  public String wire() {
    return NAME;
  }

  @Override
  public MeasureValue of(Row row) {
    int size = row.vocabSize().orElse(Integer.MAX_VALUE);
    if (k.orElse(1) > size) {
      throw new InvalidInput.ParameterOutOfRange(
          "/k", k.getAsInt(), "at most the number of tokens, " + size);
    }
    return switch (row) {
      case Distribution full ->
          confidence(
              Greatest.of(size, full::lnProb, k.orElse(Math.min(DEFAULT_K, size))),
              k.orElse(Math.min(DEFAULT_K, size)));
      case PartialDistribution partial -> of(partial);
      case Summary summary -> summary.best() == null ? Known.ONLY_A_SUMMARY : of(summary.best());
    };
  }

  private MeasureValue of(PartialDistribution row) {
    int known = row.best().size();
    if (known == 0) {
      return new MeasureValue.Unavailable("no token is known but the sampled one");
    }
    int wanted = k.orElse(known);
    if (wanted > known) {
      return row.closed()
          ? INFINITE
          : new MeasureValue.Unavailable(
              "k is " + wanted + ", but " + known + " tokens are listed");
    }
    Interval scale = row.scale();
    double mean = mean(row.lnProbs(), wanted);
    return scale.isExact()
        ? confidence(row.lnProbs(), wanted)
        : MeasureValue.between(
            Math.max(0, mean - Math.log(scale.high())),
            mean - Math.log(scale.low()),
            Dimension.NATS);
  }

  private static MeasureValue confidence(double[] lnProbs, int k) {
    double mean = mean(lnProbs, k);
    return mean == Double.POSITIVE_INFINITY
        ? INFINITE
        : MeasureValue.exactly(Math.max(0, mean), Dimension.NATS);
  }

  /** −(1/k) Σ of the first k of the given ln p, at least 1 of them. */
  static double mean(double[] lnProbs, int k) {
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum -= lnProbs[i];
    }
    return sum / k;
  }
}
