package io.tokentropy.endpoint.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputKind;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads what model switching is asked: configuration, observations in the unit of the threshold,
 * and state.
 */
public final class EadReader {
  private static final int STATE_VERSION = 1;

  private final InputReader inputs;
  private final Limit limit;
  private final EntropyUnit unit;
  private final OptionalInt vocabSize;
  private final IdentityHashMap<Value, EadConfig> configs = new IdentityHashMap<>();
  private long observed;
  private final Map<EadConfig, String> digests = new HashMap<>();
  private final List<Warning> warnings = new ArrayList<>();

  private EadReader(
      InputReader inputs, Limit observations, EntropyUnit unit, OptionalInt vocabSize) {
    this.inputs = inputs;
    this.limit = observations;
    this.unit = unit;
    this.vocabSize = vocabSize;
  }

  /**
   * Makes the readers of requests.
   *
   * @param observations of all sequences of a request
   */
  public record Factory(InputReader inputs, Limit observations) {
    public EadReader reader(EntropyUnit unit, OptionalInt vocabSize) {
      return new EadReader(inputs, observations, unit, vocabSize);
    }
  }

  /** What a configuration may start from. */
  private enum Profile {
    /** The paper where it speaks. */
    EAD_PAPER,
    /** For a gateway, where each switch costs a request. */
    GATEWAY;

    String wire() {
      return this == EAD_PAPER ? "ead-paper" : "gateway";
    }
  }

  private enum Fill {
    FULL,
    PARTIAL;

    String wire() {
      return this == FULL ? "full" : "partial";
    }
  }

  private enum OnEscalate {
    NEXT,
    REDO;

    String wire() {
      return this == NEXT ? "next" : "redo";
    }
  }

  /** A configuration; one that many sequences share is read once. */
  public EadConfig config(Value value) {
    EadConfig known = configs.get(value);
    if (known == null) {
      known = config(value.asFields());
      configs.put(value, known);
    }
    return known;
  }

  private EadConfig config(Fields fields) {
    boolean gateway = fields.word("profile", Profile.EAD_PAPER, Profile::wire) == Profile.GATEWAY;
    Value threshold = fields.get("threshold");
    if (threshold == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
              fields.pointer("threshold"), "threshold is missing; no profile has a default for it")
          .withHint(
              "POST /v1/ead/calibrate finds the threshold for the share of the large model that you"
                  + " want on your own traffic.");
    }
    double tau = threshold.asNumber();
    EadConfig config =
        InvalidInput.under(
            fields.pointer(),
            () ->
                new EadConfig(
                    fields.integer("window", gateway ? 8 : 5),
                    tau,
                    fields.number("hysteresis", gateway ? 0.25 * tau : 0),
                    fields.word("smoothing", EadConfig.Smoothing.MEAN, EadConfig.Smoothing::wire),
                    number(fields, "ewma_alpha"),
                    fields.word("fill", Fill.FULL, Fill::wire) == Fill.PARTIAL,
                    fields.flag("reset_on_switch", false),
                    fields.word("initial", Model.SMALL, Model::wire),
                    fields.integer("min_small", gateway ? 8 : 0),
                    fields.integer("min_large", gateway ? 16 : 0),
                    fields.integer("cooldown", 0),
                    fields.integer("max_large_stint", 0),
                    fields.number("max_large_fraction", gateway ? 0.5 : 1),
                    fields.integer("max_switches", 0),
                    fields.word("on_escalate", OnEscalate.NEXT, OnEscalate::wire)
                        == OnEscalate.REDO,
                    fields.flag("normalize", false),
                    fields.word("point", EadConfig.Point.LOWER, EadConfig.Point::wire),
                    number(fields, "cost_ratio")));
    fields.done();
    if (config.normalize() && vocabSize.isEmpty()) {
      throw new InvalidInput.MissingInput("/vocab_size", "normalize needs vocab_size");
    }
    return config;
  }

  private static OptionalDouble number(Fields fields, String name) {
    Value value = fields.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.asNumber());
  }

  /** What a state carries of its configuration, and of what else its entropies depend on. */
  public String digest(EadConfig config) {
    return digests.computeIfAbsent(
        config, c -> c.digest(c.normalize() ? "V=" + vocabSize.orElseThrow() : unit.wire()));
  }

  /** {@code observations}, or any input; null if there is neither. */
  @Nullable List<Observation> observations(Fields fields, EadConfig config) {
    Value list = fields.value("observations");
    if (list == null) {
      boolean input = InputKind.NAMES.stream().anyMatch(fields::has);
      if (!input) {
        return null;
      }
      Input rows = inputs.read(fields, fields.number("temperature", 1), unit);
      warnings.addAll(rows.warnings());
      count(fields.pointer(), rows.rows().size());
      return rows.rows().stream().map(row -> observation(row, config)).toList();
    }
    var observations = new ArrayList<Observation>();
    List<Value> values = list.asList();
    inputs.requireRows(list, values.size());
    count(list.pointer(), values.size());
    for (Value value : values) {
      observations.add(observation(value, config, observations.size()));
    }
    return observations;
  }

  /** What was mended in the observations that were read since the last call. */
  List<Warning> takeWarnings() {
    List<Warning> taken = List.copyOf(warnings);
    warnings.clear();
    return taken;
  }

  /** Many short sequences are as much work as one long one, and a simulation repeats it. */
  private void count(String pointer, int observations) {
    observed += observations;
    limit.require(pointer, observed);
  }

  /** What a row says of the entropy. */
  public Observation observation(Row row, EadConfig config) {
    return new Observation(of(row, config), null);
  }

  private Observation observation(Value value, EadConfig config, int index) {
    if (value.isNull()) {
      return new Observation(null, null);
    }
    if (value instanceof Value.Obj) {
      Fields fields = value.asFields();
      Value force = fields.get("force");
      Interval entropy = entropy(fields, config, index);
      fields.done();
      return new Observation(
          entropy, force == null ? null : Fields.word(force, Model.class, Model::wire));
    }
    return new Observation(interval(value, value, config), null);
  }

  private @Nullable Interval entropy(Fields fields, EadConfig config, int index) {
    Value entropy = fields.get("entropy");
    Value lower = fields.get("lower");
    Value upper = fields.get("upper");
    boolean list = fields.has("top_logprobs") || fields.has("sampled_logprob");
    int kinds =
        (entropy == null ? 0 : 1) + (lower == null && upper == null ? 0 : 1) + (list ? 1 : 0);
    if (kinds > 1) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer(), "found several; expected entropy, or lower and upper, or top_logprobs");
    }
    if (entropy != null) {
      return interval(entropy, entropy, config);
    }
    if (list) {
      PartialDistribution best = inputs.best(fields, vocabSize);
      Input.warn(best, index, warnings);
      return of(best, config);
    }
    if (lower == null && upper == null) {
      return null;
    }
    return interval(
        lower == null ? fields.require("lower") : lower,
        upper == null ? fields.require("upper") : upper,
        config);
  }

  private Interval interval(Value lower, Value upper, EadConfig config) {
    double low = entropy(lower);
    double high = entropy(upper);
    if (low > high) {
      throw new InvalidInput.ParameterOutOfRange(
          upper.pointer(), high, "at least the lower end, " + low);
    }
    return relative(new Interval(low, high), config);
  }

  /** One end, in the unit of the request. */
  private double entropy(Value value) {
    double number = value.asNumber();
    double most =
        vocabSize.isPresent() ? unit.fromNats(Math.log(vocabSize.getAsInt())) : Summary.GREATEST;
    if (number < 0 || number > most * (1 + 1e-6) + 1e-6) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(),
          number,
          "at least 0 and at most " + (vocabSize.isPresent() ? "ln vocab_size, " : "") + most);
    }
    return number;
  }

  private Interval of(Row row, EadConfig config) {
    Interval nats = row.entropy();
    return relative(new Interval(unit.fromNats(nats.low()), unit.fromNats(nats.high())), config);
  }

  private Interval relative(Interval entropy, EadConfig config) {
    if (!config.normalize()) {
      return entropy;
    }
    int size = vocabSize.orElseThrow();
    double most = size == 1 ? 1 : unit.fromNats(Math.log(size));
    return new Interval(entropy.low() / most, entropy.high() / most);
  }

  /** The state that an answer handed out, or that of a new sequence. */
  public EadState state(@Nullable Value value, EadConfig config) {
    if (value == null) {
      return EadState.initial(config);
    }
    Fields fields = value.asFields();
    Value version = fields.require("v");
    if (version.asLong() != STATE_VERSION) {
      throw new InvalidInput.InvalidState(
          version.pointer(), "found version " + version.found() + ", expected " + STATE_VERSION);
    }
    Value digest = fields.require("config");
    if (!digest.asText().equals(digest(config))) {
      throw new InvalidInput.InvalidState(
          digest.pointer(), "the state belongs to another config, unit or vocab_size");
    }
    Value window = fields.require("window");
    var entropies = new ArrayList<Interval>();
    for (Value entry : window.asList()) {
      entropies.add(entry(entry));
    }
    EadState state =
        new EadState(
            count(fields, "step"),
            Fields.word(fields.require("model"), Model.class, Model::wire),
            count(fields, "stint"),
            count(fields, "switches"),
            count(fields, "small"),
            count(fields, "large"),
            count(fields, "wasted"),
            count(fields, "catchup_small"),
            count(fields, "catchup_large"),
            count(fields, "covered_small"),
            count(fields, "covered_large"),
            count(fields, "samples"),
            entropies,
            count(fields, "uncertified"));
    fields.done();
    return InvalidInput.under(
        value.pointer(),
        () -> {
          state.requirePossible(config);
          return state;
        });
  }

  private static int count(Fields fields, String name) {
    Value value = fields.require(name);
    int count = value.asInt();
    if (count < 0 || count > Integer.MAX_VALUE / 4) {
      throw new InvalidInput.InvalidState(
          value.pointer(), "found " + count + ", which no sequence of steps leads to");
    }
    return count;
  }

  /** A number, or two of which the second is null where it has no bound. */
  private static Interval entry(Value value) {
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
