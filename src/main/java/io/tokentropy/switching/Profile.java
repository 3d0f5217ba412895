package io.tokentropy.switching;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig.Budget;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.EadConfig.Signal;
import io.tokentropy.switching.EadConfig.Smoothing;
import io.tokentropy.switching.EadConfig.Threshold;
import java.util.OptionalDouble;

/** What a configuration starts from. A threshold is the caller's own: no profile has one. */
public enum Profile {
  /** The paper where it speaks. */
  EAD_PAPER,
  /** For a gateway, where each switch costs a request. */
  GATEWAY;

  public String wire() {
    return switch (this) {
      case EAD_PAPER -> "ead-paper";
      case GATEWAY -> "gateway";
    };
  }

  public Threshold threshold(double tau) {
    return switch (this) {
      case EAD_PAPER -> new Threshold(tau, 0);
      case GATEWAY -> new Threshold(tau, 0.25 * tau);
    };
  }

  public Smoothing smoothing() {
    int window =
        switch (this) {
          case EAD_PAPER -> 5;
          case GATEWAY -> 8;
        };
    return new Smoothing(window, Smoothing.Average.MEAN, OptionalDouble.empty(), Fill.FULL, false);
  }

  public Dwell dwell() {
    return switch (this) {
      case EAD_PAPER -> new Dwell(0, 0, 0, 0);
      case GATEWAY -> new Dwell(8, 16, 0, 0);
    };
  }

  public Budget budget() {
    return switch (this) {
      case EAD_PAPER -> new Budget(1, 0);
      case GATEWAY -> new Budget(0.5, 0);
    };
  }

  public Signal signal() {
    return new Signal(false, Signal.Point.LOWER);
  }

  public Model initial() {
    return Model.SMALL;
  }

  public OnEscalate onEscalate() {
    return OnEscalate.NEXT;
  }

  /**
   * All of it, with a threshold.
   *
   * @throws InvalidInput.ParameterOutOfRange if the threshold is negative or not finite
   */
  public EadConfig config(double tau) {
    return new EadConfig(
        threshold(tau),
        smoothing(),
        signal(),
        initial(),
        dwell(),
        budget(),
        onEscalate(),
        OptionalDouble.empty());
  }
}
