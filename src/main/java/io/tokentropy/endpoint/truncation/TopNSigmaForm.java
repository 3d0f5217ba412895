package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TopNSigma;

/** {@code top_n_sigma}. */
final class TopNSigmaForm extends SamplerForm<TopNSigma, TopNSigma.Report> {
  private static final int DDOF = 0;

  TopNSigmaForm() {
    super("top_n_sigma", TopNSigma.Report.class);
  }

  @Override
  TopNSigma read(Fields step, Situation situation) {
    return new TopNSigma(step.require("n").asNumber(), step.integer("ddof", DDOF));
  }

  @Override
  Shorthand<TopNSigma> shorthand() {
    return (value, beside, situation) -> new TopNSigma(value.asNumber(), DDOF);
  }

  @Override
  void write(TopNSigma sampler, Answer step) {
    step.put("n", sampler.n()).put("ddof", sampler.ddof());
  }

  @Override
  void report(TopNSigma.Report report, EntropyUnit unit, Answer item) {
    item.put(
        "extra",
        new Answer().put("sigma", report.sigma()).put("cut_below_max", report.cutBelowMax()));
  }

  @Override
  Method method() {
    return method("Scores within n standard deviations of the best", SELECT)
        .citation("arXiv 2411.07641")
        .parameter("n", "number", "above 0; -1 keeps all")
        .parameter("ddof", "integer", "0 | 1", shown(DDOF))
        .disagreement(
            "The authors use the sample deviation (ddof 1), which a masked token makes NaN;"
                + " llama.cpp that of the population over finite scores; text-generation-webui"
                + " counts masked tokens as scores of 0. n at or below 0 is off in llama.cpp, 0"
                + " keeps the ties of the best in text-generation-webui; here -1 is off, 0"
                + " refused");
  }
}
