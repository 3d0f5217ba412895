package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.AdaptiveP;

/** {@code adaptive_p}. */
final class AdaptivePForm extends SamplerForm<AdaptiveP, AdaptiveP.Report> {
  private static final double DECAY = 0.9;

  AdaptivePForm() {
    super("adaptive_p", AdaptiveP.Report.class);
  }

  @Override
  AdaptiveP read(Fields step, Situation situation) {
    return new AdaptiveP(
        step.require("target").asNumber(),
        step.number("decay", DECAY),
        step.number("weighted_sum"),
        step.number("total_weight"),
        step.integer("sampled_id"));
  }

  @Override
  void write(AdaptiveP sampler, Answer step) {
    step.put("target", sampler.target())
        .put("decay", sampler.decay())
        .put("weighted_sum", sampler.weightedSum())
        .put("total_weight", sampler.totalWeight())
        .put("sampled_id", sampler.sampledId());
  }

  @Override
  void report(AdaptiveP.Report report, EntropyUnit unit, Answer item) {
    Answer extra = new Answer().put("adapted_target", report.target());
    AdaptiveP.Memory next = report.next();
    if (next != null) {
      extra
          .put("weighted_sum_next", next.weightedSum())
          .put("total_weight_next", next.totalWeight());
    }
    item.put("extra", extra);
  }

  @Override
  Method method() {
    return method("Raises tokens whose probability is near a moving target", SELECT)
        .parameter("target", "number", "0 to 1; -1 changes nothing")
        .parameter("decay", "number", "at least 0, below 1", shown(DECAY))
        .parameter("weighted_sum", "number", "at least 0", "target / (1 - decay)")
        .parameter("total_weight", "number", "above 0", "1 / (1 - decay)")
        .parameter("sampled_id", "integer", "gives the next two", "none")
        .disagreement(
            "As in llama.cpp and text-generation-webui, which keep the sums themselves;"
                + " an earlier draft had a width of 0.2 in place of 0.3. Below 0 a target is"
                + " off in llama.cpp, here -1 alone");
  }
}
