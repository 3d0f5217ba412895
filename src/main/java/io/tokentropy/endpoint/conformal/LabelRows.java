package io.tokentropy.endpoint.conformal;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole rows of probabilities over the same labels.
 *
 * @param kind the field that the first came in
 * @param rows at least one, of equal length
 * @param warnings what was made good on the way in
 */
record LabelRows(String kind, List<Distribution> rows, List<Warning> warnings) {
  LabelRows {
    rows = List.copyOf(rows);
    warnings = List.copyOf(warnings);
  }

  /** Reads what else stands beside a row. */
  interface Beside {
    /** Reads it; {@code labels} is how many there are. */
    void read(Fields item, int row, int labels);
  }

  static LabelRows read(Fields fields, InputReader inputs, Beside beside) {
    Value value = fields.require("rows");
    List<Value> items = value.asList();
    if (items.isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected rows");
    }
    inputs.requireRows(value, items.size());
    var rows = new ArrayList<Distribution>();
    var warnings = new ArrayList<Warning>();
    String kind = "";
    for (int i = 0; i < items.size(); i++) {
      Fields item = items.get(i).asFields();
      Input input = inputs.read(item, 1, EntropyUnit.NAT);
      String name = input.kind().wire();
      Distribution row = whole(input, item.pointer(name));
      int labels = rows.isEmpty() ? row.size() : rows.getFirst().size();
      if (row.size() != labels) {
        throw new InvalidInput.RaggedRows(item.pointer(name), row.size(), labels);
      }
      beside.read(item, i, labels);
      item.done();
      kind = rows.isEmpty() ? name : kind;
      rows.add(row);
      for (Warning warning : input.warnings()) {
        warnings.add(new Warning(warning.code(), warning.message(), i));
      }
    }
    return new LabelRows(kind, rows, warnings);
  }

  private static Distribution whole(Input input, String pointer) {
    if (input.rows().size() != 1) {
      throw new InvalidInput.ShapeMismatch(
          pointer, "found " + input.rows().size() + " rows, expected one in each item");
    }
    if (input.rows().getFirst() instanceof Distribution whole) {
      return whole;
    }
    throw new InvalidInput.MissingInput(
            pointer,
            "a conformal score needs the probabilities of all labels; expected logits, logprobs or"
                + " probs")
        .withHint("Labels in a list of the best k: /v1/labels gives their probabilities.");
  }

  /** How many labels there are. */
  int labels() {
    return rows.getFirst().size();
  }

  void count(Tally tally) {
    tally.input(kind, List.<Row>copyOf(rows), warnings);
  }
}
