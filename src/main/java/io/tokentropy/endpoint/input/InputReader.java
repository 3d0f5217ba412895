package io.tokentropy.endpoint.input;

import io.tokentropy.dialect.Dialect;
import io.tokentropy.dialect.Part;
import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Sent;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.ReportedAt;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.WholeRows.Use;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one input vocabulary: exactly one of the fields of {@link InputKind}, wherever an
 * endpoint takes an input.
 */
public final class InputReader {
  private final InputLimits limits;
  private final WholeRows whole;
  private final TopLogprobs best;
  private final Summaries summaries;
  private final Responses responses;

  /**
   * A reader for all requests.
   *
   * @param json for responses that come as text
   */
  public InputReader(InputLimits limits, Workers workers, Reader json) {
    this.limits = limits;
    this.whole = new WholeRows(limits, workers);
    this.best = new TopLogprobs(limits);
    this.summaries = new Summaries(limits, best);
    this.responses = new Responses(limits, json);
  }

  public InputLimits limits() {
    return limits;
  }

  /**
   * Reads the input of a request or of one item.
   *
   * @param temperature applied to whole rows first; 1 where the endpoint treats it otherwise
   * @param unit the unit of the entropies that {@code summary} and {@code entropies} bring
   * @throws InvalidInput.MissingInput if there is none
   * @throws InvalidInput.ConflictingInputs if there are two, or a temperature for an input that
   *     cannot take one
   */
  public Input read(Fields fields, double temperature, EntropyUnit unit) {
    return read(fields, temperature, unit, Use.ANY);
  }

  /**
   * The same where only entropies are wanted: logits that came as bytes stay in the body, and are
   * summed by the float kernel.
   */
  public Input readInPlace(Fields fields, double temperature, EntropyUnit unit) {
    return read(fields, temperature, unit, Use.ENTROPY);
  }

  /**
   * Rows over the whole vocabulary that are to be compared with one another, in {@code logits},
   * {@code logprobs} or {@code probs}; every row of the result is a {@link Distribution}.
   *
   * @throws InvalidInput.MissingInput if there are none
   * @throws InvalidInput.ConflictingInputs if they come in two fields
   */
  public Input readToCompare(Fields fields, double temperature) {
    InputKind kind = kind(fields, InputKind.WHOLE);
    try {
      return whole.read(fields.require(kind.wire()), kind, temperature, Use.COMPARISON);
    } catch (InvalidInput e) {
      throw e.pointer().equals("/temperature") ? e.at(fields.pointer("temperature")) : e;
    }
  }

  private Input read(Fields fields, double temperature, EntropyUnit unit, Use use) {
    InputKind kind = kind(fields, List.of(InputKind.values()));
    Value value = fields.require(kind.wire());
    ReportedAt reported = ReportedAtForm.read(fields);
    if (reported != null) {
      ReportedAtForm.requireProbabilities(fields, kind);
      return raw(fields, value, kind, temperature, reported);
    }
    if (kind == InputKind.OPENAI) {
      requireNoTemperature(fields, temperature, kind);
    }
    Input input = input(fields, value, kind, temperature, unit, use);
    if (!kind.isWhole()) {
      requireNoTemperature(fields, temperature, kind);
    }
    return input;
  }

  /** The rows before the temperature and the filter that they were reported after. */
  private Input raw(
      Fields fields, Value value, InputKind kind, double temperature, ReportedAt reported) {
    EntropyUnit unit = EntropyUnit.NAT;
    if (kind.isWhole()) {
      double relative = temperature / reported.temperature();
      return ReportedAtForm.raw(input(fields, value, kind, relative, unit, Use.ANY), reported);
    }
    requirePositive(fields, temperature);
    Input input = input(fields, value, kind, 1, unit, Use.ANY);
    return ReportedAtForm.raw(input, reported.relativeTo(temperature));
  }

  private Input input(
      Fields fields, Value value, InputKind kind, double temperature, EntropyUnit unit, Use use) {
    Dialect dialect = Responses.dialect(fields);
    OptionalInt vocabSize = vocabSize(fields);
    OptionalDouble massError = massError(fields);
    Sent sent = sent(fields);
    Input input =
        switch (kind) {
          case LOGITS, LOGPROBS, PROBS -> whole.read(value, kind, temperature, use);
          case TOP_LOGPROBS ->
              Input.of(
                  kind, best.rows(value, vocabSize, massError.orElse(0)), Input.isOneRow(value));
          case OPENAI -> responses.input(value, dialect, sent);
          case SUMMARY -> summaries.rows(value, vocabSize, massError.orElse(0), unit);
          case ENTROPIES -> summaries.entropies(value, vocabSize, unit);
        };
    if (kind.isWhole() && vocabSize.isPresent()) {
      requireSize(input.rows().getFirst(), vocabSize.getAsInt(), fields);
    }
    return input;
  }

  /** Asks for all that an input may be, so that it counts as known before it is read. */
  public static void ask(Fields fields) {
    InputKind.NAMES.forEach(fields::get);
    fields.get("dialect");
    fields.get("vocab_size");
    fields.get("on_bad_token");
  }

  /** The one kind that is there. */
  private static InputKind kind(Fields fields, List<InputKind> candidates) {
    @Nullable InputKind kind = null;
    for (InputKind candidate : candidates) {
      Value found = fields.get(candidate.wire());
      if (found != null && kind != null) {
        throw new InvalidInput.ConflictingInputs(
            found.pointer(),
            candidate.wire() + " stands beside " + kind.wire() + "; expected exactly one input");
      }
      kind = found == null ? kind : candidate;
    }
    if (kind == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(),
          "there is no input; expected one of "
              + candidates.stream().map(InputKind::wire).collect(Collectors.joining(", "))
              + fields.found());
    }
    return kind;
  }

  private static void requirePositive(Fields fields, double temperature) {
    if (!(temperature > 0)) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("temperature"), temperature, "above 0");
    }
  }

  private static void requireNoTemperature(Fields fields, double temperature, InputKind kind) {
    if (temperature != 1) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("temperature"),
          "a temperature needs the whole row, which " + kind.wire() + " does not bring");
    }
  }

  private static void requireSize(Row row, int expected, Fields fields) {
    int size = row.vocabSize().orElseThrow();
    if (size != expected) {
      throw new InvalidInput.ShapeMismatch(
          fields.pointer("vocab_size"),
          "found " + expected + ", but the rows have " + size + " entries");
    }
  }

  /**
   * A server's answer, with {@code dialect}, {@code vocab_size}, {@code mass_error} and {@code
   * on_bad_token} from the fields beside it.
   */
  public Reading response(Value value, Fields fields) {
    return wholeResponse(value, fields).answer();
  }

  /** The same with the tokens of the prompt, where the server scored them. */
  public Reading wholeResponse(Value value, Fields fields) {
    return wholeResponse(value, fields, 1);
  }

  /** The same without the prompt, where an answer's text is enough if the server scored none. */
  public Reading answers(Value value, Fields fields) {
    return responses
        .whole(value, Responses.dialect(fields), sent(fields).textSufficing())
        .only(Part.COMPLETION);
  }

  private Reading wholeResponse(Value value, Fields fields, double temperature) {
    Reading reading = responses.whole(value, Responses.dialect(fields), sent(fields));
    ReportedAt reported = ReportedAtForm.read(fields);
    return reported == null
        ? reading
        : raw(reading, value.pointer(), reported.relativeTo(temperature));
  }

  private static Reading raw(Reading reading, String pointer, ReportedAt how) {
    List<Token> tokens = new ArrayList<>();
    for (Token token : reading.tokens()) {
      PartialDistribution row = token.row();
      tokens.add(
          row == null ? token : token.withRow(InvalidInput.under(pointer, () -> how.raw(row))));
    }
    return new Reading(reading.dialect(), tokens, reading.notes(), reading.texts());
  }

  /** What a caller says of a response. */
  private Sent sent(Fields fields) {
    return new Sent(vocabSize(fields), massError(fields), Responses.skipsBadTokens(fields));
  }

  /** The tokens of the response in {@code openai}, those without alternatives included. */
  public Input.Steps steps(Fields fields, double temperature) {
    if (fields.has("reported_at")) {
      requirePositive(fields, temperature);
    } else {
      requireNoTemperature(fields, temperature, InputKind.OPENAI);
    }
    Reading reading =
        wholeResponse(fields.require(InputKind.OPENAI.wire()), fields, temperature).answer();
    var rows = new ArrayList<@Nullable Row>();
    reading.tokens().forEach(token -> rows.add(token.row()));
    var warnings = new ArrayList<>(Responses.warnings(reading, false));
    if (Responses.dialect(fields) == null) {
      warnings.add(Responses.recognised(reading));
    }
    return new Input.Steps(rows, warnings);
  }

  /** One row of the best k from an object that may have further fields of its own. */
  public PartialDistribution best(
      Fields fields, OptionalInt vocabSize, double massError, @Nullable ReportedAt reported) {
    PartialDistribution row = best.row(fields, vocabSize, massError);
    return reported == null ? row : InvalidInput.under(fields.pointer(), () -> reported.raw(row));
  }

  /** {@code reported_at}, where it is there. */
  public @Nullable ReportedAt reportedAt(Fields fields) {
    return ReportedAtForm.read(fields);
  }

  /** Refuses more rows, or what counts as rows, than one request may have. */
  public void requireRows(Value value, int rows) {
    limits.rows().require(value.pointer(), rows);
  }

  /** {@code vocab_size}, where it is there. */
  public OptionalInt vocabSize(Fields fields) {
    Value value = fields.get("vocab_size");
    if (value == null) {
      return OptionalInt.empty();
    }
    int size = value.asInt();
    if (size < 1) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), size, "at least 1");
    }
    limits.vocab().require(value.pointer(), size);
    return OptionalInt.of(size);
  }

  /** {@code mass_error}, where it is there: how far the sender's rounding moved probabilities. */
  public OptionalDouble massError(Fields fields) {
    Value value = fields.get("mass_error");
    if (value == null) {
      return OptionalDouble.empty();
    }
    double error = value.asNumber();
    if (!(error >= 0 && error <= PartialDistribution.GREATEST_MASS_ERROR)) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), error, "between 0 and " + PartialDistribution.GREATEST_MASS_ERROR);
    }
    return OptionalDouble.of(error);
  }

  /** A list of finite numbers that is no row, at least one and not more than a row may have. */
  public List<Double> numbers(Value value) {
    double[] numbers = value.asNumbers();
    if (numbers.length == 0) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected numbers");
    }
    limits.vocab().require(value.pointer(), numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      if (Math.abs(numbers[i]) > Summary.GREATEST) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer() + "/" + i, numbers[i], "at most " + Summary.GREATEST);
      }
    }
    return Arrays.stream(numbers).boxed().toList();
  }
}
