package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation.Step;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Scores 5 − 10 d² / (1 + d), d = |p − t| / 0.3, about a target that follows what was sampled: t =
 * 2 target − weighted_sum / total_weight, in [0, 1]. A target of −1 changes nothing.
 */
public record AdaptiveP(
    double target,
    double decay,
    OptionalDouble weightedSum,
    OptionalDouble totalWeight,
    OptionalInt sampledId)
    implements Sampler {
  /**
   * Where the target stood.
   *
   * @param next what to send the next time; null without a sampled token
   */
  public record Report(double target, @Nullable Memory next) implements Sampler.Report {}

  /** Of the probabilities sampled so far, older ones counting less. */
  public record Memory(double weightedSum, double totalWeight) {}

  /** How llama.cpp says that it is not to act. */
  private static final double OFF = -1;

  private static final double WIDTH = 0.3;

  public AdaptiveP {
    Parameter.require(
        (target >= 0 && target <= 1) || target == OFF, "target", target, "between 0 and 1, or -1");
    Parameter.requireShare(decay >= 0 && decay < 1, "decay", decay, "at least 0 and below 1");
    if (weightedSum.isPresent() != totalWeight.isPresent()) {
      throw new InvalidInput.MissingInput(
          weightedSum.isPresent() ? "/weighted_sum" : "/total_weight",
          "weighted_sum and total_weight belong together");
    }
    double sum = weightedSum.orElse(0);
    Parameter.require(sum >= 0 && Double.isFinite(sum), "weighted_sum", sum, "at least 0");
    double weight = totalWeight.orElse(1);
    Parameter.require(weight > 0 && Double.isFinite(weight), "total_weight", weight, "above 0");
  }

  @Override
  public boolean isOff() {
    return target == OFF;
  }

  @Override
  public Step step(Pool pool) {
    if (isOff()) {
      return Step.reshaped(pool);
    }
    double sum = weightedSum.orElse(target / (1 - decay));
    double weight = totalWeight.orElse(1 / (1 - decay));
    double adapted = Math.clamp(2 * target - sum / weight, 0, 1);
    Memory next = null;
    if (sampledId.isPresent()) {
      int position = pool.position(sampledId.getAsInt());
      if (position < 0) {
        throw new InvalidInput.ParameterOutOfRange(
            "/sampled_id", sampledId.getAsInt(), "a token of the row");
      }
      next = new Memory(decay * sum + pool.prob(position), decay * weight + 1);
    }
    return Step.reshaped(
        pool.reshaped(
            score -> {
              double d = Math.abs(Math.exp(score - pool.lnTotal()) - adapted) / WIDTH;
              return 5 - 10 * d * d / (1 + d);
            }),
        new Report(adapted, next));
  }
}
