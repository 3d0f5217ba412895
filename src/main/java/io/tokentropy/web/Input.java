package io.tokentropy.web;

import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import java.util.List;

/**
 * What a request is about: the rows that it brought, whatever their kind.
 *
 * @param kind the field they came in, which is also the metric label
 * @param rows at least one, except from a response whose tokens have no alternatives
 * @param warnings what was mended on the way in
 * @param floats whether the numbers came as float32 or less
 */
record Input(String kind, List<Row> rows, List<Warning> warnings, boolean floats) {
  Input {
    rows = List.copyOf(rows);
    warnings = List.copyOf(warnings);
  }

  /** What an answer says of the precision of its numbers. */
  String precision() {
    return floats ? "f32" : "f64";
  }

  /** Puts {@code warnings} into an answer, if there are any. */
  static Answer putWarnings(Answer answer, List<Warning> warnings) {
    return warnings.isEmpty()
        ? answer
        : answer.put("warnings", warnings.stream().map(Warning::toAnswer).toList());
  }
}
