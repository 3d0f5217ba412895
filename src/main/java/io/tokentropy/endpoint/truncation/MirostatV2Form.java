package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.MirostatV2;

/** {@code mirostat_v2}. */
final class MirostatV2Form extends MirostatForm<MirostatV2, MirostatV2.Report> {
  MirostatV2Form() {
    super("mirostat_v2", MirostatV2.Report.class);
  }

  @Override
  MirostatV2 read(Fields step, Situation situation) {
    double tau = step.number("tau", TAU);
    return new MirostatV2(
        step.number("mu", 2 * tau), tau, step.number("eta", ETA), step.integer("sampled_id"));
  }

  @Override
  void write(MirostatV2 sampler, Answer step) {
    step.put("mu", sampler.mu())
        .put("tau", sampler.tau())
        .put("eta", sampler.eta())
        .put("sampled_id", sampler.sampledId());
  }

  @Override
  void report(MirostatV2.Report report, EntropyUnit unit, Answer item) {
    Answer extra = new Answer();
    put(extra, report.surprise());
    item.put("extra", extra);
  }

  @Override
  Method method() {
    return method("Surprisals of at most mu bits", SELECT)
        .citation("arXiv 2007.14966")
        .parameter("mu", "number of bits", "any", "2 tau")
        .parameter("tau", "number of bits", "above 0", shown(TAU))
        .parameter("eta", "number", "0 to 1", shown(ETA))
        .parameter("sampled_id", "integer", "a kept token; gives mu_next", "none")
        .disagreement(
            "llama.cpp and text-generation-webui measure the surprise on the renormalised"
                + " distribution, as here; ExLlamaV2 before renormalising, with tau 1.5");
  }
}
