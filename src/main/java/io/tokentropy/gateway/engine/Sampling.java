package io.tokentropy.gateway.engine;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a model draws a token; what is absent is the server's own default.
 *
 * @param logitBias added to logits, by id
 * @param stopTokenIds that end the text, as the model's own end does
 */
public record Sampling(
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt topK,
    OptionalDouble minP,
    Map<Integer, Double> logitBias,
    List<Integer> stopTokenIds) {
  public Sampling {
    logitBias = Map.copyOf(logitBias);
    stopTokenIds = List.copyOf(stopTokenIds);
  }

  /** Always the most probable token. */
  public static Sampling greedy() {
    return new Sampling(
        OptionalDouble.of(0),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        Map.of(),
        List.of());
  }
}
