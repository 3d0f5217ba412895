package io.tokentropy.web;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.entropy.DeepConf;
import io.tokentropy.entropy.Dimension;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.entropy.Estimate;
import io.tokentropy.entropy.Measure;
import io.tokentropy.entropy.MeasureValue;
import io.tokentropy.entropy.RowEntropy;
import io.tokentropy.entropy.SequenceEntropy;
import io.tokentropy.entropy.TraceConfidence;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Writes what {@code /v1/entropy} answers, in the unit that was asked for. */
final class EntropyAnswer {
  private final EntropyRequest request;
  private final EntropyUnit unit;
  private final List<Warning> warnings = new ArrayList<>();

  private EntropyAnswer(EntropyRequest request) {
    this.request = request;
    this.unit = request.unit();
  }

  static Answer of(EntropyRequest request) {
    return new EntropyAnswer(request).write();
  }

  /** The items of rows without measures, and what came up while they were written. */
  static List<Answer> items(Input input, EntropyUnit unit, List<Warning> warnings) {
    var writer =
        new EntropyAnswer(
            new EntropyRequest(
                input,
                null,
                null,
                0,
                unit,
                Estimate.MIDPOINT,
                List.of(),
                OptionalInt.empty(),
                null));
    var items = new ArrayList<Answer>();
    for (int i = 0; i < input.rows().size(); i++) {
      items.add(writer.item(RowEntropy.of(input.rows().get(i), Estimate.MIDPOINT), i));
    }
    warnings.addAll(writer.warnings);
    return items;
  }

  /**
   * The entropies alone, a little-endian float32 for each row.
   *
   * @throws InvalidInput.MissingInput if a row has none, or there are no rows
   */
  static byte[] packed(EntropyRequest request) {
    Input input = request.input();
    if (input == null) {
      throw new InvalidInput.MissingInput("", "a packed answer is of rows, and there are none");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * input.rows().size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < input.rows().size(); i++) {
      OptionalDouble nats = RowEntropy.of(input.rows().get(i), request.estimate()).entropy();
      if (nats.isEmpty()) {
        throw new InvalidInput.MissingInput(
                "/" + input.kind() + "/" + i, "the entropy of this row has no upper bound")
            .withHint("Send vocab_size, or ask for the estimate low.");
      }
      bytes.putFloat((float) request.unit().fromNats(nats.getAsDouble()));
    }
    return bytes.array();
  }

  private Answer write() {
    Input input = request.input();
    Answer answer =
        Answer.of("list")
            .put("unit", unit.wire())
            .put("precision", input == null ? "f64" : input.precision());
    if (input != null) {
      warnings.addAll(input.warnings());
      rows(input.rows(), answer);
    } else {
      answer.put("data", List.of());
      List<Double> confidences = request.confidences();
      TraceConfidence.Settings settings = request.trace();
      if (confidences != null && settings != null) {
        var sequence = new Answer();
        sequence.put(
            "deepconf", trace(TraceConfidence.of(array(confidences), settings), Dimension.PURE));
        answer.put("sequence", sequence);
      }
      List<Double> lowestGroups = request.lowestGroups();
      if (lowestGroups != null) {
        answer.put(
            "threshold", TraceConfidence.threshold(array(lowestGroups), request.keepPercent()));
      }
    }
    return Input.putWarnings(answer, warnings);
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void rows(List<Row> rows, Answer answer) {
    var entropies = new ArrayList<RowEntropy>(rows.size());
    var confidences = new double[rows.size()];
    var data = new ArrayList<Answer>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      RowEntropy entropy = RowEntropy.of(rows.get(i), request.estimate());
      entropies.add(entropy);
      Answer item = item(entropy, i);
      confidences[i] = Double.NaN;
      for (Measure measure : request.measures()) {
        MeasureValue value = measure(measure, rows.get(i));
        if (measure instanceof DeepConf && value instanceof MeasureValue.Exact exact) {
          confidences[i] = exact.value();
        }
        put(item, measure.wire(), value, i);
      }
      data.add(item);
    }
    answer.put("data", data);
    answer.put("sequence", sequence(entropies, confidences));
  }

  private static MeasureValue measure(Measure measure, Row row) {
    try {
      return measure.of(row);
    } catch (InvalidInput.ConflictingInputs e) {
      throw e.under("/measures");
    }
  }

  private Answer item(RowEntropy row, int index) {
    Interval range = row.interval();
    Answer item =
        new Answer()
            .put("index", index)
            .put("entropy", inUnit(row.entropy()))
            .put("entropy_low", unit.fromNats(range.low()));
    if (range.isBounded()) {
      item.put("entropy_high", unit.fromNats(range.high()));
    } else {
      warnings.add(
          new Warning(
              "no_upper_bound", "without vocab_size the entropy has no upper bound", index));
    }
    item.put("exact", row.exact());
    if (!row.exact()) {
      item.put("estimate", row.estimate().wire());
      if (row.estimate().mayUndershoot()) {
        warnings.add(
            new Warning(
                "estimate_below_bounds",
                row.estimate().wire() + " may lie below every entropy that fits the list",
                index));
      }
    }
    item.put("mass_seen", row.massSeen())
        .put("normalized", row.normalized())
        .put("perplexity", row.perplexity())
        .put("vocab_size", row.vocabSize());
    RowEntropy.Top top = row.top();
    if (top != null) {
      Answer best = new Answer();
      Integer id = top.id();
      if (id != null) {
        best.put("id", id.longValue());
      }
      item.put("top", best.put("token", top.token()).put("prob", top.prob()));
    }
    return item;
  }

  private OptionalDouble inUnit(OptionalDouble nats) {
    return nats.isPresent()
        ? OptionalDouble.of(unit.fromNats(nats.getAsDouble()))
        : OptionalDouble.empty();
  }

  private void put(Answer item, String name, MeasureValue value, int index) {
    switch (value) {
      case MeasureValue.Exact(double number, Dimension dimension) -> {
        if (dimension == Dimension.COUNT) {
          item.put(name, (long) number);
        } else {
          item.put(name, dimension.in(unit, number));
        }
      }
      case MeasureValue.Range(Interval range, Dimension dimension) -> {
        item.put(name + "_low", dimension.in(unit, range.low()));
        if (range.isBounded()) {
          item.put(name + "_high", dimension.in(unit, range.high()));
        }
      }
      case MeasureValue.Word(String word) -> item.put(name, word);
      case MeasureValue.Series(List<MeasureValue> values) -> series(item, name, values, index);
      case MeasureValue.Fields fields when name.equals("renyi") -> {
        MeasureValue entropy = fields.values().get("entropy");
        MeasureValue divergence = fields.values().get("divergence");
        if (entropy != null && divergence != null) {
          put(item, "renyi", entropy, index);
          put(item, "renyi_divergence", divergence, index);
        }
      }
      case MeasureValue.Fields fields -> {
        Answer object = new Answer();
        fields.values().forEach((field, v) -> put(object, field, v, index));
        item.put(name, object);
      }
      case MeasureValue.Unavailable(String reason) ->
          warnings.add(new Warning("unavailable", name + ": " + reason, index));
    }
  }

  /** One element for each id; null where there is none, so that the list keeps its length. */
  private void series(Answer item, String name, List<MeasureValue> values, int index) {
    var list = new ArrayList<@Nullable Object>();
    for (MeasureValue value : values) {
      switch (value) {
        case MeasureValue.Exact(double number, Dimension dimension) ->
            list.add(
                dimension == Dimension.COUNT
                    ? (Object) (long) number
                    : (Object) dimension.in(unit, number));
        case MeasureValue.Range(Interval range, Dimension dimension) -> {
          Answer ends = new Answer().put("low", dimension.in(unit, range.low()));
          if (range.isBounded()) {
            ends.put("high", dimension.in(unit, range.high()));
          }
          list.add(ends);
        }
        case MeasureValue.Unavailable(String reason) -> {
          warnings.add(new Warning("unavailable", name + ": " + reason, index));
          list.add(null);
        }
        case MeasureValue.Word w -> list.add(w.value());
        case MeasureValue.Series s -> throw new IllegalStateException(name + " is nested");
        case MeasureValue.Fields f -> throw new IllegalStateException(name + " is nested");
      }
    }
    item.put(name, list);
  }

  private @Nullable Answer sequence(List<RowEntropy> rows, double[] confidences) {
    var sequence = new Answer();
    if (rows.size() > 1) {
      SequenceEntropy all = SequenceEntropy.of(rows);
      figure(sequence, "mean", all.mean(), Dimension.NATS);
      figure(sequence, "max", all.max(), Dimension.NATS);
      figure(sequence, "sum", all.sum(), Dimension.NATS);
      figure(sequence, "mean_normalized", all.meanNormalized(), Dimension.PURE);
    }
    if (request.prefixLength().isPresent()) {
      SequenceEntropy.Prefix prefix =
          SequenceEntropy.prefix(rows, request.prefixLength().getAsInt());
      Answer answer = new Answer();
      figure(answer, "full", prefix.full(), Dimension.NATS);
      figure(answer, "prefix", prefix.prefix(), Dimension.NATS);
      sequence.put("prefix", answer.put("used", prefix.used()));
    }
    TraceConfidence.Settings settings = request.trace();
    if (settings != null) {
      for (int i = 0; i < confidences.length; i++) {
        if (Double.isNaN(confidences[i])) {
          throw new InvalidInput.MissingInput(
                  "/measures", "row " + i + " has no deepconf, which these figures are made of")
              .withHint("Name deepconf in `measures`, with a k that every row can serve.");
        }
      }
      sequence.put("deepconf", trace(TraceConfidence.of(confidences, settings), Dimension.NATS));
    }
    return sequence.isEmpty() ? null : sequence;
  }

  private void figure(
      Answer answer, String name, SequenceEntropy.Figure figure, Dimension dimension) {
    figure.value().ifPresent(value -> answer.put(name, dimension.in(unit, value)));
    Interval range = figure.interval();
    if (range != null && !range.isExact()) {
      answer.put(name + "_low", dimension.in(unit, range.low()));
      if (range.isBounded()) {
        answer.put(name + "_high", dimension.in(unit, range.high()));
      }
    }
  }

  private Answer trace(TraceConfidence trace, Dimension dimension) {
    return new Answer()
        .put("mean", dimension.in(unit, trace.mean()))
        .put("groups", trace.groups())
        .put("lowest_group", dimension.in(unit, trace.lowestGroup()))
        .put("bottom", dimension.in(unit, trace.bottom()))
        .put("tail", dimension.in(unit, trace.tail()))
        .put("stop_index", trace.stopIndex());
  }
}
