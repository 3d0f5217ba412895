package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What Mirostat learns from the token that was sampled: μ moves against the error of its surprisal.
 *
 * @param bits the surprisal of the token among those kept
 * @param nextMu μ − η (bits − τ), in bits
 */
public record Surprise(double bits, double nextMu) {
  /** Refuses parameters outside their ranges. */
  static void require(double mu, double tau, double eta) {
    Parameter.require(Double.isFinite(mu), "mu", mu, "a finite number of bits");
    Parameter.require(
        tau > 0 && Double.isFinite(tau), "tau", tau, "a finite number of bits above 0");
    Parameter.require(eta >= 0 && eta <= 1, "eta", eta, "between 0 and 1");
  }

  /**
   * That of the sampled token; null if there is none.
   *
   * @throws InvalidInput.ParameterOutOfRange if it is not kept
   */
  static @Nullable Surprise of(
      Pool kept, OptionalInt sampledId, double mu, double tau, double eta) {
    if (sampledId.isEmpty()) {
      return null;
    }
    int position = kept.position(sampledId.getAsInt());
    if (position < 0) {
      throw new InvalidInput.ParameterOutOfRange(
          "/sampled_id", sampledId.getAsInt(), "one of the tokens kept");
    }
    double bits = (0 - kept.lnProb(position)) / Math.log(2);
    return new Surprise(bits, mu - eta * (bits - tau));
  }
}
