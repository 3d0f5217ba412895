package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.Map;

/** Token objects in {@code completion_probabilities}, which may be those after the samplers. */
final class Llamacpp implements DialectReader {
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
