package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Items of output text, or one event of a stream. The events that close a part, and the whole
 * response at the end, repeat what came piece by piece.
 */
final class OpenAiResponses implements DialectReader {
  /** The parts whose tokens came piece by piece. */
  private final Set<String> pieces = new HashSet<>();

  @Override
  public Sign sign(Map<String, Value> fields) {
    Value type = fields.get("type");
    return fields.containsKey("output") || (type != null && !type.isNull())
        ? Sign.SHARED
        : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Value type = Loose.child(chunk, "type");
    if (type == null || !type.asText().startsWith("response.")) {
      draft.goesOn(0, chunk);
      output(chunk, draft);
      if (!draft.isEmpty()) {
        draft.ends(0);
      }
      return;
    }
    String event = type.asText();
    draft.sawPart();
    List<Value> entries = Loose.items(Loose.child(chunk, "logprobs"));
    Value response = Loose.child(chunk, "response");
    Map<String, Value> fields = Loose.fields(chunk);
    String part = fields.get("output_index") + "/" + fields.get("content_index");
    if (event.endsWith(".delta")) {
      if (event.contains("text") && entries.isEmpty()) {
        draft.sawText();
      }
      part(entries, part, draft);
    } else if (event.endsWith(".done") && !pieces.contains(part)) {
      part(entries, part, draft);
    } else if (response != null && pieces.isEmpty()) {
      output(response, draft);
    }
  }

  private void part(List<Value> entries, String part, Draft draft) {
    if (!entries.isEmpty()) {
      pieces.add(part);
      tokens(entries, false, draft);
    }
  }

  private static void output(Value response, Draft draft) {
    Value usage = Loose.child(response, "usage");
    draft.coverage().counted(-1, Loose.count(Loose.child(usage, "output_tokens")));
    for (Value item : Loose.items(Loose.child(response, "output"))) {
      boolean thinking = Loose.text(Loose.child(item, "type")).equals("reasoning");
      for (Value part : Loose.items(Loose.child(item, "content"))) {
        List<Value> entries = Loose.items(Loose.child(part, "logprobs"));
        if (!entries.isEmpty()) {
          tokens(entries, thinking, draft);
        } else if (Loose.child(part, "text") != null) {
          draft.sawText();
        }
      }
    }
  }

  private static void tokens(List<Value> entries, boolean thinking, Draft draft) {
    draft.sawLogprobs();
    Slot slot = Slot.of(0).thinking(thinking);
    entries.forEach(entry -> draft.add(slot, () -> Position.read(entry)));
  }
}
