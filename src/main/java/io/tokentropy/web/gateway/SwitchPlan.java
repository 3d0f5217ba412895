package io.tokentropy.web.gateway;

import io.tokentropy.endpoint.switching.EadConfigForm;
import io.tokentropy.gateway.openai.AskReader;
import io.tokentropy.gateway.openai.Asked;
import io.tokentropy.gateway.openai.NotSwitchable;
import io.tokentropy.gateway.openai.Shape;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a pair switches, and what a request may change of it.
 *
 * @param pair its servers
 * @param ead when it switches, unless a request says otherwise
 * @param unswitchable who answers what two models cannot answer together
 * @param maxChoices answers of one request
 */
record SwitchPlan(
    io.tokentropy.gateway.Pair pair, EadConfig ead, Unswitchable unswitchable, int maxChoices) {

  /** Who answers what two models cannot answer together. */
  enum Unswitchable {
    LARGE,
    SMALL,
    /** Nobody. */
    REFUSE
  }

  /** A request that both models answer together. */
  record Both(Asked asked, EadConfig ead) {}

  /** What such a request asks for that two models cannot do; null if there is nothing. */
  static @Nullable String obstacle(Shape shape, Fields fields) {
    return NotSwitchable.in(fields, shape);
  }

  /**
   * Reads all of a request.
   *
   * @throws InvalidInput naming the first field that cannot be used
   */
  Both read(Shape shape, Fields fields) {
    EadConfig config = ead;
    boolean explain = false;
    Value own = fields.get("tokentropy");
    if (own != null) {
      Fields options = own.asFields();
      explain = options.flag("explain", false);
      mode(options);
      Value change = options.get("ead");
      config = change == null ? ead : narrowed(change.asFields());
      options.done();
    }
    Asked asked = new AskReader(shape, maxChoices).read(fields, explain);
    fields.done();
    return new Both(asked, config);
  }

  private static void mode(Fields options) {
    Value mode = options.get("mode");
    if (mode != null && !mode.asText().equals("switch")) {
      throw new InvalidInput.ParameterOutOfRange(
          mode.pointer(), mode.found(), "\"switch\", which is what this pair does");
    }
  }

  /** The pair's configuration as a request changes it: it may ask for less, never for more. */
  private EadConfig narrowed(Fields change) {
    EadConfig asked = EadConfigForm.read(change, ead);
    double most = ead.budget().maxLargeFraction();
    if (asked.budget().maxLargeFraction() > most) {
      throw new InvalidInput.ParameterOutOfRange(
          change.pointer("max_large_fraction"),
          asked.budget().maxLargeFraction(),
          "at most that of the pair, " + most);
    }
    requireNarrower(
        change, "max_switches", asked.budget().maxSwitches(), ead.budget().maxSwitches());
    requireNarrower(
        change, "max_large_stint", asked.dwell().maxLargeStint(), ead.dwell().maxLargeStint());
    return asked;
  }

  /** Of limits of which 0 is none. */
  private static void requireNarrower(Fields change, String name, int asked, int most) {
    if (most > 0 && (asked == 0 || asked > most)) {
      throw new InvalidInput.ParameterOutOfRange(
          change.pointer(name), asked, "at least 1 and at most that of the pair, " + most);
    }
  }
}
