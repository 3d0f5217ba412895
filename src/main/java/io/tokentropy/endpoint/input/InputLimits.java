package io.tokentropy.endpoint.input;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;

/**
 * How much one request may bring, and how much its answer may list.
 *
 * @param rows of one request, and what counts as rows
 * @param vocab entries of one row
 * @param decodedBytes of the values of a body, which take more than the body
 * @param answerEntries tokens and numbers that an answer lists
 */
public record InputLimits(Limit rows, Limit vocab, Limit decodedBytes, Limit answerEntries) {
  private static final long LEAST_DECODED = 8L * 1024 * 1024;

  /** Every core may decode at once in a quarter of the heap. */
  public static InputLimits of(Limit.Source source) {
    long perCore = Runtime.getRuntime().maxMemory() / Runtime.getRuntime().availableProcessors();
    return new InputLimits(
        source.limit("max_rows", 4096),
        source.limit("max_vocab", 1_048_576),
        source.byHeap("max_decoded_bytes", Math.max(LEAST_DECODED, perCore / 4)),
        source.byHeap("max_answer_entries", Math.clamp(perCore / 1024, 65_536, 1_048_576)));
  }

  /** The rows of an input, or the one that it is; at least one, and not too many. */
  List<Value> someRows(Value value, boolean single) {
    List<Value> found = single ? List.of(value) : value.asList();
    if (found.isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected rows");
    }
    rows.require(value.pointer(), found.size());
    return found;
  }
}
