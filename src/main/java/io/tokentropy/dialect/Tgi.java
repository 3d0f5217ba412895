package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One token an event, or all of them, with further sequences, in {@code details}. */
final class Tgi implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    if (fields.containsKey("details") || fields.containsKey("generated_text")) {
      return Sign.TYPICAL;
    }
    return fields.containsKey("token") ? Sign.FAINT : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Value token = Loose.child(chunk, "token");
    if (token != null) {
      draft.sawLogprobs();
      token(Slot.of(0), token, Loose.child(chunk, "top_tokens"), draft);
      return;
    }
    Value details = Loose.child(chunk, "details");
    List<Value> tokens = Loose.items(Loose.child(details, "tokens"));
    if (!tokens.isEmpty()) {
      draft.sawLogprobs();
    }
    draft.goesOn(0, chunk);
    sequence(0, tokens, details, draft);
    int choice = 1;
    for (Value other : Loose.items(Loose.child(details, "best_of_sequences"))) {
      sequence(choice, Loose.items(Loose.child(other, "tokens")), other, draft);
      choice++;
    }
    if (!tokens.isEmpty()) {
      draft.ends(0);
    }
  }

  private static void sequence(
      int choice, List<Value> tokens, @Nullable Value holder, Draft draft) {
    draft.coverage().counted(choice, Loose.count(Loose.child(holder, "generated_tokens")));
    for (Value given : Loose.items(Loose.child(holder, "prefill"))) {
      token(Slot.ofPrompt(choice), given, null, draft);
    }
    List<Value> tops = Loose.items(Loose.child(holder, "top_tokens"));
    for (int i = 0; i < tokens.size(); i++) {
      token(Slot.of(choice), tokens.get(i), i < tops.size() ? tops.get(i) : null, draft);
    }
  }

  private static void token(Slot slot, Value token, @Nullable Value top, Draft draft) {
    if (slot.part() == Part.PROMPT && Loose.child(token, "logprob") == null) {
      draft.addUnscored(slot, Candidate.readUnscored(token), "", "");
      return;
    }
    String pointer = top == null ? token.pointer() : top.pointer();
    draft.add(
        slot, () -> new Position(Candidate.readSampled(token), Candidate.readAll(top), pointer));
  }
}
