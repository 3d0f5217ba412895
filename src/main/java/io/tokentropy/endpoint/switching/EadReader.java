package io.tokentropy.endpoint.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.ReportedAt;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputKind;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.Responses;
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
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads what model switching is asked: configuration, observations in the unit of the threshold,
 * and state.
 */
public final class EadReader {
  private final InputReader inputs;
  private final SwitchingLimits limits;
  private final EntropyUnit unit;
  private final OptionalInt vocabSize;
  private final double massError;
  private final @Nullable ReportedAt reported;
  private final IdentityHashMap<Value, EadConfig> configs = new IdentityHashMap<>();
  private long observed;
  private final Map<EadConfig, EadStateForm> forms = new HashMap<>();
  private final List<Warning> warnings = new ArrayList<>();

  private EadReader(InputReader inputs, SwitchingLimits limits, EntropyUnit unit, Fields request) {
    this.inputs = inputs;
    this.limits = limits;
    this.unit = unit;
    this.vocabSize = inputs.vocabSize(request);
    this.massError = inputs.massError(request).orElse(0);
    this.reported = inputs.reportedAt(request);
  }

  /** Makes the readers of requests. */
  public record Factory(InputReader inputs, SwitchingLimits limits) {
    /** A reader of one request, with what its fields say of all rows. */
    public EadReader reader(EntropyUnit unit, Fields request) {
      return new EadReader(inputs, limits, unit, request);
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

  /** A configuration from fields that may have others among them, asked for before. */
  public EadConfig config(Fields fields) {
    EadConfig config = EadConfigForm.read(fields);
    requireUsable(config, fields);
    return config;
  }

  /** A configuration whose threshold is to be found. */
  EadConfigForm.Open openConfig(Fields fields) {
    EadConfigForm.Open open = EadConfigForm.readOpen(fields);
    requireUsable(open.with(open.least()), fields);
    return open;
  }

  /** The paper's configuration with the window and the fill of a request. */
  EadConfigForm.Open smoothing(Fields request) {
    EadConfigForm.Open open = EadConfigForm.readSmoothing(request);
    limits.window().require(request.pointer("window"), open.smoothing().window());
    return open;
  }

  private void requireUsable(EadConfig config, Fields fields) {
    limits.window().require(fields.pointer("window"), config.smoothing().window());
    if (config.signal().normalize() && vocabSize.isEmpty()) {
      throw new InvalidInput.MissingInput(
          fields.has("normalize") ? fields.pointer("normalize") : fields.pointer(),
          "normalize needs vocab_size, which stands at the top level");
    }
  }

  /** How the states of a configuration travel; the same for equal ones. */
  public EadStateForm form(EadConfig config) {
    return forms.computeIfAbsent(config, c -> EadStateForm.of(c, unit, vocabSize));
  }

  /** The state that an answer handed out, or that of a new sequence. */
  public EadState state(@Nullable Value value, EadConfig config) {
    return value == null ? EadState.initial(config) : form(config).read(value);
  }

  /** {@code observations}, or any input; null if there is neither. */
  @Nullable List<Observation> observations(Fields fields, EadConfig config) {
    Value list = fields.value("observations");
    if (list != null) {
      inputs.requireRows(list, list.asList().size());
      return observations(list, config);
    }
    if (fields.has(InputKind.OPENAI.wire())) {
      return response(fields, config);
    }
    if (InputKind.NAMES.stream().noneMatch(fields::has)) {
      return null;
    }
    Input rows = inputs.read(fields, fields.number("temperature", 1), unit);
    warnings.addAll(rows.warnings());
    count(fields.pointer(), rows.rows().size(), config);
    return rows.rows().stream().map(row -> observation(row, config)).toList();
  }

  private List<Observation> observations(Value list, EadConfig config) {
    var observations = new ArrayList<Observation>();
    List<Value> values = list.asList();
    count(list.pointer(), values.size(), config);
    for (Value value : values) {
      observations.add(observation(value, config, observations.size()));
    }
    return observations;
  }

  /** The tokens of a response; one without alternatives is a token without signal. */
  private List<Observation> response(Fields fields, EadConfig config) {
    Input.Steps steps = inputs.steps(fields, fields.number("temperature", 1));
    warnings.addAll(steps.warnings());
    count(fields.pointer(), steps.rows().size(), config);
    var observations = new ArrayList<Observation>();
    for (Row row : steps.rows()) {
      observations.add(row == null ? new Observation(null, null) : observation(row, config));
    }
    return observations;
  }

  /**
   * What one model said of a text: a list of observations, an object that holds one or any input,
   * or a server's response itself.
   */
  List<Observation> trace(Value value, EadConfig config) {
    if (value.isList()) {
      return observations(value, config);
    }
    Fields fields = Responses.fields(value);
    List<Observation> found = observations(fields, config);
    if (found == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          value.pointer(), "there is no trace; expected observations, or any input");
    }
    fields.done();
    return found;
  }

  /** What was mended in the observations that were read since the last call. */
  List<Warning> takeWarnings() {
    List<Warning> taken = List.copyOf(warnings);
    warnings.clear();
    return taken;
  }

  /** Many short sequences are as much work as one long one, and a simulation repeats it. */
  private void count(String pointer, int observations, EadConfig config) {
    observed += SwitchingLimits.count(observations, config.smoothing().window());
    limits.observations().require(pointer, observed);
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
    return new Observation(interval(value, value, config, index), null);
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
      return interval(entropy, entropy, config, index);
    }
    if (list) {
      PartialDistribution best = inputs.best(fields, vocabSize, massError, reported);
      Input.warn(best, index, warnings);
      return of(best, config);
    }
    if (lower == null && upper == null) {
      return null;
    }
    return interval(
        lower == null ? fields.require("lower") : lower,
        upper == null ? fields.require("upper") : upper,
        config,
        index);
  }

  /** Between two ends, or a single entropy given for both, which is read once. */
  @SuppressWarnings("ReferenceEquality")
  private Interval interval(Value lower, Value upper, EadConfig config, int index) {
    double low = entropy(lower, index);
    double high = upper == lower ? low : entropy(upper, index);
    if (low > high) {
      throw new InvalidInput.ParameterOutOfRange(
          upper.pointer(), high, "at least the lower end, " + low);
    }
    return relative(new Interval(low, high), config);
  }

  /** One end, in the unit of the request; float noise below 0 is 0. */
  private double entropy(Value value, int index) {
    double number = value.asNumber();
    if (number < 0 && Summary.withoutNoise(unit.toNats(number)) == 0) {
      warnings.add(Warning.noise(number, index));
      return 0;
    }
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
    Interval nats = row.decisiveEntropy();
    return relative(new Interval(unit.fromNats(nats.low()), unit.fromNats(nats.high())), config);
  }

  private Interval relative(Interval entropy, EadConfig config) {
    if (!config.signal().normalize()) {
      return entropy;
    }
    int size = vocabSize.orElseThrow();
    double most = size == 1 ? 1 : unit.fromNats(Math.log(size));
    return new Interval(entropy.low() / most, entropy.high() / most);
  }
}
