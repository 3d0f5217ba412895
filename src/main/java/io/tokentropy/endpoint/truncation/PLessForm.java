package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.PLess;

/** {@code p_less}. */
final class PLessForm extends ThresholdForm<PLess> {
  PLessForm() {
    super("p_less");
  }

  @Override
  PLess read(Fields step, Situation situation) {
    return new PLess(step.flag("normalised", false));
  }

  @Override
  Shorthand<PLess> shorthand() {
    return (value, beside, situation) -> value.asFlag() ? new PLess(false) : null;
  }

  @Override
  void write(PLess sampler, Answer step) {
    step.put("normalised", sampler.normalised());
  }

  @Override
  Method method() {
    return method("p at least the collision probability", SELECT)
        .formula("p >= sum p^2; normalised: (V sum p^2 - 1) / (V - 1)")
        .parameter("normalised", "boolean", "true | false", "false")
        .disagreement(
            "A version proposed for llama.cpp subtracts 1e-5 so that rounding does not"
                + " split a uniform row; a slack of 1e-10 does that here. normalised counts the"
                + " whole vocabulary, masked and padding tokens too");
  }
}
