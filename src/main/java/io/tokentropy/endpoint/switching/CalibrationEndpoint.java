package io.tokentropy.endpoint.switching;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.Calibration;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.Observation;
import io.tokentropy.switching.WalkedCalibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code /v1/ead/calibrate}: the threshold for a share of the large model. */
public final class CalibrationEndpoint {
  public static final String PATH = "/v1/ead/calibrate";

  /** A share that misses what was asked for by more than this is worth a warning. */
  private static final double TOLERANCE = 0.01;

  private final InputReader inputs;
  private final EadReader.Factory readers;

  private CalibrationEndpoint(InputReader inputs, EadReader.Factory readers) {
    this.inputs = inputs;
    this.readers = readers;
  }

  public static Endpoint<?> of(InputReader inputs, EadReader.Factory readers) {
    var calibration = new CalibrationEndpoint(inputs, readers);
    return Endpoint.ofJson(PATH, calibration::read, CalibrationEndpoint::answer, List.of());
  }

  /** What is known of the caller's traffic. */
  private sealed interface Traces {
    record OfSmall(List<List<Observation>> traces) implements Traces {}

    record OfBoth(List<WalkedCalibration.Text> texts) implements Traces {}
  }

  private record Asked(
      EntropyUnit unit,
      double target,
      EadConfigForm.Open config,
      Traces traces,
      List<Warning> warnings) {}

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    EadReader reader = readers.reader(unit, fields);
    double target = fields.require("target_large_fraction").asNumber();
    EadConfigForm.Open open = config(fields, reader);
    EadConfig config = open.with(open.least());
    Traces traces = traces(fields, reader, config);
    return new Asked(unit, target, open, traces, reader.takeWarnings());
  }

  /** The configuration that the threshold is for: whole, or its window and fill alone. */
  private static EadConfigForm.Open config(Fields fields, EadReader reader) {
    Value config = fields.get("config");
    Value window = fields.get("window");
    Value fill = fields.get("fill");
    Value twice = window == null ? fill : window;
    if (config != null && twice != null) {
      throw new InvalidInput.ConflictingInputs(
          twice.pointer(), "stands beside config, which has a field for it; expected one of them");
    }
    return config == null ? reader.smoothing(fields) : reader.openConfig(config.asFields());
  }

  private Traces traces(Fields fields, EadReader reader, EadConfig config) {
    Value small = fields.get("small");
    Value large = fields.get("large");
    Value traces = fields.get("traces");
    if (small == null && large == null) {
      List<Value> lists = lists(traces == null ? fields.require("traces") : traces);
      boolean both = lists.stream().anyMatch(CalibrationEndpoint::isText);
      return both ? texts(lists, reader, config) : ofSmall(lists, reader, config);
    }
    if (traces != null) {
      throw new InvalidInput.ConflictingInputs(
          traces.pointer(), "traces stands beside small and large; expected one or the other");
    }
    List<Value> smalls = lists(fields.require("small"));
    Value larges = fields.require("large");
    if (lists(larges).size() != smalls.size()) {
      throw new InvalidInput.ShapeMismatch(
          larges.pointer(),
          "found " + lists(larges).size() + " traces, but small has " + smalls.size());
    }
    var texts = new ArrayList<WalkedCalibration.Text>();
    for (int i = 0; i < smalls.size(); i++) {
      Value other = lists(larges).get(i);
      texts.add(text(other.pointer(), smalls.get(i), other, reader, config));
    }
    return new Traces.OfBoth(texts);
  }

  private List<Value> lists(Value value) {
    List<Value> lists = value.asList();
    inputs.requireRows(value, lists.size());
    if (lists.isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected traces");
    }
    return lists;
  }

  private static boolean isText(Value trace) {
    return trace instanceof Value.Obj(String at, var names)
        && (names.containsKey("small") || names.containsKey("large"));
  }

  private static Traces ofSmall(List<Value> lists, EadReader reader, EadConfig config) {
    return new Traces.OfSmall(lists.stream().map(trace -> reader.trace(trace, config)).toList());
  }

  private static Traces texts(List<Value> lists, EadReader reader, EadConfig config) {
    var texts = new ArrayList<WalkedCalibration.Text>();
    for (Value trace : lists) {
      Fields both = trace.asFields();
      Value large = both.require("large");
      texts.add(text(large.pointer(), both.require("small"), large, reader, config));
      both.done();
    }
    return new Traces.OfBoth(texts);
  }

  private static WalkedCalibration.Text text(
      String pointer, Value small, Value large, EadReader reader, EadConfig config) {
    List<Observation> ofSmall = reader.trace(small, config);
    List<Observation> ofLarge = reader.trace(large, config);
    try {
      return new WalkedCalibration.Text(ofSmall, ofLarge);
    } catch (InvalidInput.ShapeMismatch e) {
      throw e.at(pointer);
    }
  }

  private static Answer answer(Asked asked, Tally tally) {
    var warnings = new ArrayList<>(asked.warnings());
    Answer item =
        switch (asked.traces()) {
          case Traces.OfSmall(List<List<Observation>> traces) -> ofSmall(asked, traces, warnings);
          case Traces.OfBoth(List<WalkedCalibration.Text> texts) -> ofBoth(asked, texts, warnings);
        };
    Answer answer =
        Answer.of("ead_calibration").put("unit", asked.unit().wire()).put("data", List.of(item));
    return Warning.putAll(warnings, answer);
  }

  private static Answer ofSmall(
      Asked asked, List<List<Observation>> traces, List<Warning> warnings) {
    EadConfig config = asked.config().with(asked.config().least());
    Calibration found = Calibration.of(traces, asked.target(), config);
    if (!found.filled()) {
      warnings.add(
          Warning.of(
              "short_traces",
              "no trace is as long as the window, "
                  + config.smoothing().window()
                  + ": windows that are not full were counted, in which fill full decides"
                  + " nothing"));
    }
    warnings.add(
        Warning.of(
            "small_only",
            "fraction_above is of the small model's smoothed entropies; the share that the large"
                + " model will write may be far off, as its own entropies decide once it runs."
                + " Send small and large over the same text to have the rule itself walked"));
    return new Answer()
        .put("index", 0)
        .put("threshold", found.threshold())
        .put("basis", "small_only")
        .put("fraction_above", found.fractionAbove())
        .put("samples", found.samples());
  }

  private static Answer ofBoth(
      Asked asked, List<WalkedCalibration.Text> texts, List<Warning> warnings) {
    EadConfigForm.Open open = asked.config();
    WalkedCalibration found = WalkedCalibration.of(open::with, open.least(), texts, asked.target());
    double achieved = found.totals().largeFraction();
    if (Math.abs(achieved - asked.target()) > TOLERANCE) {
      warnings.add(
          Warning.of(
              "share_not_reached",
              String.format(
                  Locale.ROOT,
                  "no threshold that was tried gives a share within %s of %s; the nearest is %.4f",
                  TOLERANCE,
                  asked.target(),
                  achieved)));
    }
    if (!found.falling()) {
      warnings.add(
          Warning.of(
              "not_monotone",
              "the share does not fall everywhere as the threshold rises: other thresholds may"
                  + " give the same share"));
    }
    return new Answer()
        .put("index", 0)
        .put("threshold", found.threshold())
        .put("basis", "both_models")
        .put("achieved", achieved)
        .put("samples", found.totals().kept())
        .put("summary", EadAnswer.summary(open.with(found.threshold()), found.totals()));
  }
}
