package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.MinP;

/** {@code min_p}. */
final class MinPForm extends ThresholdForm<MinP> {
  MinPForm() {
    super("min_p");
  }

  @Override
  MinP read(Fields step, Situation situation) {
    return new MinP(step.require("min_p").asNumber());
  }

  @Override
  Shorthand<MinP> shorthand() {
    return (value, beside, situation) -> new MinP(value.asNumber());
  }

  @Override
  void write(MinP sampler, Answer step) {
    step.put("min_p", sampler.minP());
  }

  @Override
  Method method() {
    return method("p at least m times the best", SELECT)
        .citation("arXiv 2407.01082")
        .parameter("min_p", "number", "0 to 1")
        .disagreement(
            "llama.cpp applies it to logits, before the temperature by default, and where"
                + " it runs in the backend strictly; SGLang applies it after top_k and top_p,"
                + " in one of its paths with the best probability of before them");
  }
}
