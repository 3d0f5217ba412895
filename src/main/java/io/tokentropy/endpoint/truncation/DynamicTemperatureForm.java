package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.DynamicTemperature;

/** {@code dynamic_temperature}. */
final class DynamicTemperatureForm
    extends SamplerForm<DynamicTemperature, DynamicTemperature.Report> {
  private static final double EXPONENT = 1;

  DynamicTemperatureForm() {
    super("dynamic_temperature", DynamicTemperature.Report.class);
  }

  @Override
  DynamicTemperature read(Fields step, Situation situation) {
    return new DynamicTemperature(
        step.require("min_temp").asNumber(),
        step.require("max_temp").asNumber(),
        step.number("exponent", EXPONENT));
  }

  @Override
  void write(DynamicTemperature sampler, Answer step) {
    step.put("min_temp", sampler.minTemp())
        .put("max_temp", sampler.maxTemp())
        .put("exponent", sampler.exponent());
  }

  @Override
  void report(DynamicTemperature.Report report, EntropyUnit unit, Answer item) {
    item.put("extra", new Answer().put("temperature", report.temperature()));
  }

  @Override
  Method method() {
    return method("A temperature by the entropy", SHAPE)
        .formula("T = min + (max - min) (H / ln n)^exponent")
        .parameter("min_temp", "number", "at least 0")
        .parameter("max_temp", "number", "at least min_temp")
        .parameter("exponent", "number", "above 0", shown(EXPONENT))
        .disagreement(
            "n is the number of live tokens, as in text-generation-webui; llama.cpp"
                + " counts masked tokens that are still in its list, which lowers the"
                + " temperature, and in its backend raises p to 1e-10; ExLlamaV2 counts what is"
                + " left after the cuts, as a late step does here");
  }
}
