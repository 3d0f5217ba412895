package io.tokentropy.endpoint.truncation;

import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.Threshold;

/** A sampler that keeps what reaches a probability, and reports which. */
abstract class ThresholdForm<S extends Sampler> extends SamplerForm<S, Threshold> {
  ThresholdForm(String name) {
    super(name, Threshold.class);
  }

  @Override
  final void report(Threshold report, EntropyUnit unit, Answer item) {
    item.put("extra", new Answer().put("threshold", report.probability()));
  }
}
