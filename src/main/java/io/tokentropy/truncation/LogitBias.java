package io.tokentropy.truncation;

import java.util.Map;

/** Adds a number to the logits of some tokens; no tokens change nothing. */
public record LogitBias(Map<Integer, Double> bias) implements LogitStep {
  public LogitBias {
    bias = Map.copyOf(bias);
    bias.forEach(
        (id, number) ->
            Parameter.require(Double.isFinite(number), "bias/" + id, number, "a finite number"));
  }

  @Override
  public boolean isOff() {
    return bias.isEmpty();
  }

  @Override
  public void change(double[] logits) {
    bias.forEach(
        (id, number) -> {
          LogitStep.requireToken(id, logits, "/bias");
          logits[id] += number;
        });
  }
}
