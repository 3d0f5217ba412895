package io.tokentropy.distribution;

import io.tokentropy.refusal.InvalidInput;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An entropy that somebody else computed over the whole vocabulary, with what else they sent along.
 *
 * @param nats the exact entropy, at most ln V; just below 0 it counts as 0
 * @param varentropy in nats squared, where sent
 * @param best the best k tokens, where sent; their own bounds are not used, as the entropy is exact
 * @param vocabSize V, where known
 */
public record Summary(
    double nats,
    OptionalDouble varentropy,
    @Nullable PartialDistribution best,
    OptionalInt vocabSize)
    implements Row {

  /**
   * ln V of a uniform row, summed in float32 elsewhere, may exceed ln V by this much, relatively.
   */
  private static final double SLACK = 1e-6;

  /** How far below 0 the float noise of accelerators takes the entropy of a sure row, in nats. */
  public static final double NOISE = 1e-6;

  /** Above every entropy there is, and so far below the greatest double that sums stay finite. */
  public static final double GREATEST = 1e100;

  public Summary {
    nats = withoutNoise(nats);
    if (!(nats >= 0 && nats <= GREATEST)) {
      throw new InvalidInput.ParameterOutOfRange(
          "/entropy", nats, "at least 0 and at most " + GREATEST);
    }
    if (vocabSize.isPresent() && nats > Math.log(vocabSize.getAsInt()) * (1 + SLACK) + SLACK) {
      throw new InvalidInput.ParameterOutOfRange(
          "/entropy",
          nats + " nat",
          "at most ln vocab_size = " + Math.log(vocabSize.getAsInt()) + " nat");
    }
    if (varentropy.isPresent()
        && !(varentropy.getAsDouble() >= 0 && varentropy.getAsDouble() <= GREATEST)) {
      throw new InvalidInput.ParameterOutOfRange(
          "/varentropy", varentropy.getAsDouble(), "at least 0 and at most " + GREATEST);
    }
  }

  /** An entropy that somebody sent: in [−{@link #NOISE}, 0] it is 0, else as it is. */
  public static double withoutNoise(double nats) {
    return nats >= -NOISE && nats <= 0 ? 0 : nats;
  }

  /** An entropy and nothing else. */
  public static Summary ofEntropy(double nats, OptionalInt vocabSize) {
    return new Summary(nats, OptionalDouble.empty(), null, vocabSize);
  }

  @Override
  public Interval entropy() {
    return Interval.exactly(nats);
  }
}
