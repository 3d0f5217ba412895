package io.tokentropy.entropy;

import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The entropies of the steps of a sequence, taken together. As the steps bound each other in
 * nothing, both ends of each range are attained.
 *
 * @param mean nats per step
 * @param max nats, the greatest of all steps
 * @param sum nats
 * @param meanNormalized the mean of H / ln V
 */
public record SequenceEntropy(Figure mean, Figure max, Figure sum, Figure meanNormalized) {
  /**
   * A figure of several steps.
   *
   * @param value from the steps' own estimates; empty if one of them has none
   * @param interval the range in which it is known to lie; null if a step has none
   */
  public record Figure(OptionalDouble value, @Nullable Interval interval) {}

  /**
   * EDCO's prefix entropy: how well the first steps stand for all.
   *
   * @param full mean over all steps, nats
   * @param prefix mean over the first {@code used} steps, nats
   * @param used the prefix length, or the number of steps if there are fewer
   * @see <a href="https://arxiv.org/abs/2601.03725">EDCO</a>
   */
  public record Prefix(Figure full, Figure prefix, int used) {}

  /**
   * Takes the steps of one sequence together.
   *
   * @param rows one for each step, in order
   * @throws InvalidInput.MissingInput if there is none
   */
  public static SequenceEntropy of(List<RowEntropy> rows) {
    requireSome(rows);
    return new SequenceEntropy(
        entropy(rows, SequenceEntropy::mean),
        entropy(rows, all -> all.max().orElseThrow()),
        entropy(rows, DoubleStream::sum),
        figure(
            rows, RowEntropy::normalized, RowEntropy::normalizedInterval, SequenceEntropy::mean));
  }

  /**
   * The mean entropy of the first steps beside that of all.
   *
   * @param rows one for each step, in order
   * @param length how many steps the prefix has, at least 1
   * @throws InvalidInput.ParameterOutOfRange if the length is below 1
   * @throws InvalidInput.MissingInput if there is no row
   */
  public static Prefix prefix(List<RowEntropy> rows, int length) {
    requireSome(rows);
    if (length < 1) {
      throw new InvalidInput.ParameterOutOfRange("/prefix_len", length, "at least 1");
    }
    int used = Math.min(length, rows.size());
    return new Prefix(
        entropy(rows, SequenceEntropy::mean),
        entropy(rows.subList(0, used), SequenceEntropy::mean),
        used);
  }

  private static void requireSome(List<RowEntropy> rows) {
    if (rows.isEmpty()) {
      throw new InvalidInput.MissingInput("", "found no row, expected at least one");
    }
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }

  private static Figure entropy(List<RowEntropy> rows, ToDoubleFunction<DoubleStream> fold) {
    return figure(rows, RowEntropy::entropy, RowEntropy::interval, fold);
  }

  private static Figure figure(
      List<RowEntropy> rows,
      Function<RowEntropy, OptionalDouble> value,
      Function<RowEntropy, @Nullable Interval> interval,
      ToDoubleFunction<DoubleStream> fold) {
    List<OptionalDouble> values = rows.stream().map(value).toList();
    return new Figure(
        values.stream().allMatch(OptionalDouble::isPresent)
            ? OptionalDouble.of(
                fold.applyAsDouble(values.stream().mapToDouble(OptionalDouble::getAsDouble)))
            : OptionalDouble.empty(),
        interval(rows, interval, fold));
  }

  private static @Nullable Interval interval(
      List<RowEntropy> rows,
      Function<RowEntropy, @Nullable Interval> interval,
      ToDoubleFunction<DoubleStream> fold) {
    var lows = new double[rows.size()];
    var highs = new double[rows.size()];
    for (int i = 0; i < lows.length; i++) {
      Interval each = interval.apply(rows.get(i));
      if (each == null) {
        return null;
      }
      lows[i] = each.low();
      highs[i] = each.high();
    }
    return new Interval(
        fold.applyAsDouble(DoubleStream.of(lows)), fold.applyAsDouble(DoubleStream.of(highs)));
  }
}
