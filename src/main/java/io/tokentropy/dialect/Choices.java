package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;

/** The list of answers that OpenAI's chat and completions have in common. */
final class Choices {
  private Choices() {}

  /** Chunks without choices carry the usage at the end, or what Azure says of the prompt. */
  static List<Value> read(Value chunk, Draft draft) {
    Value choices = Loose.child(chunk, "choices");
    if (choices == null) {
      throw chunk.wrongType("an object with choices");
    }
    List<Value> list = choices.asList();
    if (list.isEmpty() && Loose.child(chunk, "usage") != null) {
      draft.sawPart();
    } else if (list.isEmpty()) {
      draft.sawNoChoices(choices);
    }
    return list;
  }
}
