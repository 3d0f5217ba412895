package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TopA;

/** {@code top_a}. */
final class TopAForm extends ThresholdForm<TopA> {
  TopAForm() {
    super("top_a");
  }

  @Override
  TopA read(Fields step, Situation situation) {
    return new TopA(step.require("a").asNumber());
  }

  @Override
  Shorthand<TopA> shorthand() {
    return (value, beside, situation) -> new TopA(value.asNumber());
  }

  @Override
  void write(TopA sampler, Answer step) {
    step.put("a", sampler.a());
  }

  @Override
  Method method() {
    return method("p at least a times the square of the best", SELECT)
        .parameter("a", "number", "0 to 1")
        .disagreement(
            "ExLlamaV2 and text-generation-webui have it and agree; Hugging Face, vLLM"
                + " and llama.cpp have none");
  }
}
