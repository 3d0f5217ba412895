package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TopK;

/** {@code top_k}. */
final class TopKForm extends PlainForm<TopK> {
  private enum Ties {
    EXACT,
    ALL;

    String wire() {
      return this == ALL ? "all" : "exact";
    }
  }

  TopKForm() {
    super("top_k");
  }

  @Override
  TopK read(Fields step, Proof proof) {
    return new TopK(
        step.require("k").asInt(), step.word("ties", Ties.EXACT, Ties::wire) == Ties.ALL);
  }

  @Override
  Shorthand<TopK> shorthand() {
    return (value, proof) -> new TopK(value.asInt(), false);
  }

  @Override
  void write(TopK sampler, Answer step) {
    Ties ties = sampler.allTies() ? Ties.ALL : Ties.EXACT;
    step.put("k", sampler.k()).put("ties", ties.wire());
  }

  @Override
  Method method() {
    return method("The k best; 0 keeps all", SELECT)
        .parameter("k", "integer", "at least 0")
        .parameter("ties", "string", "exact | all", Ties.EXACT.wire())
        .disagreement(
            "Hugging Face, vLLM and TGI keep everything tied with the k-th (all), llama.cpp"
                + " and ExLlamaV2 exactly k");
  }
}
