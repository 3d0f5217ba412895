package io.tokentropy.endpoint.entropy;

import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputKind;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.entropy.Estimate;
import io.tokentropy.entropy.Measure;
import io.tokentropy.entropy.TraceConfidence;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What {@code /v1/entropy} is asked: rows, or one of the two other inputs that DeepConf takes. */
sealed interface EntropyRequest {
  EntropyUnit unit();

  /**
   * The entropy of rows.
   *
   * @param prefixLength how many rows are the prefix
   * @param trace how to cut up a trace; null if nothing asks for it
   */
  record OfRows(
      Input input,
      Estimate estimate,
      List<Measure> measures,
      OptionalInt prefixLength,
      TraceConfidence.@Nullable Settings trace,
      EntropyUnit unit)
      implements EntropyRequest {}

  /** The figures of a trace, from the confidences of its tokens. */
  record OfTrace(List<Double> confidences, TraceConfidence.Settings settings, EntropyUnit unit)
      implements EntropyRequest {}

  /** The threshold that keeps a share of warm-up traces, from their lowest group confidences. */
  record OfWarmUp(List<Double> lowestGroups, double keepPercent, EntropyUnit unit)
      implements EntropyRequest {}

  List<String> OTHER_INPUTS = List.of("confidences", "lowest_groups");

  static EntropyRequest read(Fields fields, InputReader inputs) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    Estimate estimate = fields.word("estimate", Estimate.MIDPOINT, Estimate::wire);
    double temperature = fields.number("temperature", 1);
    List<Measure> measures = measures(fields);
    OptionalInt prefixLength = integer(fields, "prefix_len");
    Value confidences = fields.get("confidences");
    Value lowestGroups = fields.get("lowest_groups");
    Value keepPercent = fields.get("keep_percent");
    TraceConfidence.Settings trace = trace(fields, confidences != null, unit);
    requireOneInput(fields);
    if (lowestGroups != null) {
      Value percent = fields.require("keep_percent");
      return new OfWarmUp(inputs.numbers(lowestGroups), percent.asNumber(), unit);
    }
    if (confidences != null && trace != null) {
      return new OfTrace(inputs.numbers(confidences), trace, unit);
    }
    Input input =
        measures.isEmpty()
            ? inputs.readInPlace(fields, temperature, unit)
            : inputs.read(fields, temperature, unit);
    inputs
        .limits()
        .answerEntries()
        .require(fields.pointer("ids"), (long) fields.list("ids").size() * input.rows().size());
    if (keepPercent != null) {
      keepPercent.asNumber();
    }
    return new OfRows(input, estimate, measures, prefixLength, trace, unit);
  }

  private static void requireOneInput(Fields fields) {
    var present = new ArrayList<String>();
    for (String name : InputKind.NAMES) {
      if (fields.has(name)) {
        present.add(name);
      }
    }
    for (String name : OTHER_INPUTS) {
      if (fields.has(name)) {
        present.add(name);
      }
    }
    if (present.size() > 1) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer(present.getLast()),
          present.getLast() + " stands beside " + present.getFirst() + "; expected one input");
    }
  }

  private static OptionalInt integer(Fields fields, String name) {
    Value value = fields.get(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    int number = value.asInt();
    if (number < 1) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), number, "at least 1");
    }
    return OptionalInt.of(number);
  }

  private static List<Measure> measures(Fields fields) {
    Value order = fields.get("order");
    var parameters =
        new Measure.Parameters(
            order == null ? OptionalDouble.empty() : OptionalDouble.of(order(order)),
            integer(fields, "k"),
            fields.list("ids").stream().map(Value::asInt).toList());
    var measures = new ArrayList<Measure>();
    for (Value name : fields.list("measures")) {
      String wire = name.asText();
      if (wire.equals("entropy") || measures.stream().anyMatch(m -> m.wire().equals(wire))) {
        continue;
      }
      if (!Measure.NAMES.contains(wire)) {
        throw new InvalidInput.ParameterOutOfRange(
            name.pointer(), name.found(), "a measure" + DidYouMean.suffix(wire, Measure.NAMES));
      }
      try {
        measures.add(Measure.named(wire, parameters));
      } catch (InvalidInput.MissingInput e) {
        throw e.under(name.pointer());
      }
    }
    return measures;
  }

  private static double order(Value value) {
    boolean infinite =
        switch (value) {
          case Value.Text text -> text.text().equals("inf");
          case Value.Query query -> query.text().equals("inf");
          default -> false;
        };
    return infinite ? Double.POSITIVE_INFINITY : value.asNumber();
  }

  private static TraceConfidence.@Nullable Settings trace(
      Fields fields, boolean wanted, EntropyUnit unit) {
    OptionalInt group = integer(fields, "group");
    OptionalInt tail = integer(fields, "tail");
    Value bottom = fields.get("bottom");
    Value threshold = fields.get("threshold");
    if (!wanted && group.isEmpty() && tail.isEmpty() && bottom == null && threshold == null) {
      return null;
    }
    var standard = TraceConfidence.Settings.DEFAULT;
    return new TraceConfidence.Settings(
        group.orElse(standard.group()),
        bottom == null ? standard.bottom() : bottom.asNumber(),
        tail.orElse(standard.tail()),
        threshold == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(wanted ? threshold.asNumber() : unit.toNats(threshold.asNumber())));
  }
}
