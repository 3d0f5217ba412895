package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.truncation.Dry;
import io.tokentropy.truncation.History;

/** {@code dry}. */
final class DryForm extends PlainForm<Dry> {
  private static final double BASE = 1.75;
  private static final int ALLOWED_LENGTH = 2;

  DryForm() {
    super("dry");
  }

  @Override
  Dry read(Fields step, Situation situation) {
    double multiplier = step.require("multiplier").asNumber();
    History history = situation.history(multiplier == 0, step.pointer("multiplier"));
    return Dry.of(
        multiplier,
        step.number("base", BASE),
        step.integer("allowed_length", ALLOWED_LENGTH),
        step.integer("last_n", History.ALL),
        step.list("breaker_ids").stream().map(Value::asInt).toList(),
        history);
  }

  @Override
  void write(Dry sampler, Answer step) {
    step.put("multiplier", sampler.multiplier())
        .put("base", sampler.base())
        .put("allowed_length", sampler.allowedLength())
        .put("last_n", sampler.lastN())
        .put("breaker_ids", sampler.breakerIds());
  }

  @Override
  Method method() {
    return method(
            "Holds back tokens that would carry on a repetition; needs prompt_ids or output_ids",
            SHAPE + " + 50 tokens before")
        .formula("l - multiplier base^(length - allowed_length) where length >= allowed_length")
        .parameter("multiplier", "number", "at least 0; 0 changes nothing")
        .parameter("base", "number", "at least 1", shown(BASE))
        .parameter("allowed_length", "integer", "at least 1", shown(ALLOWED_LENGTH))
        .parameter("last_n", "integer", "at least 0, or -1 for all", shown(History.ALL))
        .parameter("breaker_ids", "list of integers", "token ids", "none")
        .disagreement(
            "text-generation-webui counts repetitions up to a length of 50, as here; llama.cpp"
                + " bounds the power instead, and both take breakers as texts that they tokenise");
  }
}
