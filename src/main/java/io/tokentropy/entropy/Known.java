package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import java.util.function.ToDoubleFunction;

/** What is known of a figure when only a part of the distribution is. */
final class Known {
  /** The answer where the row is a summary without its best tokens. */
  static final MeasureValue ONLY_A_SUMMARY =
      new MeasureValue.Unavailable("it does not follow from a summary without top_logprobs");

  /** The answer where V is needed. */
  static final MeasureValue NO_VOCAB_SIZE = new MeasureValue.Unavailable("it needs vocab_size");

  private Known() {}

  /**
   * A figure that only rises, or only falls, as probabilities are evened out, so that its ends are
   * found at the most uneven and the most even row that fit what was sent.
   */
  static MeasureValue of(Row row, Dimension dimension, ToDoubleFunction<Spectrum> figure) {
    return switch (row) {
      case Distribution full ->
          MeasureValue.exactly(figure.applyAsDouble(Spectrum.of(full)), dimension);
      case PartialDistribution partial ->
          between(Spectrum.packed(partial), Spectrum.even(partial), dimension, figure);
      case Summary summary ->
          summary.best() == null ? ONLY_A_SUMMARY : of(summary.best(), dimension, figure);
    };
  }

  /** The same for a figure that compares with the uniform distribution, and so needs V. */
  static MeasureValue againstUniform(
      Row row, Dimension dimension, ToDoubleFunction<Spectrum> figure) {
    if (row instanceof Summary summary && summary.best() != null) {
      return againstUniform(summary.best(), dimension, figure);
    }
    return row.vocabSize().isEmpty() ? NO_VOCAB_SIZE : of(row, dimension, figure);
  }

  private static MeasureValue between(
      Spectrum one, Spectrum other, Dimension dimension, ToDoubleFunction<Spectrum> figure) {
    double first = figure.applyAsDouble(one);
    double second = figure.applyAsDouble(other);
    return MeasureValue.between(Math.min(first, second), Math.max(first, second), dimension);
  }

  /** The same of a row whose entropy is the figure. */
  static MeasureValue entropy(Row row, Dimension dimension) {
    return MeasureValue.between(row.entropy().low(), row.entropy().high(), dimension);
  }
}
