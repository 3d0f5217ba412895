package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.EpsilonCutoff;

/** {@code epsilon_cutoff}. */
final class EpsilonCutoffForm extends ThresholdForm<EpsilonCutoff> {
  EpsilonCutoffForm() {
    super("epsilon_cutoff");
  }

  @Override
  EpsilonCutoff read(Fields step, Situation situation) {
    return new EpsilonCutoff(step.require("epsilon").asNumber());
  }

  @Override
  Shorthand<EpsilonCutoff> shorthand() {
    return (value, beside, situation) -> new EpsilonCutoff(value.asNumber());
  }

  @Override
  void write(EpsilonCutoff sampler, Answer step) {
    step.put("epsilon", sampler.epsilon());
  }

  @Override
  Method method() {
    return method("p at least epsilon, else the best token alone", SELECT)
        .citation("arXiv 2210.15191")
        .parameter("epsilon", "number", "at least 0, below 1; 0 keeps all")
        .disagreement(
            "Where nothing reaches epsilon, Hugging Face keeps the min_tokens_to_keep best (1) and"
                + " what ties with them; text-generation-webui's field counts in units of 1e-4");
  }
}
