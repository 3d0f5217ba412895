package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token objects in {@code logprobs}, one line of JSON after another. */
final class Ollama implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    return fields.containsKey("done") || fields.containsKey("logprobs") ? Sign.SHARED : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Value logprobs = Loose.child(chunk, "logprobs");
    Value message = Loose.child(chunk, "message");
    Value done = Loose.child(chunk, "done");
    boolean first = draft.isEmpty();
    String thought = text(chunk, message, "thinking");
    String text = text(chunk, message, message == null ? "response" : "content");
    if (logprobs == null) {
      draft.sawBare(done, thought + text);
    } else {
      draft.sawLogprobs();
      draft.goesOn(0, chunk);
      draft.coverage().scored(thought + text);
      List<Value> entries = Loose.items(logprobs);
      boolean[] thinking = Thinking.of(entries, thought, text.isEmpty());
      for (int i = 0; i < thinking.length; i++) {
        Value entry = entries.get(i);
        draft.add(Slot.of(0).thinking(thinking[i]), () -> Position.read(entry));
      }
    }
    if (Loose.isTrue(done)) {
      boolean whole = !first || !text.isEmpty() || !thought.isEmpty();
      draft.coverage().counted(0, whole ? Loose.count(Loose.child(chunk, "eval_count")) : -1);
      draft.ends(0);
    }
  }

  private static String text(Value chunk, @Nullable Value message, String name) {
    return Loose.text(Loose.child(message == null ? chunk : message, name));
  }
}
