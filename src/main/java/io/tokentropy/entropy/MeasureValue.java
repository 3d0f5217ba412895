package io.tokentropy.entropy;

import io.tokentropy.distribution.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** What can be said of a measure of one row. */
public sealed interface MeasureValue {
  /** A finite number, known up to rounding. */
  record Exact(double value, Dimension dimension) implements MeasureValue {
    /** Takes the number as it is, but −0 as 0. */
    public Exact {
      value += 0.0;
    }
  }

  /** A number known to lie between two ends; the high one may be +∞. */
  record Range(Interval interval, Dimension dimension) implements MeasureValue {}

  /** A name. */
  record Word(String value) implements MeasureValue {}

  /** One value for each id that was asked for, in that order. */
  record Series(List<MeasureValue> values) implements MeasureValue {
    public Series {
      values = List.copyOf(values);
    }
  }

  /** Several values by their names on the wire, in order. */
  record Fields(SequencedMap<String, MeasureValue> values) implements MeasureValue {
    public Fields {
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }
  }

  /**
   * Not to be told from what was sent, or not a finite number.
   *
   * @param reason a clause that can follow the name of the measure and a colon
   */
  record Unavailable(String reason) implements MeasureValue {}

  /** A number; unavailable if it is not finite. */
  static MeasureValue exactly(double value, Dimension dimension) {
    return Double.isFinite(value)
        ? new Exact(value, dimension)
        : new Unavailable(
            value == Double.POSITIVE_INFINITY
                ? "it is infinite, as a token has probability 0"
                : "it is not defined for this row");
  }

  /** A range, or a number where its ends agree up to rounding, 1e-12 of the high one. */
  static MeasureValue between(double low, double high, Dimension dimension) {
    double rounding = 1e-12 * Math.abs(high);
    if (low == high || (high < Double.POSITIVE_INFINITY && high - low <= rounding)) {
      return exactly(low + (high - low) / 2, dimension);
    }
    return new Range(new Interval(low, high), dimension);
  }
}
