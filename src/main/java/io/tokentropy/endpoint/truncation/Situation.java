package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.History;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call says beside its samplers and to all of them.
 *
 * @param past the tokens before the row; null if the call does not say
 */
public record Situation(Proof proof, @Nullable History past) {
  private static final String PROMPT = "prompt_ids";
  private static final String OUTPUT = "output_ids";

  /**
   * {@code prompt_ids} and {@code output_ids}, either of which stands for an empty other one.
   *
   * @param maxHistory how many tokens both can have
   */
  static Situation read(Fields fields, Proof proof, Limit maxHistory) {
    Value prompt = fields.get(PROMPT);
    Value output = fields.get(OUTPUT);
    if (prompt == null && output == null) {
      return new Situation(proof, null);
    }
    List<Value> first = prompt == null ? List.of() : prompt.asList();
    List<Value> then = output == null ? List.of() : output.asList();
    maxHistory.require(
        fields.pointer(output == null ? PROMPT : OUTPUT), first.size() + then.size());
    return new Situation(proof, new History(ids(first), ids(then)));
  }

  private static List<Integer> ids(List<Value> list) {
    var ids = new ArrayList<Integer>();
    for (Value value : list) {
      int id = value.asInt();
      if (id < 0) {
        throw new InvalidInput.ParameterOutOfRange(value.pointer(), id, "at least 0");
      }
      ids.add(id);
    }
    return ids;
  }

  /**
   * The tokens before the row.
   *
   * @param off whether nobody will look at them
   * @throws InvalidInput.MissingInput if they are needed and not there
   */
  History history(boolean off, String pointer) {
    if (past != null) {
      return past;
    }
    if (!off) {
      throw new InvalidInput.MissingInput(
          pointer, "which tokens came before is not said; expected prompt_ids or output_ids");
    }
    return History.NONE;
  }

  /**
   * Refuses several rows: they would be of several sequences, or of several places in one.
   *
   * @throws InvalidInput.ConflictingInputs if there is more than one row and the tokens before it
   */
  void requireOneRow(Fields fields, int rows) {
    if (past != null && rows > 1) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer(fields.has(PROMPT) ? PROMPT : OUTPUT),
          "these are the tokens before one row, found " + rows + " rows; send a call for each");
    }
  }
}
