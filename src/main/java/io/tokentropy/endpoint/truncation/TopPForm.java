package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TopP;

/** {@code top_p}. */
final class TopPForm extends PlainForm<TopP> {
  TopPForm() {
    super("top_p");
  }

  @Override
  TopP read(Fields step, Situation situation) {
    return new TopP(step.require("p").asNumber());
  }

  @Override
  Shorthand<TopP> shorthand() {
    return (value, beside, situation) -> new TopP(value.asNumber());
  }

  @Override
  void write(TopP sampler, Answer step) {
    step.put("p", sampler.p());
  }

  @Override
  Method method() {
    return method("The shortest prefix with mass at least p", SELECT)
        .citation("arXiv 1904.09751")
        .parameter("p", "number", "0 to 1; 0 keeps one token")
        .disagreement(
            "ExLlamaV2 drops the token that crosses p and passes over p below 1e-6;"
                + " SGLang keeps one more at exact equality; Hugging Face, vLLM and TGI sum"
                + " from the least token and drop mass up to 1 - p, the same set but for"
                + " rounding");
  }
}
