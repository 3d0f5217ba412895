package io.tokentropy.endpoint.input;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows over the whole vocabulary that came in one or several objects and belong together.
 *
 * @param inputs as they came, at least one
 */
public record WholeInputs(List<Input> inputs) {
  public WholeInputs {
    inputs = List.copyOf(inputs);
  }

  /**
   * Exactly one row: an object with {@code logits}, {@code logprobs} or {@code probs}, and {@code
   * temperature}.
   */
  public static Input one(Value value, InputReader inputs) {
    Fields fields = value.asFields();
    Input row = inputs.readToCompare(fields, fields.number("temperature", 1));
    fields.done();
    if (row.rows().size() != 1) {
      throw new InvalidInput.ShapeMismatch(
          value.pointer() + "/" + row.kind().wire(),
          "found " + row.rows().size() + " rows, expected one");
    }
    return row;
  }

  /** All rows, in order. */
  public List<Distribution> rows() {
    return inputs.stream()
        .flatMap(input -> input.rows().stream())
        .map(Distribution.class::cast)
        .toList();
  }

  /** What was made good in them, told of one question. */
  public List<Warning> warnings(int index) {
    var warnings = new ArrayList<Warning>();
    int before = 0;
    for (Input input : inputs) {
      for (Warning warning : input.warnings()) {
        int row = before + warning.index();
        warnings.add(new Warning(warning.code(), "row " + row + ": " + warning.message(), index));
      }
      before += input.rows().size();
    }
    return warnings;
  }

  /** Tells the tally of these rows. */
  public void count(Tally tally) {
    List<Row> rows = List.copyOf(rows());
    tally.input(inputs.getFirst().kind().wire(), rows, warnings(0));
  }

  /** Puts the precision of the numbers of several questions. */
  public static Answer describe(Answer answer, List<WholeInputs> all) {
    boolean floats = all.stream().flatMap(each -> each.inputs().stream()).anyMatch(Input::floats);
    return answer.put("precision", floats ? "f32" : "f64");
  }
}
