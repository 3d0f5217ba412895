package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.Quadratic;

/** {@code quadratic}. */
final class QuadraticForm extends PlainForm<Quadratic> {
  private static final double CURVE = 1;

  QuadraticForm() {
    super("quadratic");
  }

  @Override
  Quadratic read(Fields step, Situation situation) {
    return new Quadratic(
        step.require("smoothing_factor").asNumber(), step.number("smoothing_curve", CURVE));
  }

  @Override
  void write(Quadratic sampler, Answer step) {
    step.put("smoothing_factor", sampler.smoothingFactor()).put("smoothing_curve", sampler.curve());
  }

  @Override
  Method method() {
    return method("Smooths the scores below the best", SHAPE)
        .parameter("smoothing_factor", "number", "at least 0; 0 changes nothing")
        .parameter("smoothing_curve", "number", "1 to 3", shown(CURVE))
        .disagreement(
            "text-generation-webui has the curve, as here; ExLlamaV2 a power of the"
                + " distance alone");
  }
}
