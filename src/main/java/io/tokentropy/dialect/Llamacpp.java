package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Token objects in {@code completion_probabilities}, which may be those after the samplers. Servers
 * of 2024 and llamafile list the alternatives alone, after the samplers. A token that ends within a
 * character is left out, with its probabilities; what the server counts tells of it.
 */
final class Llamacpp implements DialectReader {
  /** No more tokens than these are missed between two events. */
  private static final long LONGEST = 64;

  /** What the server has counted of each answer so far. */
  private final Map<Integer, Long> counts = new HashMap<>();

  @Override
  public Sign sign(Map<String, Value> fields) {
    if (fields.containsKey("completion_probabilities")) {
      return Sign.OWN;
    }
    return fields.containsKey("content") || fields.containsKey("stop") ? Sign.FAINT : Sign.NONE;
  }

  /** Whether llama.cpp wrote a chunk in OpenAI's shape: its tokens have an id there. */
  static boolean wrote(Value chunk) {
    if (Loose.text(Loose.child(chunk, "system_fingerprint")).matches("b\\d+-.*")) {
      return true;
    }
    for (Value choice : Loose.list(Loose.child(chunk, "choices"))) {
      for (Value token : Loose.list(Loose.down(choice, "logprobs", "content"))) {
        if (Loose.child(token, "id") != null) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    int choice = Loose.index(chunk, 0);
    Value list = Loose.first(chunk, List.of("completion_probabilities", "probs"));
    List<Value> entries = Loose.items(list);
    List<Value> ids = Loose.list(Loose.child(chunk, "tokens"));
    Value stop = Loose.child(chunk, "stop");
    String text = Loose.text(Loose.child(chunk, "content"));
    boolean end = Loose.isTrue(stop);
    boolean asked = Loose.count(Loose.down(chunk, "generation_settings", "n_probs")) > 0;
    boolean nothing = text.isEmpty() && Loose.child(chunk, "tokens_predicted") != null;
    if (list != null || (end && (asked || nothing))) {
      draft.sawLogprobs();
    } else {
      draft.sawBare(stop, text);
    }
    if (!entries.isEmpty()) {
      draft.goesOn(choice, chunk);
    }
    boolean first = !counts.containsKey(choice);
    long missing = missing(chunk, choice, entries.size());
    if (first && end && ids.size() > entries.size()) {
      align(ids, entries, isCut(chunk), choice, draft);
    } else {
      for (long i = 0; i < missing; i++) {
        withoutProbabilities(choice, null, draft);
      }
      entries.forEach(entry -> draft.add(Slot.of(choice), () -> position(entry)));
    }
    if (end && !isCut(chunk)) {
      draft.coverage().counted(choice, Loose.count(Loose.child(chunk, "tokens_predicted")));
    }
    if (end) {
      draft.ends(choice);
    }
  }

  /** How many tokens the server has counted since the last event that it has not sent. */
  private long missing(Value chunk, int choice, int sent) {
    long count = Loose.count(Loose.child(chunk, "tokens_predicted"));
    if (count < 0) {
      return 0;
    }
    Long before = counts.put(choice, count);
    return before == null || isCut(chunk) ? 0 : Math.clamp(count - before - sent, 0, LONGEST);
  }

  /** The tokens of a stop word count, but are none of the answer. */
  private static boolean isCut(Value chunk) {
    return Loose.text(Loose.child(chunk, "stop_type")).equals("word");
  }

  /** All tokens of a whole answer, whose ids tell where those without probabilities stand. */
  private static void align(
      List<Value> ids, List<Value> entries, boolean cut, int choice, Draft draft) {
    int next = 0;
    for (int i = 0; i < ids.size(); i++) {
      Integer id = Candidate.id(ids.get(i));
      boolean known = next < entries.size();
      boolean last = ids.size() - i <= entries.size() - next;
      if (known
          && (last || Objects.equals(id, Candidate.id(Loose.child(entries.get(next), "id"))))) {
        Value entry = entries.get(next);
        draft.add(Slot.of(choice), () -> position(entry));
        next++;
      } else if (known || !cut) {
        withoutProbabilities(choice, id, draft);
      }
    }
  }

  private static void withoutProbabilities(int choice, @Nullable Integer id, Draft draft) {
    draft.addUnscored(
        Slot.of(choice),
        new Candidate("", id, Double.NaN),
        "partial_character",
        "a token that ends within a character comes without probabilities");
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
