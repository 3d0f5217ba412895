package io.tokentropy.endpoint.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.Fill;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.OnEscalate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How the states of one configuration travel. A state carries the SHA-256 of its configuration, so
 * that one of another configuration is recognised.
 *
 * @param digest of the configuration and of what else its entropies depend on, in hex
 */
public record EadStateForm(EadConfig config, String digest) {
  private static final int VERSION = 1;

  /** More tokens than this no sequence has; sums of counts stay integers. */
  private static final int MOST = Integer.MAX_VALUE / 4;

  /**
   * The form of a configuration's states.
   *
   * @param unit of the entropies
   * @param vocabSize V; needed where entropies are relative to ln V
   */
  public static EadStateForm of(EadConfig config, EntropyUnit unit, OptionalInt vocabSize) {
    boolean relative = config.signal().normalize();
    String context = relative ? "V=" + vocabSize.orElseThrow() : unit.wire();
    return new EadStateForm(config, digest(config, context));
  }

  /** With another order or spelling of these values no state that is under way would be known. */
  private static String digest(EadConfig config, String context) {
    EadConfig.Smoothing smoothing = config.smoothing();
    EadConfig.Dwell dwell = config.dwell();
    EadConfig.Budget budget = config.budget();
    String canonical =
        String.format(
            Locale.ROOT,
            "%d %s %s %s %s %b %b %s %d %d %d %d %s %d %b %b %s %s",
            smoothing.window(),
            Double.toHexString(config.threshold().tau()),
            Double.toHexString(config.threshold().hysteresis()),
            smoothing.average(),
            Double.toHexString(smoothing.alpha()),
            smoothing.fill() == Fill.PARTIAL,
            smoothing.resetOnSwitch(),
            config.initial(),
            dwell.minSmall(),
            dwell.minLarge(),
            dwell.cooldown(),
            dwell.maxLargeStint(),
            Double.toHexString(budget.maxLargeFraction()),
            budget.maxSwitches(),
            config.onEscalate() == OnEscalate.REDO,
            config.signal().normalize(),
            config.signal().point(),
            context);
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(canonical.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A state as an answer hands it out. */
  public Answer write(EadState state) {
    EadState.Position position = state.position();
    EadState.Tokens tokens = state.tokens();
    EadState.CatchUp catchUp = state.catchUp();
    return new Answer()
        .put("v", VERSION)
        .put("config", digest)
        .put("step", position.step())
        .put("model", position.model().wire())
        .put("stint", position.stint())
        .put("switches", position.switches())
        .put("small", tokens.small())
        .put("large", tokens.large())
        .put("wasted", tokens.wasted())
        .put("catchup_small", catchUp.small())
        .put("catchup_large", catchUp.large())
        .put("covered_small", catchUp.coveredSmall())
        .put("covered_large", catchUp.coveredLarge())
        .put("samples", state.window().samples())
        .put("window", state.window().entropies().stream().map(EadStateForm::write).toList())
        .put("uncertified", state.uncertified());
  }

  /**
   * The state that an answer handed out.
   *
   * @throws InvalidInput.InvalidState if none can have
   */
  public EadState read(Value value) {
    Fields fields = value.asFields();
    Value version = fields.require("v");
    if (version.asLong() != VERSION) {
      throw new InvalidInput.InvalidState(
          version.pointer(), "found version " + version.found() + ", expected " + VERSION);
    }
    Value bound = fields.require("config");
    if (!bound.asText().equals(digest)) {
      throw new InvalidInput.InvalidState(
          bound.pointer(), "the state belongs to another config, unit or vocab_size");
    }
    List<Interval> entropies =
        fields.require("window").asList().stream().map(EadStateForm::entropy).toList();
    var position =
        new EadState.Position(
            count(fields, "step"),
            Fields.word(fields.require("model"), Model.class, Model::wire),
            count(fields, "stint"),
            count(fields, "switches"));
    var tokens =
        new EadState.Tokens(
            count(fields, "small"), count(fields, "large"), count(fields, "wasted"));
    var catchUp =
        new EadState.CatchUp(
            count(fields, "catchup_small"),
            count(fields, "catchup_large"),
            count(fields, "covered_small"),
            count(fields, "covered_large"));
    var window = new EadState.Window(count(fields, "samples"), entropies);
    var state = new EadState(position, tokens, catchUp, window, count(fields, "uncertified"));
    fields.done();
    try {
      state.requirePossible(config);
    } catch (InvalidInput e) {
      throw e.under(value.pointer());
    }
    return state;
  }

  private static int count(Fields fields, String name) {
    Value value = fields.require(name);
    int count = value.asInt();
    if (count < 0 || count > MOST) {
      throw new InvalidInput.InvalidState(
          value.pointer(), "found " + count + ", which no sequence of steps leads to");
    }
    return count;
  }

  /** A number, or two of which the second is null where it has no bound. */
  private static Object write(Interval entropy) {
    if (entropy.isExact()) {
      return entropy.low();
    }
    var ends = new ArrayList<@Nullable Object>();
    ends.add(entropy.low());
    ends.add(entropy.isBounded() ? (Double) entropy.high() : null);
    return ends;
  }

  private static Interval entropy(Value value) {
    if (!value.isList()) {
      return Interval.exactly(value.asNumber());
    }
    List<Value> ends = value.asList();
    if (ends.size() != 2) {
      throw new InvalidInput.InvalidState(
          value.pointer(), "found " + ends.size() + " numbers, expected two");
    }
    Value high = ends.getLast();
    return new Interval(
        ends.getFirst().asNumber(), high.isNull() ? Double.POSITIVE_INFINITY : high.asNumber());
  }
}
