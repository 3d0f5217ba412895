package io.tokentropy.endpoint.input;

import io.tokentropy.binary.NumberType;
import io.tokentropy.binary.RowBlock;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.json.Value;
import io.tokentropy.kernel.FloatRow;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads rows over the whole vocabulary: numbers in JSON, or bytes. */
final class WholeRows {
  /** About how many it takes to sum one number of a row. */
  private static final long OPERATIONS = 4;

  private static final String GREEDY =
      "Temperature 0 is greedy decoding: one token, and no entropy. /v1/truncation takes it.";

  private final InputLimits limits;
  private final Workers workers;

  WholeRows(InputLimits limits, Workers workers) {
    this.limits = limits;
    this.workers = workers;
  }

  /** What rows are read for. */
  enum Use {
    /** Any. */
    ANY,
    /** Their entropies alone: logits that came as bytes stay in the body. */
    ENTROPY,
    /** To be compared with one another: probabilities stay beside their logarithms. */
    COMPARISON
  }

  /** Reads them. */
  Input read(Value value, InputKind kind, double temperature, Use use) {
    RowBlock block = block(value);
    return block == null
        ? Input.of(kind, numbers(value, kind, temperature, use), Input.isOneRow(value))
        : Input.of(
            kind,
            rows(block, kind, temperature, use, value.pointer()),
            block.type() != NumberType.F64,
            false,
            List.of());
  }

  /** Rows that came as bytes; null if they did not. */
  private @Nullable RowBlock block(Value value) {
    if (value instanceof Value.Block(String at, RowBlock rows)) {
      return rows;
    }
    boolean bytes =
        value instanceof Value.Obj(String at, var fields)
            && (fields.containsKey("data") || fields.containsKey("dtype"));
    return bytes ? BinaryRows.ofBase64(value, limits) : null;
  }

  private List<Row> rows(
      RowBlock block, InputKind kind, double temperature, Use use, String pointer) {
    long numbers = (long) block.rows() * block.columns();
    boolean logits = use == Use.ENTROPY && kind == InputKind.LOGITS;
    boolean stays = logits && block.floats(0) != null;
    limits.decodedBytes().require(pointer, stays ? 0 : numbers * Double.BYTES);
    return workers.map(
        block.rows(),
        OPERATIONS * numbers,
        i -> {
          FloatRow floats = logits ? block.floats(i) : null;
          return at(
              pointer + "/" + i,
              () -> {
                try {
                  return floats != null
                      ? Distribution.ofLogits(floats, temperature)
                      : row(kind, block.doubles(i), temperature, use);
                } catch (InvalidInput.NotFinite e) {
                  int column = Integer.parseInt(e.pointer().substring(1));
                  throw e.atByte(block.byteOf(i, column));
                }
              });
        });
  }

  private static Row row(InputKind kind, double[] numbers, double temperature, Use use) {
    return switch (kind) {
      case LOGITS -> Distribution.ofLogits(numbers, temperature);
      case LOGPROBS -> Distribution.ofLogprobs(numbers, temperature);
      case PROBS ->
          use == Use.COMPARISON
              ? Distribution.ofProbsToCompare(numbers, temperature)
              : Distribution.ofProbs(numbers, temperature);
      case TOP_LOGPROBS, OPENAI, SUMMARY, ENTROPIES ->
          throw new IllegalArgumentException(kind + " has no whole rows");
    };
  }

  private List<Row> numbers(Value value, InputKind kind, double temperature, Use use) {
    List<Value> lists = limits.someRows(value, Input.isOneRow(value));
    var scores = new ArrayList<double[]>(lists.size());
    for (Value list : lists) {
      double[] row = kind == InputKind.PROBS ? list.asNumbers() : list.asScores();
      if (scores.isEmpty()) {
        limits.vocab().require(list.pointer(), row.length);
      } else if (row.length != scores.getFirst().length) {
        throw new InvalidInput.RaggedRows(list.pointer(), row.length, scores.getFirst().length);
      }
      scores.add(row);
    }
    long operations = OPERATIONS * lists.size() * scores.getFirst().length;
    return workers.map(
        lists.size(),
        operations,
        i -> at(lists.get(i).pointer(), () -> row(kind, scores.get(i), temperature, use)));
  }

  /**
   * A row with a temperature. Whatever is wrong with the row is wrong where the row stands, but the
   * temperature is a field of the request, to which the rows belong.
   */
  private static Row at(String pointer, Supplier<Row> row) {
    try {
      return row.get();
    } catch (InvalidInput e) {
      throw e.pointer().equals("/temperature") ? e.withHint(GREEDY) : e.under(pointer);
    }
  }
}
