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
  TypicalP read(Fields step, Proof proof) {
    return new TypicalP(step.require("mass").asNumber());
  }

  @Override
  Shorthand<TypicalP> shorthand() {
    return (value, proof) -> new TypicalP(value.asNumber());
  }

  @Override
  void write(TypicalP sampler, Answer step) {
    step.put("mass", sampler.mass());
  }

  @Override
  Method method() {
    return method("Surprisals nearest to the entropy, until their mass is m", SORT)
        .citation("arXiv 2202.00666")
        .parameter("mass", "number", "above 0, at most 1")
        .disagreement("ExLlamaV2 leaves out the crossing token and adds p to ln p");
  }
}
