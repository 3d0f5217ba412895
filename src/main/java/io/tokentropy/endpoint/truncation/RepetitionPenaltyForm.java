package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.truncation.History;
import io.tokentropy.truncation.Past;
import io.tokentropy.truncation.RepetitionPenalty;

/** {@code repetition_penalty}. */
final class RepetitionPenaltyForm extends PenaltyForm<RepetitionPenalty> {
  RepetitionPenaltyForm() {
    super("repetition_penalty", 1, History.Over.ALL);
  }

  @Override
  RepetitionPenalty of(double penalty, Past past) {
    return new RepetitionPenalty(penalty, past);
  }

  @Override
  double penalty(RepetitionPenalty sampler) {
    return sampler.penalty();
  }

  @Override
  Past past(RepetitionPenalty sampler) {
    return sampler.past();
  }

  @Override
  Method method() {
    return penaltyMethod(
            "Makes past tokens less likely, by a factor on their logits",
            "above 0; 1 changes nothing")
        .formula("l / penalty where l > 0, else l penalty")
        .citation("arXiv 1909.05858")
        .disagreement(
            "Hugging Face and vLLM count prompt and output, llama.cpp the last 64 of both. The sign"
                + " of a logit decides, so log-probabilities give another result than logits");
  }
}
