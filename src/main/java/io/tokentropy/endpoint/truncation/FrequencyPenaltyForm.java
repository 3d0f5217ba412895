package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.truncation.FrequencyPenalty;
import io.tokentropy.truncation.History;
import io.tokentropy.truncation.Past;

/** {@code frequency_penalty}. */
final class FrequencyPenaltyForm extends PenaltyForm<FrequencyPenalty> {
  FrequencyPenaltyForm() {
    super("frequency_penalty", 0, History.Over.OUTPUT);
  }

  @Override
  FrequencyPenalty of(double penalty, Past past) {
    return new FrequencyPenalty(penalty, past);
  }

  @Override
  double penalty(FrequencyPenalty sampler) {
    return sampler.penalty();
  }

  @Override
  Past past(FrequencyPenalty sampler) {
    return sampler.past();
  }

  @Override
  Method method() {
    return penaltyMethod(
            "Subtracts a number from the logits of past tokens, once for each time",
            "any; 0 changes nothing")
        .formula("l - penalty count")
        .disagreement(
            "OpenAI and vLLM count the output alone, llama.cpp the last 64 of prompt and output"
                + " (over all, last_n 64; so does the field with order llamacpp); Hugging Face has"
                + " none");
  }
}
