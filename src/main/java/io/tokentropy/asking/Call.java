package io.tokentropy.asking;

import java.util.List;
import java.util.Locale;

/**
 * One call to a model.
 *
 * @param choices answers that are wanted
 * @param sampling its seed is that of this call
 * @param logprobs whether the log-probabilities of the answers are wanted
 */
public record Call(
    Purpose purpose, List<Message> messages, int choices, Sampling sampling, boolean logprobs) {
  public Call {
    messages = List.copyOf(messages);
  }

  /** What a call is made for. */
  public enum Purpose {
    PERTURB,
    ANSWER;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** At most so many tokens are read and written. */
  long tokensAtMost() {
    return Message.tokensAtMost(messages) + (long) choices * sampling.maxTokens();
  }
}
