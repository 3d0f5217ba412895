package io.tokentropy.endpoint.switching;

import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadConfig.Budget;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.EadConfig.Signal;
import io.tokentropy.switching.EadConfig.Smoothing;
import io.tokentropy.switching.EadConfig.Threshold;
import io.tokentropy.switching.Fill;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.OnEscalate;
import io.tokentropy.switching.Profile;
import java.util.OptionalDouble;

/** How a configuration of model switching is written; what is absent is its profile's. */
public final class EadConfigForm {
  private EadConfigForm() {}

  /**
   * Reads all fields of a configuration.
   *
   * @throws InvalidInput.MissingInput without a threshold
   * @throws InvalidInput.ParameterOutOfRange naming the first parameter that is out of range
   */
  public static EadConfig read(Fields fields) {
    Profile profile = fields.word("profile", Profile.EAD_PAPER, Profile::wire);
    double tau = tau(fields);
    int window = fields.integer("window", profile.smoothing().window());
    var threshold =
        new Threshold(tau, fields.number("hysteresis", profile.threshold(tau).hysteresis()));
    Smoothing smoothing = smoothing(fields, window, profile.smoothing());
    Model initial = fields.word("initial", profile.initial(), Model::wire);
    Dwell dwell = dwell(fields, profile.dwell());
    Budget budget = budget(fields, profile.budget());
    OnEscalate onEscalate = fields.word("on_escalate", profile.onEscalate(), OnEscalate::wire);
    Signal signal = signal(fields, profile.signal());
    OptionalDouble costRatio = number(fields, "cost_ratio");
    EadConfig config;
    try {
      config =
          new EadConfig(
              threshold, smoothing, signal, initial, dwell, budget, onEscalate, costRatio);
    } catch (InvalidInput e) {
      throw e.under(fields.pointer());
    }
    fields.done();
    return config;
  }

  private static double tau(Fields fields) {
    Value threshold = fields.get("threshold");
    if (threshold == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
              fields.pointer(), "threshold is missing; no profile has a default for it")
          .withHint(
              "POST /v1/ead/calibrate finds the threshold for the share of the large model that you"
                  + " want on your own traffic.");
    }
    return threshold.asNumber();
  }

  private static Smoothing smoothing(Fields fields, int window, Smoothing absent) {
    return new Smoothing(
        window,
        fields.word("smoothing", absent.average(), Smoothing.Average::wire),
        number(fields, "ewma_alpha"),
        fields.word("fill", absent.fill(), Fill::wire),
        fields.flag("reset_on_switch", absent.resetOnSwitch()));
  }

  private static Dwell dwell(Fields fields, Dwell absent) {
    return new Dwell(
        fields.integer("min_small", absent.minSmall()),
        fields.integer("min_large", absent.minLarge()),
        fields.integer("cooldown", absent.cooldown()),
        fields.integer("max_large_stint", absent.maxLargeStint()));
  }

  private static Budget budget(Fields fields, Budget absent) {
    return new Budget(
        fields.number("max_large_fraction", absent.maxLargeFraction()),
        fields.integer("max_switches", absent.maxSwitches()));
  }

  private static Signal signal(Fields fields, Signal absent) {
    return new Signal(
        fields.flag("normalize", absent.normalize()),
        fields.word("point", absent.point(), Signal.Point::wire));
  }

  private static OptionalDouble number(Fields fields, String name) {
    Value value = fields.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.asNumber());
  }
}
