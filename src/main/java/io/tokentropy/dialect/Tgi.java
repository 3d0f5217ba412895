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
      token(0, token, Loose.child(chunk, "top_tokens"), draft);
      return;
    }
    Value details = Loose.child(chunk, "details");
    List<Value> tokens = Loose.items(Loose.child(details, "tokens"));
    if (!tokens.isEmpty()) {
      draft.sawLogprobs();
    }
    sequence(0, tokens, details, draft);
    int choice = 1;
    for (Value other : Loose.items(Loose.child(details, "best_of_sequences"))) {
      sequence(choice, Loose.items(Loose.child(other, "tokens")), other, draft);
      choice++;
    }
  }

  private static void sequence(
      int choice, List<Value> tokens, @Nullable Value holder, Draft draft) {
    List<Value> tops = Loose.items(Loose.child(holder, "top_tokens"));
    for (int i = 0; i < tokens.size(); i++) {
      token(choice, tokens.get(i), i < tops.size() ? tops.get(i) : null, draft);
    }
  }

  private static void token(int choice, Value token, @Nullable Value top, Draft draft) {
    String pointer = top == null ? token.pointer() : top.pointer();
    draft.add(choice, new Position(Candidate.read(token), Candidate.readAll(top), pointer));
  }
}
