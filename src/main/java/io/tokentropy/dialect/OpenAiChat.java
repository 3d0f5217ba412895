package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.Map;

/** Token objects with lists of such objects, in {@code choices[].logprobs.content}. */
final class OpenAiChat implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    return fields.containsKey("choices") && !OpenAiCompletion.isCompletion(fields)
        ? Sign.SHARED
        : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Choices.read(chunk, draft);
  }
}
