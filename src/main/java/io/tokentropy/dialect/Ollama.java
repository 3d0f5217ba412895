package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.Map;

/** Token objects in {@code logprobs}, one line of JSON after another. */
final class Ollama implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    return fields.containsKey("done") || fields.containsKey("logprobs") ? Sign.SHARED : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Value logprobs = Loose.child(chunk, "logprobs");
    if (logprobs == null) {
      Value message = Loose.child(chunk, "message");
      draft.sawBare(
          Loose.child(chunk, "done"),
          Loose.child(chunk, "response"),
          Loose.child(chunk, "thinking"),
          Loose.child(message, "content"),
          Loose.child(message, "thinking"));
      return;
    }
    draft.sawLogprobs();
    Loose.items(logprobs).forEach(entry -> draft.add(0, Position.read(entry, "top_logprobs")));
  }
}
