package io.tokentropy.endpoint.input;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request is about: the rows that it brought, whatever their kind.
 *
 * @param kind the field they came in, which is also the metric label
 * @param rows at least one, except from a response whose tokens have no alternatives
 * @param warnings what was made good on the way in
 * @param floats whether the numbers came as float32 or less
 * @param single whether the field itself is the one row
 */
public record Input(
    InputKind kind, List<Row> rows, List<Warning> warnings, boolean floats, boolean single) {
  public Input {
    rows = List.copyOf(rows);
    warnings = List.copyOf(warnings);
  }

  /**
   * The tokens of a response, in order.
   *
   * @param rows of each what its alternatives say; null where the server gave none
   * @param warnings about them, by token
   */
  public record Steps(List<@Nullable Row> rows, List<Warning> warnings) {}

  /** What an answer says of the precision of its numbers. */
  private String precision() {
    return floats ? "f32" : "f64";
  }

  /** Puts what the answer says of its numbers: their precision, and the rounding of lists. */
  public Answer describe(Answer answer) {
    double error = rows.stream().mapToDouble(Input::massError).max().orElse(0);
    answer.put("precision", precision());
    return error > 0 ? answer.put("mass_error", error) : answer;
  }

  /** Puts a probability or a mass: a number, or both ends where only those are known. */
  public static Answer putShare(Answer item, String name, Interval range) {
    return range.isExact()
        ? item.put(name, range.low())
        : item.put(name + "_low", range.low()).put(name + "_high", Math.min(1, range.high()));
  }

  private static double massError(Row row) {
    return switch (row) {
      case Distribution whole -> 0;
      case PartialDistribution best -> best.massError();
      case Summary summary -> summary.best() == null ? 0 : summary.best().massError();
    };
  }

  /** JSON Pointer of one row: of the field, where that is the row, or a response that has it. */
  public String pointer(int row) {
    return "/" + kind.wire() + (single || kind == InputKind.OPENAI ? "" : "/" + row);
  }

  /** Whether a value is one row, and not a list of rows: its first element is not a row itself. */
  static boolean isOneRow(Value value) {
    if (!(value instanceof Value.Items(String at, List<Value> items))) {
      return true;
    }
    Value first = items.isEmpty() ? null : items.getFirst();
    return first instanceof Value.Obj(String place, var names)
        ? names.containsKey("logprob")
        : first != null && !first.isList();
  }

  /** Tells the tally of these rows. */
  public void count(Tally tally) {
    tally.input(kind.wire(), rows, warnings);
  }

  /** Numbers in double, with what is to be said of each row. */
  static Input of(InputKind kind, List<Row> rows, boolean single) {
    return of(kind, rows, false, single, List.of());
  }

  /**
   * Rows with what is to be said of them.
   *
   * @param said what was found while they were read
   */
  static Input of(
      InputKind kind, List<Row> rows, boolean floats, boolean single, List<Warning> said) {
    var warnings = new ArrayList<>(said);
    for (int i = 0; i < rows.size(); i++) {
      warn(rows.get(i), i, warnings);
    }
    return new Input(kind, rows, warnings, floats, single);
  }

  /** Says what was made good in a row. */
  public static void warn(Row row, int index, List<Warning> warnings) {
    switch (row) {
      case Distribution whole -> {
        if (Math.abs(whole.massFound() - 1) > 1e-6) {
          warnings.add(
              new Warning("renormalised", "the mass was " + whole.massFound() + ", now 1", index));
        }
      }
      case PartialDistribution best -> TopLogprobs.warn(best, index, warnings);
      case Summary summary -> {
        PartialDistribution best = summary.best();
        if (best != null) {
          TopLogprobs.warn(best, index, warnings);
        }
      }
    }
  }
}
