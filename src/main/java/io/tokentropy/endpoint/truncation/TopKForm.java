package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TopK;

/** {@code top_k}. */
final class TopKForm extends PlainForm<TopK> {
  TopKForm() {
    super("top_k");
  }

  @Override
  TopK read(Fields step, Situation situation) {
    return new TopK(step.require("k").asInt(), Ties.readAll(step));
  }

  @Override
  Shorthand<TopK> shorthand() {
    return (value, beside, situation) -> new TopK(value.asInt(), false);
  }

  @Override
  void write(TopK sampler, Answer step) {
    step.put("k", sampler.k()).put("ties", Ties.of(sampler.allTies()).wire());
  }

  @Override
  Method method() {
    return method("The k best; 0 and -1 keep all", SELECT)
        .parameter("k", "integer", "at least 0, or -1")
        .parameter("ties", "string", Ties.RANGE, Ties.EXACT.wire())
        .disagreement(
            "Hugging Face, vLLM and TGI keep everything tied with the k-th (all),"
                + " llama.cpp, ExLlamaV2 and SGLang exactly k. Off is 0 in Hugging Face and"
                + " TGI, 0 and below in llama.cpp");
  }
}
