package io.tokentropy.gateway.openai;

import io.tokentropy.gateway.StopStrings;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a client asks, as far as it is no matter of switching.
 *
 * @param form what it wants to read
 */
public record Asked(
    Prompt prompt,
    OptionalInt maxTokens,
    Sampling sampling,
    StopStrings stops,
    int choices,
    OptionalLong seed,
    Form form) {

  /**
   * What a client wants to read.
   *
   * @param stream as it is written, or all at once
   * @param usage whether a stream ends with what it took
   * @param logprobs how many alternatives beside each token; empty for no log-probabilities at all
   * @param explain whether to say who wrote what, and why
   */
  public record Form(
      Shape shape, boolean stream, boolean usage, OptionalInt logprobs, boolean explain) {}
}
