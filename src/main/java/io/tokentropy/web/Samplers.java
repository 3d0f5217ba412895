package io.tokentropy.web;

import io.tokentropy.json.Answer;
import io.tokentropy.truncation.AdaptiveP;
import io.tokentropy.truncation.DynamicTemperature;
import io.tokentropy.truncation.EpsilonCutoff;
import io.tokentropy.truncation.EtaCutoff;
import io.tokentropy.truncation.MinK;
import io.tokentropy.truncation.MinP;
import io.tokentropy.truncation.MirostatV1;
import io.tokentropy.truncation.MirostatV2;
import io.tokentropy.truncation.PLess;
import io.tokentropy.truncation.Quadratic;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.TailFree;
import io.tokentropy.truncation.Temperature;
import io.tokentropy.truncation.TopA;
import io.tokentropy.truncation.TopH;
import io.tokentropy.truncation.TopK;
import io.tokentropy.truncation.TopNSigma;
import io.tokentropy.truncation.TopP;
import io.tokentropy.truncation.TypicalP;
import io.tokentropy.truncation.Xtc;
import java.util.Map;

/** Writes samplers as the steps that would read them. */
final class Samplers {
  private Samplers() {}

  static Answer answer(Sampler sampler) {
    Answer step = new Answer().put("sampler", sampler.wire());
    return switch (sampler) {
      case TopH s ->
          step.put("alpha", s.alpha())
              .put("variant", s.variant().wire())
              .put("top_n", s.topN())
              .put("rule", s.rule().wire());
      case Temperature s -> step.put("temperature", s.temperature());
      case TopK s -> step.put("k", s.k()).put("ties", s.allTies() ? "all" : "exact");
      case TopP s -> step.put("p", s.p());
      case MinP s -> step.put("min_p", s.minP());
      case TypicalP s -> step.put("mass", s.mass());
      case EpsilonCutoff s -> step.put("epsilon", s.epsilon());
      case EtaCutoff s -> step.put("epsilon", s.epsilon());
      case TopNSigma s -> step.put("n", s.n()).put("ddof", s.ddof());
      case TopA s -> step.put("a", s.a());
      case TailFree s -> step.put("z", s.z());
      case Xtc s ->
          step.put("threshold", s.threshold())
              .put("probability", s.probability())
              .put("u", s.u())
              .put("protected_ids", s.protectedIds());
      case PLess s -> step.put("normalised", s.normalised());
      case MinK s -> step.put("tau", s.tau());
      case MirostatV1 s ->
          step.put("mu", s.mu())
              .put("tau", s.tau())
              .put("eta", s.eta())
              .put("m", s.m())
              .put("sampled_id", s.sampledId());
      case MirostatV2 s ->
          step.put("mu", s.mu())
              .put("tau", s.tau())
              .put("eta", s.eta())
              .put("sampled_id", s.sampledId());
      case DynamicTemperature s ->
          step.put("min_temp", s.minTemp())
              .put("max_temp", s.maxTemp())
              .put("exponent", s.exponent());
      case Quadratic s ->
          step.put("smoothing_factor", s.smoothingFactor()).put("smoothing_curve", s.curve());
      case AdaptiveP s ->
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
