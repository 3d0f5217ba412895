package io.tokentropy.endpoint.input;

import io.tokentropy.binary.RowBlock;
import io.tokentropy.json.Value;
import java.util.List;
import java.util.stream.IntStream;

/** Reads matrices that are no rows of scores, such as similarities and vectors. */
public final class Matrices {
  private Matrices() {}

  /** A matrix as rows of numbers, or as bytes in base64; its rows may differ in length. */
  public static List<double[]> read(Value value, InputLimits limits) {
    if (value instanceof Value.Obj) {
      RowBlock block = BinaryRows.ofBase64(value, limits);
      long bytes = (long) block.rows() * block.columns() * Double.BYTES;
      limits.decodedBytes().require(value.pointer(), bytes);
      return IntStream.range(0, block.rows()).mapToObj(block::doubles).toList();
    }
    return value.asList().stream().map(Value::asNumbers).toList();
  }
}
