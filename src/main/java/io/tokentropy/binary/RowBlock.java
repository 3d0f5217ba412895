package io.tokentropy.binary;

import io.tokentropy.kernel.FloatRow;
import io.tokentropy.refusal.InvalidInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers, one after the other, as they stand in a body. The body is not copied, so it must
 * stay as it is for as long as a block is used.
 */
public final class RowBlock {
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private final NumberType type;
  private final int rows;
  private final int columns;
  private final byte[] body;
  private final int offset;

  private RowBlock(NumberType type, int rows, int columns, byte[] body, int offset) {
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    this.body = body;
    this.offset = offset;
  }

  /** The shape of a block: at least one row of at least one number. */
  public record Shape(NumberType type, int rows, int columns) {
    /**
     * A shape from the numbers that somebody sent.
     *
     * @throws InvalidInput.ParameterOutOfRange if it is not one or two numbers above 0
     */
    public static Shape of(NumberType type, long[] sizes, String pointer) {
      boolean usable = sizes.length == 1 || sizes.length == 2;
      for (long size : sizes) {
        usable &= size > 0 && size <= Integer.MAX_VALUE;
      }
      if (!usable) {
        throw new InvalidInput.ParameterOutOfRange(
            pointer, Arrays.toString(sizes), "rows,vocab, both above 0");
      }
      return new Shape(type, sizes.length == 1 ? 1 : (int) sizes[0], (int) sizes[sizes.length - 1]);
    }

    /** What it takes; the greatest long where it takes more. */
    public long bytes() {
      long numbers = (long) rows * columns;
      return numbers > Long.MAX_VALUE / type.bytes ? Long.MAX_VALUE : numbers * type.bytes;
    }

    /**
     * Refuses bytes that are not exactly this shape.
     *
     * @throws InvalidInput.ShapeMismatch saying how many there are and should be
     */
    public void requireBytes(long found, String pointer) {
      if (found != bytes()) {
        throw new InvalidInput.ShapeMismatch(
            pointer,
            "found "
                + found
                + " bytes, but "
                + rows
                + " x "
                + columns
                + " numbers of "
                + type.wire()
                + " take "
                + bytes());
      }
    }
  }

  /**
   * A view of {@code found} bytes from {@code offset}.
   *
   * @throws InvalidInput.ShapeMismatch if they are not exactly the shape
   */
  public static RowBlock of(Shape shape, byte[] body, int offset, long found, String pointer) {
    shape.requireBytes(found, pointer);
    return new RowBlock(shape.type(), shape.rows(), shape.columns(), body, offset);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public NumberType type() {
    return type;
  }

  /** A row for the float kernel; null if its numbers are doubles. */
  public @Nullable FloatRow floats(int row) {
    return type.floats == null ? null : new FloatRow(body, at(row), columns, type.floats);
  }

  /** A row as doubles, in a fresh array. */
  public double[] doubles(int row) {
    FloatRow floats = floats(row);
    if (floats != null) {
      return floats.widened();
    }
    var numbers = new double[columns];
    int at = at(row);
    for (int i = 0; i < columns; i++) {
      numbers[i] = (double) DOUBLES.get(body, at + Double.BYTES * i);
    }
    return numbers;
  }

  private int at(int row) {
    return offset + row * columns * type.bytes;
  }

  /** The byte of the body at which a number begins. */
  public long byteOf(int row, int column) {
    return at(row) + (long) column * type.bytes;
  }
}
