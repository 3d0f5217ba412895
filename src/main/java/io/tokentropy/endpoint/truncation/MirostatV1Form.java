package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.MirostatV1;
import io.tokentropy.truncation.Surprise;

/** {@code mirostat_v1}. */
final class MirostatV1Form extends MirostatForm<MirostatV1, MirostatV1.Report> {
  private static final int M = 100;

  MirostatV1Form() {
    super("mirostat_v1", MirostatV1.Report.class);
  }

  @Override
  MirostatV1 read(Fields step, Situation situation) {
    double tau = step.number("tau", TAU);
    return new MirostatV1(
        step.number("mu", 2 * tau),
        tau,
        step.number("eta", ETA),
        step.integer("m", M),
        step.integer("sampled_id"));
  }

  @Override
  void write(MirostatV1 sampler, Answer step) {
    step.put("mu", sampler.mu())
        .put("tau", sampler.tau())
        .put("eta", sampler.eta())
        .put("m", sampler.m())
        .put("sampled_id", sampler.sampledId());
  }

  @Override
  void report(MirostatV1.Report report, EntropyUnit unit, Answer item) {
    Answer extra = new Answer().put("k", report.k()).put("s_hat", report.exponent());
    Surprise surprise = report.surprise();
    if (surprise != null) {
      put(extra, surprise);
    }
    item.put("extra", extra);
  }

  @Override
  Method method() {
    return method("The best k for a target surprise, by a Zipf fit", SELECT)
        .citation("arXiv 2007.14966")
        .parameter("mu", "number of bits", "any", "2 tau")
        .parameter("tau", "number of bits", "above 0", shown(TAU))
        .parameter("eta", "number", "0 to 1", shown(ETA))
        .parameter("m", "integer", "at least 2", shown(M))
        .parameter("sampled_id", "integer", "a kept token; gives mu_next", "none")
        .disagreement(
            "llama.cpp divides 0 by 0 at an exponent of 1, where the limit is taken here. Where"
                + " fewer than m tokens are live, its ratio to the first masked one overflows and"
                + " the next is NaN, and so are the exponent and k; here masked tokens stay out of"
                + " the fit");
  }
}
