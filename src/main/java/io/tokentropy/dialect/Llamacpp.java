package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token objects in {@code completion_probabilities}, which may be those after the samplers. */
final class Llamacpp implements DialectReader {
  /** Whether a chunk in OpenAI's shape is llama.cpp's: no other server writes ids there. */
  static boolean wrote(Value chunk) {
    for (Value choice : elements(Loose.child(chunk, "choices"))) {
      for (Value token : elements(Loose.child(Loose.child(choice, "logprobs"), "content"))) {
        if (Loose.child(token, "id") != null) {
          return true;
        }
      }
    }
    return false;
  }

  /** What stands in a list; nothing in what is none. */
  private static List<Value> elements(@Nullable Value list) {
    return list != null && list.isList() ? list.asList() : List.of();
  }

  @Override
  public Sign sign(Map<String, Value> fields) {
    if (fields.containsKey("completion_probabilities")) {
      return Sign.OWN;
    }
    return fields.containsKey("content") || fields.containsKey("stop") ? Sign.FAINT : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Value probabilities = Loose.child(chunk, "completion_probabilities");
    Value list = probabilities == null ? Loose.child(chunk, "probs") : probabilities;
    if (list == null) {
      draft.sawBare(Loose.child(chunk, "stop"), Loose.child(chunk, "content"));
      return;
    }
    draft.sawLogprobs();
    for (Value entry : list.asList()) {
      draft.add(
          Loose.index(chunk),
          Loose.child(entry, "top_probs") == null
              ? Position.read(entry, "top_logprobs")
              : Position.read(entry, "top_probs").afterSamplers());
    }
  }
}
