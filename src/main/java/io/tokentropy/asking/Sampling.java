package io.tokentropy.asking;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a model draws its answers.
 *
 * @param maxTokens of one answer
 * @param seed from which every call gets one of its own; none is sent where there is none
 */
public record Sampling(
    double temperature, OptionalDouble topP, int maxTokens, List<String> stop, OptionalLong seed) {
  public Sampling {
    stop = List.copyOf(stop);
  }

  /** The same at another temperature. */
  public Sampling at(double other) {
    return new Sampling(other, topP, maxTokens, stop, seed);
  }

  Sampling seeded(OptionalLong other) {
    return new Sampling(temperature, topP, maxTokens, stop, other);
  }
}
