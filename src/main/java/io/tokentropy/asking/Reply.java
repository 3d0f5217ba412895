package io.tokentropy.asking;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered to a call.
 *
 * @param usage null where the server does not say
 * @param model as the server calls it; null where it does not
 * @param fingerprint of the server's state; null where it does not say
 * @param cost in the currency of the configuration's prices; none where there are none
 */
public record Reply(
    List<Choice> choices,
    @Nullable Usage usage,
    @Nullable String model,
    @Nullable String fingerprint,
    OptionalDouble cost) {
  public Reply {
    choices = List.copyOf(choices);
  }

  /**
   * One answer.
   *
   * @param finish why it ended, as {@code stop} or {@code length}; null where the server does not
   *     say
   * @param tokens of it, where they are known
   * @param meanLogprob of its tokens, in nats, where they are known
   */
  public record Choice(
      String text, @Nullable String finish, OptionalInt tokens, OptionalDouble meanLogprob) {
    public static Choice of(String text) {
      return new Choice(text, null, OptionalInt.empty(), OptionalDouble.empty());
    }
  }

  /**
   * What a call took.
   *
   * @param cached tokens among those of the prompt that the server had read before
   */
  public record Usage(long prompt, long cached, long completion) {
    public Usage {
      prompt = Math.max(0, prompt);
      cached = Math.clamp(cached, 0, prompt);
      completion = Math.max(0, completion);
    }
  }
}
