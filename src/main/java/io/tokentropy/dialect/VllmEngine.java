package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;

/**
 * What vLLM's engine returns in Python, written as JSON: maps of token ids in {@code outputs[]}.
 */
final class VllmEngine implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    List<Value> outputs = Loose.list(fields.get("outputs"));
    return !outputs.isEmpty() && Loose.fields(outputs.getFirst()).containsKey("token_ids")
        ? Sign.OWN
        : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    EngineMaps.prompt(chunk, 0, draft);
    List<Value> outputs = Loose.items(Loose.child(chunk, "outputs"));
    for (int i = 0; i < outputs.size(); i++) {
      Value output = outputs.get(i);
      int choice = Loose.index(output, i);
      Value logprobs = Loose.child(output, "logprobs");
      draft.goesOn(choice, chunk);
      if (logprobs == null) {
        draft.sawText();
      } else {
        draft.sawLogprobs();
        List<Value> ids = Loose.list(Loose.child(output, "token_ids"));
        EngineMaps.list(logprobs, ids, Slot.of(choice), draft);
      }
      if (Loose.child(output, "finish_reason") != null) {
        draft.ends(choice);
      }
    }
  }
}
