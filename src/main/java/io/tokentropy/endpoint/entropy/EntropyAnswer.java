package io.tokentropy.endpoint.entropy;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.entropy.DeepConf;
import io.tokentropy.entropy.Dimension;
import io.tokentropy.entropy.EntropyUnit;
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
import org.jspecify.annotations.Nullable;

/** Writes what {@code /v1/entropy} answers, in the unit that was asked for. */
final class EntropyAnswer {
  private final EntropyUnit unit;
  private final List<Warning> warnings = new ArrayList<>();

  private EntropyAnswer(EntropyUnit unit) {
    this.unit = unit;
  }

  static Answer of(EntropyRequest request) {
    var writer = new EntropyAnswer(request.unit());
    return switch (request) {
      case EntropyRequest.OfRows rows -> writer.rows(rows);
      case EntropyRequest.OfTrace trace -> writer.trace(trace);
      case EntropyRequest.OfWarmUp warmUp -> writer.warmUp(warmUp);
    };
  }

  /**
   * The entropies alone, a little-endian float32 for each row.
   *
   * @throws InvalidInput.MissingInput if a row has none, or there are no rows
   */
  static byte[] packed(EntropyRequest request, Room room) {
    if (!(request instanceof EntropyRequest.OfRows asked)) {
      throw new InvalidInput.MissingInput("", "a packed answer is of rows, and there are none");
    }
    List<Row> rows = asked.input().rows();
    ByteBuffer bytes =
        ByteBuffer.wrap(room.bytes(Float.BYTES * rows.size())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows.size(); i++) {
      OptionalDouble nats = RowEntropy.of(rows.get(i), asked.estimate()).entropy();
      if (nats.isEmpty()) {
        throw new InvalidInput.MissingInput(
                asked.input().pointer(i), "the entropy of this row has no upper bound")
            .withHint("Send vocab_size, or ask for the estimate low.");
      }
      bytes.putFloat((float) request.unit().fromNats(nats.getAsDouble()));
    }
    return bytes.array();
  }

  private Answer envelope() {
    return Answer.of("list").put("unit", unit.wire());
  }

  private Answer trace(EntropyRequest.OfTrace asked) {
    TraceConfidence trace = TraceConfidence.of(array(asked.confidences()), asked.settings());
    return envelope()
        .put("precision", "f64")
        .put("data", List.of())
        .put("sequence", new Answer().put("deepconf", trace(trace, Dimension.PURE)));
  }

  private Answer warmUp(EntropyRequest.OfWarmUp asked) {
    return envelope()
        .put("precision", "f64")
        .put("data", List.of())
        .put(
            "threshold",
            TraceConfidence.threshold(array(asked.lowestGroups()), asked.keepPercent()));
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Answer rows(EntropyRequest.OfRows asked) {
    Input input = asked.input();
    warnings.addAll(input.warnings());
    var items = new EntropyItems(unit, asked.estimate(), warnings);
    List<Row> rows = input.rows();
    var entropies = new ArrayList<RowEntropy>(rows.size());
    var confidences = new double[rows.size()];
    var data = new ArrayList<Answer>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      RowEntropy entropy = RowEntropy.of(rows.get(i), asked.estimate());
      entropies.add(entropy);
      Answer item = items.item(entropy, i);
      confidences[i] = Double.NaN;
      for (Measure measure : asked.measures()) {
        MeasureValue value = measure(measure, rows.get(i));
        if (measure instanceof DeepConf && value instanceof MeasureValue.Exact exact) {
          confidences[i] = exact.value();
        }
        put(item, measure.wire(), value, i);
      }
      data.add(item);
    }
    Answer answer =
        input
            .describe(envelope())
            .put("data", data)
            .put("sequence", sequence(asked, entropies, confidences));
    return Warning.putAll(warnings, answer);
  }

  private static MeasureValue measure(Measure measure, Row row) {
    try {
      return measure.of(row);
    } catch (InvalidInput.ConflictingInputs e) {
      throw e.under("/measures");
    }
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

  private @Nullable Answer sequence(
      EntropyRequest.OfRows asked, List<RowEntropy> rows, double[] confidences) {
    var sequence = new Answer();
    if (rows.size() > 1) {
      SequenceEntropy all = SequenceEntropy.of(rows);
      figure(sequence, "mean", all.mean(), Dimension.NATS);
      figure(sequence, "max", all.max(), Dimension.NATS);
      figure(sequence, "sum", all.sum(), Dimension.NATS);
      figure(sequence, "mean_normalized", all.meanNormalized(), Dimension.PURE);
    }
    if (asked.prefixLength().isPresent()) {
      SequenceEntropy.Prefix prefix = SequenceEntropy.prefix(rows, asked.prefixLength().getAsInt());
      Answer answer = new Answer();
      figure(answer, "full", prefix.full(), Dimension.NATS);
      figure(answer, "prefix", prefix.prefix(), Dimension.NATS);
      sequence.put("prefix", answer.put("used", prefix.used()));
    }
    TraceConfidence.Settings settings = asked.trace();
    if (settings != null) {
      for (int i = 0; i < confidences.length; i++) {
        if (Double.isNaN(confidences[i])) {
          throw new InvalidInput.MissingInput(
                  "", "row " + i + " has no deepconf, which these figures are made of")
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
