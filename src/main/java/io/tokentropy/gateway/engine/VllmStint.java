package io.tokentropy.gateway.engine;

import io.tokentropy.dialect.Dialect;
import io.tokentropy.dialect.Token;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An answer of vLLM. A chunk may bring several tokens; its text is that of all of them, and lags
 * behind within a character.
 */
final class VllmStint extends StreamedStint {
  private final int prompt;
  private int arrived;

  VllmStint(Events events, OptionalInt vocabSize, int prompt) {
    super(events, Dialect.VLLM, vocabSize);
    this.prompt = prompt;
    counted(prompt, 0, 0);
  }

  @Override
  void accept(Fields event, List<Token> tokens) throws EngineFailed {
    List<Value> choices = event.list("choices");
    if (!choices.isEmpty()) {
      choice(choices.getFirst().asFields(), tokens);
    }
    Value usage = event.get("usage");
    if (usage != null) {
      usage(usage.asFields());
    }
  }

  private void choice(Fields choice, List<Token> tokens) throws EngineFailed {
    Value list = choice.get("token_ids");
    int[] ids = list == null ? ids(tokens) : Client.ids(list);
    String reason = choice.text("finish_reason");
    if (ids.length > tokens.size()) {
      throw Failures.noLogprobs("\"logprobs\"");
    }
    arrived += ids.length;
    counted(prompt, 0, arrived);
    // Of no other stop is ever asked than a token, and that has no text.
    boolean stop = "stop".equals(reason);
    int size = stop ? ids.length - 1 : ids.length;
    String text = choice.has("text") ? choice.require("text").asText() : "";
    for (int i = 0; i < size; i++) {
      boolean last = i == size - 1;
      add(step(ids[i], tokens.get(i), last ? text : ""));
    }
    Step before = size == 0 && !text.isEmpty() ? takeSilent() : null;
    if (before != null) {
      add(step(before, text));
    }
    if (stop) {
      stopped();
    } else if ("length".equals(reason)) {
      full();
    } else if (reason != null) {
      throw new EngineFailed(Fault.CUT, "gave up its answer");
    }
  }

  /** The ids in the names of tokens, where there are no others. */
  private static int[] ids(List<Token> tokens) throws EngineFailed {
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      @Nullable Integer id = tokens.get(i).id();
      if (id == null) {
        throw new EngineFailed(
            Fault.MALFORMED, "sends no ids of tokens; expected \"return_token_ids\"");
      }
      ids[i] = id;
    }
    return ids;
  }

  /** Text that does not come yet is that of an open character, or of a special token. */
  private static Step step(int id, Token token, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Step(List.of(id), bytes, bytes.length > 0, false, text, token.lnProb(), token.row());
  }

  /** A step whose text came after it. */
  private static Step step(Step before, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Step(before.ids(), bytes, true, false, text, before.lnProb(), before.row());
  }

  private void usage(Fields usage) {
    Value details = usage.get("prompt_tokens_details");
    counted(
        usage.integer("prompt_tokens", prompt),
        details == null ? 0 : details.asFields().integer("cached_tokens", 0),
        usage.integer("completion_tokens", arrived));
  }
}
