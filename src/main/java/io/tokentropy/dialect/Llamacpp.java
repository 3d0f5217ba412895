package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Token objects in {@code completion_probabilities}, which may be those after the samplers. Servers
 * of 2024 and llamafile list the alternatives alone, after the samplers. A token that ends within a
 * character is left out, with its probabilities; what the server counts tells of it.
 */
final class Llamacpp implements DialectReader {
  /** The last count of each answer, and so the number of its tokens. */
  private final Map<Integer, Long> counts = new HashMap<>();

  @Override
  public Sign sign(Map<String, Value> fields) {
    if (fields.containsKey("completion_probabilities")) {
      return Sign.OWN;
    }
    return fields.containsKey("content") || fields.containsKey("stop") ? Sign.FAINT : Sign.NONE;
  }

  /** Whether llama.cpp wrote a chunk that is shaped as OpenAI's. */
  static boolean wrote(Value chunk) {
    return Loose.child(chunk, "timings") != null
        || Loose.text(Loose.child(chunk, "system_fingerprint")).matches("b\\d+-.*");
  }

  @Override
  public void read(Value chunk, Draft draft) {
    int choice = Loose.index(chunk, 0);
    Value list = Loose.first(chunk, List.of("completion_probabilities", "probs"));
    List<Value> entries = Loose.items(list);
    Value stop = Loose.child(chunk, "stop");
    String text = Loose.text(Loose.child(chunk, "content"));
    long count = Loose.count(Loose.child(chunk, "tokens_predicted"));
    boolean end = Loose.isTrue(stop);
    boolean asked = Loose.count(Loose.down(chunk, "generation_settings", "n_probs")) > 0;
    if (list == null && !(asked && end) && !(end && text.isEmpty() && count >= 0)) {
      draft.sawBare(stop, text);
    } else {
      draft.sawLogprobs();
    }
    if (!entries.isEmpty()) {
      draft.goesOn(choice, chunk);
    }
    for (Value entry : entries) {
      draft.add(Slot.of(choice), () -> position(entry));
    }
    if (count >= 0 && (end || !entries.isEmpty())) {
      draft.coverage().counted(choice, count);
      counts.put(choice, count);
    }
    if (end) {
      draft.ends(choice);
    }
  }

  private static Position position(Value entry) {
    Value before = Loose.child(entry, "probs");
    if (before == null) {
      return Position.read(entry);
    }
    Value text = Loose.child(entry, "content");
    Candidate sampled = new Candidate(text == null ? null : text.asText(), null, Double.NaN);
    return new Position(sampled, Candidate.readAll(before), true, before.pointer());
  }
}
