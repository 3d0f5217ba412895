package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TailFree;

/** {@code tail_free}. */
final class TailFreeForm extends PlainForm<TailFree> {
  TailFreeForm() {
    super("tail_free");
  }

  @Override
  TailFree read(Fields step, Situation situation) {
    return new TailFree(step.require("z").asNumber());
  }

  @Override
  Shorthand<TailFree> shorthand() {
    return (value, beside, situation) -> new TailFree(value.asNumber());
  }

  @Override
  void write(TailFree sampler, Answer step) {
    step.put("z", sampler.z());
  }

  @Override
  Method method() {
    return method("Up to where the second differences sum to z", SORT)
        .parameter("z", "number", "above 0, at most 1")
        .disagreement(
            "text-generation-webui and ExLlamaV2 always drop the last token, and on a"
                + " flat row text-generation-webui divides 0 by 0, where all stay here;"
                + " llama.cpp's, since removed, was off by one and could keep no token");
  }
}
