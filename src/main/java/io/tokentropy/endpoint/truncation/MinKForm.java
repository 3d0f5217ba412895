package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.MinK;

/** {@code min_k}. */
final class MinKForm extends SamplerForm<MinK, MinK.Report> {
  private static final double TAU = 3;

  MinKForm() {
    super("min_k", MinK.Report.class);
  }

  @Override
  MinK read(Fields step, Situation situation) {
    return new MinK(step.number("tau", TAU));
  }

  @Override
  Shorthand<MinK> shorthand() {
    return (value, beside, situation) -> new MinK(value.asNumber());
  }

  @Override
  void write(MinK sampler, Answer step) {
    step.put("tau", sampler.tau());
  }

  @Override
  void report(MinK.Report report, EntropyUnit unit, Answer item) {
    item.put("extra", new Answer().put("k", report.k()));
  }

  @Override
  Method method() {
    return method("Up to the steepest relative cliff of the sorted scores", SORT)
        .citation("arXiv 2604.11012")
        .parameter("tau", "number", "at least 0", shown(TAU))
        .disagreement(
            "Over masked scores the range is infinite, so the range of the finite ones is"
                + " taken. The fallback tau / range moves with the temperature, which the cliff"
                + " does not: put it before a temperature");
  }
}
