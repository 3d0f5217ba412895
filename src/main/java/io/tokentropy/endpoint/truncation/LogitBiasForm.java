package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.LogitBias;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code logit_bias}. */
final class LogitBiasForm extends PlainForm<LogitBias> {
  LogitBiasForm() {
    super("logit_bias");
  }

  @Override
  LogitBias read(Fields step, Situation situation) {
    return new LogitBias(bias(step.require("bias")));
  }

  @Override
  Shorthand<LogitBias> shorthand() {
    return (value, beside, situation) -> new LogitBias(bias(value));
  }

  /**
   * As OpenAI and vLLM write it, {@code {"7": -100}}, or as llama.cpp does, {@code [[7, -100]]}.
   */
  private static Map<Integer, Double> bias(Value value) {
    var bias = new HashMap<Integer, Double>();
    if (value instanceof Value.Obj object) {
      object.fields().forEach((name, number) -> bias.put(id(name, number), number.asNumber()));
      return bias;
    }
    for (Value pair : value.asList()) {
      List<Value> both = pair.asList();
      if (both.size() != 2) {
        throw new InvalidInput.ParameterOutOfRange(
            pair.pointer(), "a list of " + both.size(), "a token id and a number");
      }
      if (bias.put(both.getFirst().asInt(), both.getLast().asNumber()) != null) {
        throw new InvalidInput.ConflictingInputs(pair.pointer(), "the token has a bias already");
      }
    }
    return bias;
  }

  private static int id(String name, Value number) {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidInput.ParameterOutOfRange(
          number.pointer(), "\"" + name.replaceAll("\\p{Cntrl}", "?") + "\"", "a token id");
    }
  }

  @Override
  void write(LogitBias sampler, Answer step) {
    step.put(
        "bias",
        new TreeMap<>(sampler.bias())
            .entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
  }

  @Override
  Method method() {
    return method("Adds a number to the logits of some tokens", SHAPE)
        .parameter("bias", "object or list", "{\"id\": number} or [[id, number]]")
        .disagreement(
            "OpenAI and vLLM take -100 to 100, here any finite number; llama.cpp passes over ids"
                + " that the vocabulary does not have, here they are refused");
  }
}
