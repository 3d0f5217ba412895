package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;

/**
 * Imported models: maps of token ids in {@code logprobs} beside {@code generation}, and those of
 * the prompt in {@code prompt_logprobs}. Converse has log-probabilities only where a model adds
 * them.
 */
final class Bedrock implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    boolean generation =
        fields.containsKey("generation")
            && (fields.containsKey("stop_reason") || fields.containsKey("logprobs"));
    boolean converse = Loose.child(fields.get("output"), "message") != null;
    return generation || converse ? Sign.OWN : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    EngineMaps.prompt(chunk, 0, draft);
    Value logprobs = Loose.child(chunk, "logprobs");
    String text = Loose.text(Loose.child(chunk, "generation"));
    if (logprobs != null) {
      draft.sawLogprobs();
      draft.coverage().scored(text);
      EngineMaps.list(logprobs, List.of(), Slot.of(0), draft);
    } else if (text.isEmpty() && Loose.child(chunk, "output") == null) {
      draft.sawPart();
    } else {
      draft.sawText();
      draft.coverage().bare(text);
    }
    if (Loose.child(chunk, "stop_reason") != null) {
      draft.coverage().counted(0, Loose.count(Loose.child(chunk, "generation_token_count")));
    }
  }
}
