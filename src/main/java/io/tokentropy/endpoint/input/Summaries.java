package io.tokentropy.endpoint.input;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads entropies that were computed elsewhere: alone, or with more that is known of the row. */
final class Summaries {
  private final InputLimits limits;
  private final TopLogprobs best;

  Summaries(InputLimits limits, TopLogprobs best) {
    this.limits = limits;
    this.best = best;
  }

  /** {@code summary}: one object a row. */
  Input rows(Value value, OptionalInt vocabSize, double massError, EntropyUnit unit) {
    var rows = new ArrayList<Row>();
    var noise = new ArrayList<Warning>();
    for (Value row : limits.someRows(value, value instanceof Value.Obj)) {
      rows.add(row(row, vocabSize, massError, unit, rows.size(), noise));
    }
    return Input.of(InputKind.SUMMARY, rows, false, value instanceof Value.Obj, noise);
  }

  private Row row(
      Value row,
      OptionalInt vocabSize,
      double massError,
      EntropyUnit unit,
      int index,
      List<Warning> noise) {
    Fields fields = row.asFields();
    double number = fields.require("entropy").asNumber();
    double nats = unit.toNats(number);
    warn(number, nats, index, noise);
    Value varentropy = fields.get("varentropy");
    boolean hasBest = fields.has("top_logprobs") || fields.has("sampled_logprob");
    PartialDistribution list = hasBest ? best.row(fields, vocabSize, massError) : null;
    fields.done();
    OptionalDouble squareNats =
        varentropy == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(unit.toNats(unit.toNats(varentropy.asNumber())));
    return InvalidInput.under(row.pointer(), () -> new Summary(nats, squareNats, list, vocabSize));
  }

  /** {@code entropies}: a number a row. */
  Input entropies(Value value, OptionalInt vocabSize, EntropyUnit unit) {
    double[] numbers = value.asNumbers();
    if (numbers.length == 0) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected numbers");
    }
    limits.rows().require(value.pointer(), numbers.length);
    var rows = new ArrayList<Row>(numbers.length);
    var noise = new ArrayList<Warning>();
    for (int i = 0; i < numbers.length; i++) {
      rows.add(entropy(numbers[i], value.pointer() + "/" + i, vocabSize, unit));
      warn(numbers[i], unit.toNats(numbers[i]), i, noise);
    }
    return Input.of(InputKind.ENTROPIES, rows, false, false, noise);
  }

  private static void warn(double found, double nats, int index, List<Warning> noise) {
    if (nats < 0 && Summary.withoutNoise(nats) == 0) {
      noise.add(Warning.noise(found, index));
    }
  }

  private static Row entropy(
      double number, String pointer, OptionalInt vocabSize, EntropyUnit unit) {
    try {
      return Summary.ofEntropy(unit.toNats(number), vocabSize);
    } catch (InvalidInput.ParameterOutOfRange e) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer, number, "an entropy in [0, ln vocab_size]");
    }
  }
}
