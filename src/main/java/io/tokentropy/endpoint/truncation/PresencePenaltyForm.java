package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.truncation.History;
import io.tokentropy.truncation.Past;
import io.tokentropy.truncation.PresencePenalty;

/** {@code presence_penalty}. */
final class PresencePenaltyForm extends PenaltyForm<PresencePenalty> {
  PresencePenaltyForm() {
    super("presence_penalty", 0, History.Over.OUTPUT);
  }

  @Override
  PresencePenalty of(double penalty, Past past) {
    return new PresencePenalty(penalty, past);
  }

  @Override
  double penalty(PresencePenalty sampler) {
    return sampler.penalty();
  }

  @Override
  Past past(PresencePenalty sampler) {
    return sampler.past();
  }

  @Override
  Method method() {
    return penaltyMethod(
            "Subtracts a number from the logits of past tokens", "any; 0 changes nothing")
        .formula("l - penalty")
        .disagreement(
            "OpenAI and vLLM count the output alone, llama.cpp the last 64 of prompt and output"
                + " (over all, last_n 64; so does the field with order llamacpp); Hugging Face has"
                + " none");
  }
}
