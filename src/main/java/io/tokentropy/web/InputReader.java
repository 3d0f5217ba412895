package io.tokentropy.web;

import io.tokentropy.binary.NumberType;
import io.tokentropy.binary.RowBlock;
import io.tokentropy.dialect.Dialect;
import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.ResponseReader;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Limits;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.kernel.FloatRow;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads the one input vocabulary: exactly one of the fields below, wherever an endpoint takes an
 * input.
 */
@Component
class InputReader {
  static final List<String> KINDS =
      List.of("logits", "logprobs", "probs", "top_logprobs", "openai", "summary", "entropies");

  /** About how many it takes to sum one number of a row. */
  private static final long OPERATIONS = 4;

  private final Limits limits;
  private final Workers workers;
  private final Reader json;

  InputReader(Limits limits, Workers workers) {
    this.limits = limits;
    this.workers = workers;
    this.json = new Reader(limits.json());
  }

  Limits limits() {
    return limits;
  }

  /** {@code auto}, or a dialect by name. */
  private static @Nullable Dialect dialect(Fields fields) {
    Value value = fields.get("dialect");
    if (value == null || value.asText().equals("auto")) {
      return null;
    }
    return Fields.word(value, Dialect.class, Dialect::wire);
  }

  /** A server's response, with {@code dialect} and {@code vocab_size} from the fields beside it. */
  Reading response(Value value, Fields fields) {
    Reading reading =
        ResponseReader.read(value, json, dialect(fields), vocabSize(fields), limits.maxRows());
    Limits.require(value.pointer(), "max_rows", reading.tokens().size(), limits.maxRows());
    return reading;
  }

  /**
   * What is to be said of a response.
   *
   * @param byRow whether to count rows; else tokens, of which some have no row
   */
  static List<Warning> warnings(Reading reading, boolean byRow) {
    var warnings = new ArrayList<Warning>();
    var places = new int[reading.tokens().size() + 1];
    int rows = 0;
    for (int i = 0; i < reading.tokens().size(); i++) {
      PartialDistribution row = reading.tokens().get(i).row();
      places[i] = byRow ? rows : i;
      if (row != null) {
        warn(row, places[i], warnings);
        rows++;
      }
    }
    for (Reading.Note note : reading.notes()) {
      warnings.add(new Warning(note.code(), note.message(), places[note.token()]));
    }
    long answers = reading.tokens().stream().mapToInt(Token::choice).distinct().count();
    if (byRow && answers > 1) {
      warnings.add(
          Warning.of(
              "several_answers",
              "the rows are those of " + answers + " answers, in the order of the response"));
    }
    if (reading.tokens().isEmpty()) {
      warnings.add(Warning.of("no_tokens", "the response holds no token"));
    }
    return warnings;
  }

  private Input response(Value value, Fields fields, double temperature) {
    requireNoTemperature(fields, temperature, "openai");
    Reading reading = response(value, fields);
    var rows = new ArrayList<Row>();
    for (Token token : reading.tokens()) {
      if (token.row() != null) {
        rows.add(token.row());
      }
    }
    var warnings = new ArrayList<>(warnings(reading, true));
    if (dialect(fields) == null) {
      warnings.add(Warning.of("recognised", "read as " + reading.dialect().wire()));
    }
    return new Input("openai", rows, warnings, false);
  }

  private static void requireNoTemperature(Fields fields, double temperature, String kind) {
    if (temperature != 1) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("temperature"),
          "a temperature needs the whole row, which " + kind + " does not bring");
    }
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
  Input read(Fields fields, double temperature, EntropyUnit unit) {
    return read(fields, temperature, unit, false);
  }

  /**
   * The same where only entropies are wanted: logits that came as bytes stay in the body, and are
   * summed by the float kernel.
   */
  Input readInPlace(Fields fields, double temperature, EntropyUnit unit) {
    return read(fields, temperature, unit, true);
  }

  private Input read(Fields fields, double temperature, EntropyUnit unit, boolean inPlace) {
    String kind = null;
    Value value = null;
    for (String name : KINDS) {
      Value found = fields.get(name);
      if (found == null) {
        continue;
      }
      if (kind != null) {
        throw new InvalidInput.ConflictingInputs(
            found.pointer(), name + " stands beside " + kind + "; expected exactly one input");
      }
      kind = name;
      value = found;
    }
    if (kind == null || value == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(), "there is no input; expected one of " + String.join(", ", KINDS));
    }
    if (kind.equals("openai")) {
      return response(value, fields, temperature);
    }
    dialect(fields);
    OptionalInt vocabSize = vocabSize(fields);
    var warnings = new ArrayList<Warning>();
    RowBlock block = block(kind, value);
    List<Row> rows =
        block != null
            ? rows(block, kind, temperature, inPlace, value.pointer())
            : switch (kind) {
              case "logits" -> whole(value, s -> Distribution.ofLogits(s, temperature), true);
              case "logprobs" -> whole(value, s -> Distribution.ofLogprobs(s, temperature), true);
              case "probs" -> whole(value, s -> Distribution.ofProbs(s, temperature), false);
              case "top_logprobs" -> best(value, vocabSize);
              case "summary" -> summaries(value, vocabSize, unit);
              default -> entropies(value, vocabSize, unit);
            };
    boolean whole = rows.getFirst() instanceof Distribution;
    if (!whole) {
      requireNoTemperature(fields, temperature, kind);
    }
    if (whole && vocabSize.isPresent()) {
      int size = rows.getFirst().vocabSize().orElseThrow();
      if (size != vocabSize.getAsInt()) {
        throw new InvalidInput.ShapeMismatch(
            fields.pointer("vocab_size"),
            "found " + vocabSize.getAsInt() + ", but the rows have " + size + " entries");
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      warn(rows.get(i), i, warnings);
    }
    return new Input(kind, rows, warnings, block != null && block.type() != NumberType.F64);
  }

  /** Rows that came as bytes; null if they did not. */
  private @Nullable RowBlock block(String kind, Value value) {
    if (value instanceof Value.Block(String at, RowBlock rows)) {
      return rows;
    }
    boolean whole = List.of("logits", "logprobs", "probs").contains(kind);
    boolean bytes =
        value instanceof Value.Obj(String at, var fields)
            && (fields.containsKey("data") || fields.containsKey("dtype"));
    return whole && bytes ? BinaryQuery.ofBase64(value, limits) : null;
  }

  private List<Row> rows(
      RowBlock block, String kind, double temperature, boolean inPlace, String pointer) {
    long numbers = (long) block.rows() * block.columns();
    boolean stays = inPlace && kind.equals("logits") && block.floats(0) != null;
    Limits.require(
        pointer, "max_decoded_bytes", stays ? 0 : numbers * Double.BYTES, limits.maxDecodedBytes());
    long operations = OPERATIONS * numbers;
    return workers.map(
        block.rows(),
        operations,
        i -> {
          FloatRow floats = inPlace && kind.equals("logits") ? block.floats(i) : null;
          return at(
              pointer + "/" + i,
              () -> {
                try {
                  return floats != null
                      ? Distribution.ofLogits(floats, temperature)
                      : row(kind, block.doubles(i), temperature);
                } catch (InvalidInput.NotFinite e) {
                  int column = Integer.parseInt(e.pointer().substring(1));
                  throw e.atByte(block.byteOf(i, column));
                }
              });
        });
  }

  private static Row row(String kind, double[] numbers, double temperature) {
    return switch (kind) {
      case "logits" -> Distribution.ofLogits(numbers, temperature);
      case "logprobs" -> Distribution.ofLogprobs(numbers, temperature);
      default -> Distribution.ofProbs(numbers, temperature);
    };
  }

  /** Refuses more rows, or what counts as rows, than one request may have. */
  void requireRows(Value value, int rows) {
    Limits.require(value.pointer(), "max_rows", rows, limits.maxRows());
  }

  /** {@code vocab_size}, where it is there. */
  OptionalInt vocabSizeOf(Fields fields) {
    return vocabSize(fields);
  }

  /** A list of finite numbers that is no row, at least one and not more than a row may have. */
  List<Double> numbers(Value value) {
    double[] numbers = value.asNumbers();
    if (numbers.length == 0) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected numbers");
    }
    Limits.require(value.pointer(), "max_vocab", numbers.length, limits.maxVocab());
    for (int i = 0; i < numbers.length; i++) {
      if (Math.abs(numbers[i]) > Summary.GREATEST) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer() + "/" + i, numbers[i], "at most " + Summary.GREATEST);
      }
    }
    return Arrays.stream(numbers).boxed().toList();
  }

  private OptionalInt vocabSize(Fields fields) {
    Value value = fields.get("vocab_size");
    if (value == null) {
      return OptionalInt.empty();
    }
    int size = value.asInt();
    if (size < 1) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), size, "at least 1");
    }
    Limits.require(value.pointer(), "max_vocab", size, limits.maxVocab());
    return OptionalInt.of(size);
  }

  private interface Normaliser {
    Row of(double[] scores);
  }

  private List<Row> whole(Value value, Normaliser normaliser, boolean maskable) {
    List<Value> lists = rows(value, !value.isList() || isFlat(value));
    var scores = new ArrayList<double[]>(lists.size());
    for (Value list : lists) {
      double[] row = maskable ? list.asScores() : list.asNumbers();
      if (scores.isEmpty()) {
        Limits.require(list.pointer(), "max_vocab", row.length, limits.maxVocab());
      } else if (row.length != scores.getFirst().length) {
        throw new InvalidInput.RaggedRows(list.pointer(), row.length, scores.getFirst().length);
      }
      scores.add(row);
    }
    long operations = OPERATIONS * lists.size() * scores.getFirst().length;
    return workers.map(
        lists.size(),
        operations,
        i -> at(lists.get(i).pointer(), () -> normaliser.of(scores.get(i))));
  }

  /** A bare row: its first element is not itself a list. */
  private static boolean isFlat(Value value) {
    List<Value> list = value instanceof Value.Items(String at, List<Value> items) ? items : null;
    return list == null || (!list.isEmpty() && !list.getFirst().isList());
  }

  private List<Value> rows(Value value, boolean single) {
    List<Value> rows = single ? List.of(value) : value.asList();
    requireSome(value, rows);
    return rows;
  }

  private void requireSome(Value value, List<Value> rows) {
    if (rows.isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected rows");
    }
    Limits.require(value.pointer(), "max_rows", rows.size(), limits.maxRows());
  }

  /** One row is a list of entries or an object that holds one; several are a list of either. */
  private List<Row> best(Value value, OptionalInt vocabSize) {
    boolean single = value instanceof Value.Obj || value instanceof Value.Numbers;
    if (value instanceof Value.Items(String at, List<Value> items) && !items.isEmpty()) {
      Value first = items.getFirst();
      single = first instanceof Value.Obj(String place, var names) && names.containsKey("logprob");
    }
    var rows = new ArrayList<Row>();
    for (Value row : rows(value, single)) {
      rows.add(bestOf(row, vocabSize));
    }
    return rows;
  }

  /**
   * Reads one row of {@code top_logprobs}: a list of entries, or an object that holds one and says
   * more about it.
   */
  PartialDistribution bestOf(Value row, OptionalInt vocabSize) {
    if (row.isList()) {
      List<PartialDistribution.Entry> entries = entries(row);
      return InvalidInput.under(
          row.pointer(),
          () -> PartialDistribution.of(entries, OptionalDouble.empty(), false, vocabSize));
    }
    Fields fields = row.asFields();
    PartialDistribution best = bestOf(fields, vocabSize);
    fields.done();
    return best;
  }

  /** The same from an object that may have further fields of its own. */
  PartialDistribution bestOf(Fields fields, OptionalInt vocabSize) {
    Value list = fields.get("top_logprobs");
    List<PartialDistribution.Entry> entries = list == null ? List.of() : entries(list);
    Value sampled = fields.get("sampled_logprob");
    OptionalDouble lnSampled =
        sampled == null ? OptionalDouble.empty() : OptionalDouble.of(lnProb(sampled));
    boolean complete = fields.flag("complete", false);
    if (list == null && sampled == null) {
      throw new InvalidInput.MissingInput(
          fields.pointer("top_logprobs"), "top_logprobs is missing");
    }
    try {
      return PartialDistribution.of(entries, lnSampled, complete, vocabSize);
    } catch (InvalidInput e) {
      boolean ofSampled = e.pointer().startsWith("/sampled_logprob");
      throw e.under(ofSampled || list == null ? fields.pointer() : list.pointer());
    }
  }

  private List<PartialDistribution.Entry> entries(Value list) {
    List<Value> values = list.asList();
    Limits.require(list.pointer(), "max_vocab", values.size(), limits.maxVocab());
    var entries = new ArrayList<PartialDistribution.Entry>(values.size());
    for (Value value : values) {
      if (value instanceof Value.Obj) {
        Fields fields = value.asFields();
        double lnProb = lnProb(fields.require("logprob"));
        Value id = fields.get("id");
        String token = fields.text("token");
        fields.get("bytes");
        fields.done();
        entries.add(new PartialDistribution.Entry(lnProb, id == null ? null : tokenId(id), token));
      } else {
        entries.add(new PartialDistribution.Entry(lnProb(value)));
      }
    }
    return entries;
  }

  private static Integer tokenId(Value value) {
    int id = value.asInt();
    if (id < 0) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), id, "a token id, at least 0");
    }
    return id;
  }

  /** A log-probability; the spellings of −∞ count, as servers print them for probability 0. */
  private static double lnProb(Value value) {
    return value.isMask() ? Double.NEGATIVE_INFINITY : value.asNumber();
  }

  private List<Row> summaries(Value value, OptionalInt vocabSize, EntropyUnit unit) {
    var rows = new ArrayList<Row>();
    for (Value row : rows(value, value instanceof Value.Obj)) {
      Fields fields = row.asFields();
      double nats = unit.toNats(fields.require("entropy").asNumber());
      Value varentropy = fields.get("varentropy");
      boolean hasBest = fields.has("top_logprobs") || fields.has("sampled_logprob");
      PartialDistribution best = hasBest ? bestOf(fields, vocabSize) : null;
      fields.done();
      OptionalDouble squareNats =
          varentropy == null
              ? OptionalDouble.empty()
              : OptionalDouble.of(unit.toNats(unit.toNats(varentropy.asNumber())));
      rows.add(
          InvalidInput.under(row.pointer(), () -> new Summary(nats, squareNats, best, vocabSize)));
    }
    return rows;
  }

  private List<Row> entropies(Value value, OptionalInt vocabSize, EntropyUnit unit) {
    double[] numbers = value.asNumbers();
    if (numbers.length == 0) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected numbers");
    }
    Limits.require(value.pointer(), "max_rows", numbers.length, limits.maxRows());
    var rows = new ArrayList<Row>(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      rows.add(entropy(numbers[i], value.pointer() + "/" + i, vocabSize, unit));
    }
    return rows;
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

  /**
   * A row with a temperature. Whatever is wrong with the row is wrong where the row stands, but the
   * temperature is a field of the request, to which the rows belong.
   */
  private static Row at(String pointer, Supplier<Row> row) {
    try {
      return row.get();
    } catch (InvalidInput e) {
      throw e.pointer().equals("/temperature") ? e : e.under(pointer);
    }
  }

  /** Says what was mended in a row. */
  static void warn(Row row, int index, List<Warning> warnings) {
    switch (row) {
      case Distribution whole -> {
        if (Math.abs(whole.massFound() - 1) > 1e-6) {
          warnings.add(
              new Warning("renormalised", "the mass was " + whole.massFound() + ", now 1", index));
        }
      }
      case PartialDistribution best -> warn(best, index, warnings);
      case Summary summary -> {
        @Nullable PartialDistribution best = summary.best();
        if (best != null) {
          warn(best, index, warnings);
        }
      }
    }
  }

  private static void warn(PartialDistribution best, int index, List<Warning> warnings) {
    for (PartialDistribution.Repair repair : best.repairs()) {
      warnings.add(
          switch (repair) {
            case SENTINEL ->
                new Warning(
                    "sentinel", "a floor value in the list was read as probability 0", index);
            case SAMPLED_OUTSIDE_TOP_K ->
                new Warning(
                    "sampled_outside_top_k",
                    "the first token is the least probable: taken for the sampled token, outside"
                        + " the best k",
                    index);
            case RENORMALISED ->
                new Warning(
                    "renormalised", "the listed mass was " + best.massSeen() + ", now 1", index);
          });
    }
  }
}
