package io.tokentropy.dialect;

import io.tokentropy.json.Value;
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
    return Loose.child(Loose.child(choice, "logprobs"), "content") == null
        && !fields.containsKey("delta")
        && (logprobs.containsKey("tokens") || fields.containsKey("text"));
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Choices.read(chunk, draft);
  }
}
