package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;

/**
 * Token objects in {@code results[].generated_tokens}, with the best beside each in {@code
 * top_tokens}; those of the prompt are {@code input_tokens}.
 */
final class Watsonx implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    List<Value> results = Loose.list(fields.get("results"));
    return !results.isEmpty() && Loose.fields(results.getFirst()).containsKey("generated_text")
        ? Sign.OWN
        : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    List<Value> results = Loose.items(Loose.child(chunk, "results"));
    for (int i = 0; i < results.size(); i++) {
      read(results.get(i), i, draft);
    }
  }

  private static void read(Value result, int choice, Draft draft) {
    List<Value> given = Loose.items(Loose.child(result, "input_tokens"));
    List<Value> written = Loose.items(Loose.child(result, "generated_tokens"));
    String text = Loose.text(Loose.child(result, "generated_text"));
    for (Value token : given) {
      if (Loose.child(token, "logprob") == null) {
        draft.addUnscored(Slot.ofPrompt(choice), Candidate.readUnscored(token), "", "");
      } else {
        draft.sawLogprobs();
        draft.add(Slot.ofPrompt(choice), () -> position(token));
      }
    }
    if (!written.isEmpty()) {
      draft.sawLogprobs();
      draft.coverage().scored(text);
    } else if (text.isEmpty()) {
      draft.sawPart();
    } else {
      draft.sawText();
      draft.coverage().bare(text);
    }
    for (Value token : written) {
      draft.add(Slot.of(choice), () -> position(token));
    }
    String reason = Loose.text(Loose.child(result, "stop_reason"));
    if (!reason.isEmpty() && !reason.equalsIgnoreCase("not_finished")) {
      draft.coverage().counted(choice, Loose.count(Loose.child(result, "generated_token_count")));
    }
  }

  private static Position position(Value token) {
    Value top = Loose.child(token, "top_tokens");
    return new Position(
        Candidate.readSampled(token),
        Candidate.readAll(top),
        (top == null ? token : top).pointer());
  }
}
