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
    double tau = tau(fields);
    EadConfig config = open(fields).with(tau);
    fields.done();
    return config;
  }

  /**
   * Reads what a request may change of a configuration; what is absent is that of the other. A
   * hysteresis that is not said follows the threshold.
   *
   * @throws InvalidInput.ParameterOutOfRange naming the first parameter that is out of range
   */
  public static EadConfig read(Fields fields, EadConfig absent) {
    double before = absent.threshold().tau();
    double tau = fields.number("threshold", before);
    double kept = absent.threshold().hysteresis();
    double hysteresis = before > 0 ? kept * (tau / before) : Math.min(kept, tau);
    var open =
        new Open(
            Profile.EAD_PAPER,
            OptionalDouble.of(fields.number("hysteresis", hysteresis)),
            smoothing(
                fields, fields.integer("window", absent.smoothing().window()), absent.smoothing()),
            signal(fields, absent.signal()),
            fields.word("initial", absent.initial(), Model::wire),
            dwell(fields, absent.dwell()),
            budget(fields, absent.budget()),
            fields.word("on_escalate", absent.onEscalate(), OnEscalate::wire),
            absent.costRatio(),
            fields.pointer());
    fields.done();
    return open.with(tau);
  }

  /**
   * The same without a threshold, which is to be found.
   *
   * @throws InvalidInput.ConflictingInputs if there is one
   */
  static Open readOpen(Fields fields) {
    if (fields.has("threshold")) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("threshold"),
          "the threshold is what is to be found; expected the other parameters");
    }
    Open open = open(fields);
    open.with(open.least());
    fields.done();
    return open;
  }

  /** The paper's configuration, of which only the window and the fill are said. */
  static Open readSmoothing(Fields fields) {
    Profile paper = Profile.EAD_PAPER;
    Smoothing absent = paper.smoothing();
    var smoothing =
        new Smoothing(
            fields.integer("window", absent.window()),
            absent.average(),
            absent.ewmaAlpha(),
            fields.word("fill", absent.fill(), Fill::wire),
            absent.resetOnSwitch());
    return new Open(
        paper,
        OptionalDouble.empty(),
        smoothing,
        paper.signal(),
        paper.initial(),
        paper.dwell(),
        paper.budget(),
        paper.onEscalate(),
        OptionalDouble.empty(),
        fields.pointer());
  }

  /**
   * A configuration but for its threshold.
   *
   * @param hysteresis where it was said; else it is the profile's, which may follow the threshold
   */
  record Open(
      Profile profile,
      OptionalDouble hysteresis,
      Smoothing smoothing,
      Signal signal,
      Model initial,
      Dwell dwell,
      Budget budget,
      OnEscalate onEscalate,
      OptionalDouble costRatio,
      String pointer) {

    /** The least threshold that it can have. */
    double least() {
      return Math.max(0, hysteresis.orElse(0));
    }

    /** The configuration with a threshold. */
    EadConfig with(double tau) {
      var threshold = new Threshold(tau, hysteresis.orElse(profile.threshold(tau).hysteresis()));
      return InvalidInput.under(
          pointer,
          () ->
              new EadConfig(
                  threshold, smoothing, signal, initial, dwell, budget, onEscalate, costRatio));
    }
  }

  private static Open open(Fields fields) {
    Profile profile = fields.word("profile", Profile.EAD_PAPER, Profile::wire);
    int window = fields.integer("window", profile.smoothing().window());
    OptionalDouble hysteresis = number(fields, "hysteresis");
    Smoothing smoothing = smoothing(fields, window, profile.smoothing());
    Model initial = fields.word("initial", profile.initial(), Model::wire);
    Dwell dwell = dwell(fields, profile.dwell());
    Budget budget = budget(fields, profile.budget());
    OnEscalate onEscalate = fields.word("on_escalate", profile.onEscalate(), OnEscalate::wire);
    Signal signal = signal(fields, profile.signal());
    OptionalDouble costRatio = number(fields, "cost_ratio");
    return new Open(
        profile,
        hysteresis,
        smoothing,
        signal,
        initial,
        dwell,
        budget,
        onEscalate,
        costRatio,
        fields.pointer());
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
