package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.TypicalP;

/** {@code typical_p}. */
final class TypicalPForm extends PlainForm<TypicalP> {
  TypicalPForm() {
    super("typical_p");
  }

  @Override
  TypicalP read(Fields step, Situation situation) {
    return new TypicalP(step.require("mass").asNumber(), Ties.readAll(step));
  }

  @Override
  Shorthand<TypicalP> shorthand() {
    return (value, beside, situation) -> new TypicalP(value.asNumber(), false);
  }

  @Override
  void write(TypicalP sampler, Answer step) {
    step.put("mass", sampler.mass()).put("ties", Ties.of(sampler.allTies()).wire());
  }

  @Override
  Method method() {
    return method("Surprisals nearest to the entropy, until their mass is m", SORT)
        .citation("arXiv 2202.00666")
        .parameter("mass", "number", "above 0, at most 1; 1 keeps all")
        .parameter("ties", "string", Ties.RANGE, Ties.EXACT.wire())
        .disagreement(
            "Hugging Face keeps whatever is as near as the last token (ties all); ExLlamaV2 leaves"
                + " out the crossing token and adds p to ln p; llama.cpp wants more mass than m,"
                + " and its p ln p of a masked token is NaN, which makes the order undefined");
  }
}
