package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.Temperature;

/** {@code temperature}. */
final class TemperatureForm extends PlainForm<Temperature> {
  TemperatureForm() {
    super("temperature");
  }

  @Override
  Temperature read(Fields step, Situation situation) {
    return new Temperature(step.require("temperature").asNumber());
  }

  @Override
  Shorthand<Temperature> shorthand() {
    return (value, beside, situation) -> new Temperature(value.asNumber());
  }

  @Override
  void write(Temperature sampler, Answer step) {
    step.put("temperature", sampler.temperature());
  }

  @Override
  Method method() {
    return method("Divides the scores; 0 keeps the best token", SHAPE)
        .parameter("temperature", "number", "at least 0")
        .disagreement(
            "First in Hugging Face, vLLM and SGLang, last in llama.cpp. Hugging Face"
                + " refuses 0, llama.cpp keeps the best token at 0 and below, vLLM at tiny"
                + " values too");
  }
}
