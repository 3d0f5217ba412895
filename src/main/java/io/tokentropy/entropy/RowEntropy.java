package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The entropy of one decoding step and what follows from it.
 *
 * @param entropy nats; empty if the {@code estimate} needs an upper bound and there is none
 * @param interval nats, the range in which the entropy is known to lie; +∞ if it has no upper bound
 * @param estimate what {@code entropy} is where the interval is not a point
 * @param massSeen Σp of what is listed; null where the whole row or its exact entropy is known, and
 *     where only ratios are
 * @param outcomes the number of tokens whose even distribution has {@code normalized} 1: V, but
 *     what is listed for {@link Estimate#RENORMALIZED}
 * @param vocabSize V, where known
 * @param top the most probable token, where known
 */
public record RowEntropy(
    OptionalDouble entropy,
    Interval interval,
    Estimate estimate,
    @Nullable Interval massSeen,
    OptionalInt outcomes,
    OptionalInt vocabSize,
    @Nullable Top top) {

  /** A token by id, by text, or both, and its probability. */
  public record Top(@Nullable Integer id, @Nullable String token, Interval prob) {}

  public static RowEntropy of(Row row, Estimate estimate) {
    return switch (row) {
      case Distribution full ->
          exactly(
              row, estimate, new Top(full.top(), null, Interval.exactly(full.prob(full.top()))));
      case Summary summary ->
          exactly(row, estimate, summary.best() == null ? null : top(summary.best()));
      case PartialDistribution partial ->
          new RowEntropy(
              estimate.of(partial),
              partial.entropy(),
              estimate,
              partial.ratiosOnly() ? null : partial.massRange(),
              estimate == Estimate.RENORMALIZED
                  ? OptionalInt.of(listedWithProbability(partial))
                  : partial.vocabSize(),
              partial.vocabSize(),
              top(partial));
    };
  }

  private static RowEntropy exactly(Row row, Estimate estimate, @Nullable Top top) {
    return new RowEntropy(
        estimate.of(row), row.entropy(), estimate, null, row.vocabSize(), row.vocabSize(), top);
  }

  private static int listedWithProbability(PartialDistribution row) {
    return row.best().size() + (row.sampled() == null ? 0 : 1);
  }

  private static @Nullable Top top(PartialDistribution row) {
    if (row.best().isEmpty()) {
      return null;
    }
    Entry best = row.best().getFirst();
    return new Top(best.id(), best.token(), row.scale().times(Math.exp(row.lnProbs()[0])));
  }

  /** Whether the entropy is known as a single number. */
  public boolean exact() {
    return interval.isExact();
  }

  /** H / ln V, in [0, 1]; 0 for V = 1; empty without V or entropy. */
  public OptionalDouble normalized() {
    return entropy.isEmpty() || outcomes.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(normalized(entropy.getAsDouble(), outcomes.getAsInt()));
  }

  /** The range of H / ln V; null without V. */
  public @Nullable Interval normalizedInterval() {
    return vocabSize.isEmpty()
        ? null
        : new Interval(
            normalized(interval.low(), vocabSize.getAsInt()),
            normalized(interval.high(), vocabSize.getAsInt()));
  }

  private static double normalized(double nats, int outcomes) {
    return outcomes == 1 ? 0 : Math.min(1, nats / Math.log(outcomes));
  }

  /** e^H: the number of equally probable tokens of this entropy; empty where it overflows. */
  public OptionalDouble perplexity() {
    return entropy.isPresent() && Math.exp(entropy.getAsDouble()) < Double.POSITIVE_INFINITY
        ? OptionalDouble.of(Math.exp(entropy.getAsDouble()))
        : OptionalDouble.empty();
  }
}
