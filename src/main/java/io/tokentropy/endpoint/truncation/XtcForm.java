package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.truncation.Xtc;

/** {@code xtc}. */
final class XtcForm extends SamplerForm<Xtc, Xtc.Report> {
  private static final double THRESHOLD = 0.1;

  XtcForm() {
    super("xtc", Xtc.Report.class);
  }

  @Override
  Xtc read(Fields step, Situation situation) {
    return new Xtc(
        step.number("threshold", THRESHOLD),
        step.require("probability").asNumber(),
        step.require("u").asNumber(),
        step.list("protected_ids").stream().map(Value::asInt).toList());
  }

  @Override
  void write(Xtc sampler, Answer step) {
    step.put("threshold", sampler.threshold())
        .put("probability", sampler.probability())
        .put("u", sampler.u())
        .put("protected_ids", sampler.protectedIds());
  }

  @Override
  void report(Xtc.Report report, EntropyUnit unit, Answer item) {
    item.put("extra", new Answer().put("active", report.active()));
  }

  @Override
  Method method() {
    return method("Drops the likely tokens but the least of them, on a coin u", SELECT)
        .parameter("threshold", "number", "0 to 1", shown(THRESHOLD))
        .parameter("probability", "number", "0 to 1")
        .parameter("u", "number", "at least 0, below 1")
        .parameter("protected_ids", "list of integers", "token ids", "none")
        .disagreement(
            "text-generation-webui acts where u is below the probability, as here, and"
                + " not at all if a newline or the end would go (protected_ids); llama.cpp acts"
                + " at u = probability too and never where threshold is above 0.5; ExLlamaV2"
                + " tosses no coin and compares an index with a probability");
  }
}
