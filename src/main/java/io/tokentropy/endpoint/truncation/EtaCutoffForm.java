package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.EtaCutoff;

/** {@code eta_cutoff}. */
final class EtaCutoffForm extends ThresholdForm<EtaCutoff> {
  EtaCutoffForm() {
    super("eta_cutoff");
  }

  @Override
  EtaCutoff read(Fields step, Situation situation) {
    return new EtaCutoff(step.require("epsilon").asNumber());
  }

  @Override
  Shorthand<EtaCutoff> shorthand() {
    return (value, beside, situation) -> new EtaCutoff(value.asNumber());
  }

  @Override
  void write(EtaCutoff sampler, Answer step) {
    step.put("epsilon", sampler.epsilon());
  }

  @Override
  Method method() {
    return method("p at least min(epsilon, sqrt(epsilon) e^-H)", SELECT)
        .citation("arXiv 2210.15191")
        .parameter("epsilon", "number", "at least 0, below 1")
        .disagreement("Hugging Face's docstring writes sqrt(epsilon e^-H), its code this");
  }
}
