package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parallel lists; the alternatives of a token are a map, in which equal texts fall together. */
final class OpenAiCompletion implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    return isCompletion(fields) ? Sign.SHARED : Sign.NONE;
  }

  /** Whether one of the choices has parallel lists, or a text where chats have a message. */
  static boolean isCompletion(Map<String, Value> fields) {
    Value choices = fields.get("choices");
    return choices != null
        && choices.isList()
        && choices.asList().stream().anyMatch(OpenAiCompletion::isCompletion);
  }

  private static boolean isCompletion(Value choice) {
    Map<String, Value> logprobs = Loose.fields(Loose.child(choice, "logprobs"));
    Map<String, Value> fields = Loose.fields(choice);
    return !logprobs.containsKey("content")
        && !fields.containsKey("delta")
        && (logprobs.containsKey("tokens") || fields.containsKey("text"));
  }

  @Override
  public void read(Value chunk, Draft draft) {
    for (Value choice : Choices.read(chunk, draft)) {
      Value logprobs = Loose.child(choice, "logprobs");
      if (logprobs != null) {
        draft.sawLogprobs();
        read(choice, logprobs, draft);
      }
    }
  }

  private static void read(Value choice, Value logprobs, Draft draft) {
    List<Value> texts = Loose.items(Loose.child(logprobs, "tokens"));
    List<Value> own = Loose.items(Loose.child(logprobs, "token_logprobs"));
    List<Value> tops = Loose.items(Loose.child(logprobs, "top_logprobs"));
    if (own.size() != texts.size() || (!tops.isEmpty() && tops.size() != texts.size())) {
      throw new InvalidInput.ShapeMismatch(
          logprobs.pointer(),
          "found "
              + texts.size()
              + " tokens, "
              + own.size()
              + " token_logprobs and "
              + tops.size()
              + " top_logprobs");
    }
    int most = tops.stream().mapToInt(top -> Loose.fields(top).size()).max().orElse(0);
    for (int i = 0; i < texts.size(); i++) {
      if (own.get(i).isNull()) {
        continue;
      }
      Candidate sampled = Candidate.of(texts.get(i).asText(), own.get(i));
      Value top = tops.isEmpty() ? null : tops.get(i);
      var listed = new ArrayList<Candidate>();
      Loose.fields(top).forEach((text, lnProb) -> listed.add(Candidate.of(text, lnProb)));
      if (!listed.isEmpty() && listed.size() < most - 1) {
        draft.note(
            "collision",
            "fewer alternatives than elsewhere: tokens of equal text may have fallen together");
      }
      String pointer = top == null ? logprobs.pointer() : top.pointer();
      draft.add(Loose.index(choice), new Position(sampled, listed, pointer));
    }
  }
}
