package io.tokentropy.endpoint.truncation;

import io.tokentropy.json.Answer;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.TopH;
import java.util.Map;

/** Writes samplers as the steps that would read them. */
public final class Samplers {
  private Samplers() {}

  public static Answer answer(Sampler sampler) {
    Answer step = new Answer().put("sampler", sampler.wire());
    return switch (sampler) {
      case TopH s ->
          step.put("alpha", s.alpha())
              .put("variant", s.variant().wire())
              .put("top_n", s.topN())
              .put("rule", s.rule().wire());
      case Sampler.Temperature s -> step.put("temperature", s.temperature());
      case Sampler.TopK s -> step.put("k", s.k()).put("ties", s.allTies() ? "all" : "exact");
      case Sampler.TopP s -> step.put("p", s.p());
      case Sampler.MinP s -> step.put("min_p", s.minP());
      case Sampler.TypicalP s -> step.put("mass", s.mass());
      case Sampler.EpsilonCutoff s -> step.put("epsilon", s.epsilon());
      case Sampler.EtaCutoff s -> step.put("epsilon", s.epsilon());
      case Sampler.TopNSigma s -> step.put("n", s.n()).put("ddof", s.ddof());
      case Sampler.TopA s -> step.put("a", s.a());
      case Sampler.TailFree s -> step.put("z", s.z());
      case Sampler.Xtc s ->
          step.put("threshold", s.threshold())
              .put("probability", s.probability())
              .put("u", s.u())
              .put("protected_ids", s.protectedIds());
      case Sampler.PLess s -> step.put("normalised", s.normalised());
      case Sampler.MinK s -> step.put("tau", s.tau());
      case Sampler.MirostatV1 s ->
          step.put("mu", s.mu())
              .put("tau", s.tau())
              .put("eta", s.eta())
              .put("m", s.m())
              .put("sampled_id", s.sampledId());
      case Sampler.MirostatV2 s ->
          step.put("mu", s.mu())
              .put("tau", s.tau())
              .put("eta", s.eta())
              .put("sampled_id", s.sampledId());
      case Sampler.DynamicTemperature s ->
          step.put("min_temp", s.minTemp())
              .put("max_temp", s.maxTemp())
              .put("exponent", s.exponent());
      case Sampler.Quadratic s ->
          step.put("smoothing_factor", s.smoothingFactor()).put("smoothing_curve", s.curve());
      case Sampler.AdaptiveP s ->
          step.put("target", s.target())
              .put("decay", s.decay())
              .put("weighted_sum", s.weightedSum())
              .put("total_weight", s.totalWeight())
              .put("sampled_id", s.sampledId());
    };
  }

  /** A sampler's own numbers. */
  static Answer numbers(Map<String, Object> extra) {
    Answer answer = new Answer();
    extra.forEach(
        (name, value) -> {
          switch (value) {
            case Double number -> answer.put(name, (double) number);
            case Integer number -> answer.put(name, (long) number);
            case Boolean flag -> answer.put(name, (boolean) flag);
            default -> throw new IllegalStateException(name + " is a " + value.getClass());
          }
        });
    return answer;
  }
}
