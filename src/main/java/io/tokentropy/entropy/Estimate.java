package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Which single number stands for an entropy of which only a range is known. All agree where the
 * entropy is exact.
 */
public enum Estimate {
  /** The middle of the range, whose greatest possible error is least. */
  MIDPOINT,
  /** The low end. */
  LOW,
  /** The high end: the tail spread evenly over the unseen tokens. */
  HIGH,
  /** The tail as one more token: never above the low end. */
  BUCKET,
  /** No term for the tail, as LM-Polygraph has it: never above the low end. */
  TRUNCATED,
  /** The list scaled to mass 1, as uqlm has it: never above the low end. */
  RENORMALIZED;

  /**
   * The estimate of a name on the wire.
   *
   * @throws InvalidInput.ParameterOutOfRange on any other name
   */
  public static Estimate fromWire(String wire) {
    for (Estimate estimate : values()) {
      if (estimate.wire().equals(wire)) {
        return estimate;
      }
    }
    throw new InvalidInput.ParameterOutOfRange(
        "",
        '"' + wire + '"',
        Arrays.stream(values())
            .map(Estimate::wire)
            .collect(Collectors.joining(", ", "one of ", "")));
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the number may lie below everything that the entropy can be. */
  public boolean mayUndershoot() {
    return switch (this) {
      case MIDPOINT, LOW, HIGH -> false;
      case BUCKET, TRUNCATED, RENORMALIZED -> true;
    };
  }

  /**
   * The entropy of a row, in nats; empty for {@link #MIDPOINT} and {@link #HIGH} where the range
   * has no upper end, that is, without {@code vocab_size} or behind a filter, and for what needs
   * the mass of the list where only ratios are known.
   */
  public OptionalDouble of(Row row) {
    return switch (row) {
      case Distribution full -> OptionalDouble.of(full.entropy().low());
      case Summary summary -> OptionalDouble.of(summary.nats());
      case PartialDistribution partial -> of(partial);
    };
  }

  private OptionalDouble of(PartialDistribution row) {
    Interval range = row.entropy();
    return switch (this) {
      case LOW -> OptionalDouble.of(range.low());
      case MIDPOINT -> bounded(range, range.midpoint());
      case HIGH -> bounded(range, range.high());
      case BUCKET ->
          row.ratiosOnly() ? OptionalDouble.empty() : OptionalDouble.of(row.bucketEntropy());
      case TRUNCATED ->
          row.ratiosOnly() ? OptionalDouble.empty() : OptionalDouble.of(row.truncatedEntropy());
      case RENORMALIZED -> OptionalDouble.of(row.renormalisedEntropy());
    };
  }

  private static OptionalDouble bounded(Interval range, double value) {
    return range.isBounded() ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
