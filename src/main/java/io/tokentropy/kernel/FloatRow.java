package io.tokentropy.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A row of floating-point numbers where they came to stand, in a body of little-endian bytes. The
 * kernel reads them there; half types are widened a stretch at a time. Not for several threads at
 * once.
 */
public final class FloatRow {
  static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] NONE = {};

  final byte[] body;
  final int offset;
  final int length;
  final Type type;

  /** One stretch of a half type, widened. */
  final byte[] scratch;

  /** How a number is written. */
  public enum Type {
    /** IEEE 754 binary32. */
    F32(Float.BYTES),
    /** IEEE 754 binary16. */
    F16(Short.BYTES),
    /** The upper half of a binary32. */
    BF16(Short.BYTES);

    public final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * A view; nothing is copied.
   *
   * @param offset of the first number, in bytes
   * @param length in numbers
   * @throws IndexOutOfBoundsException if the body ends before the row
   */
  public FloatRow(byte[] body, int offset, int length, Type type) {
    if (offset < 0 || length < 0 || (long) length * type.bytes > body.length - (long) offset) {
      throw new IndexOutOfBoundsException(
          length + " numbers at byte " + offset + " of " + body.length);
    }
    this.body = body;
    this.offset = offset;
    this.length = length;
    this.type = type;
    this.scratch = type == Type.F32 ? NONE : new byte[Float.BYTES * RowSums.STRETCH];
  }

  /** In numbers. */
  public int length() {
    return length;
  }

  /** The byte of the body at which a number begins. */
  public long byteOf(int index) {
    return offset + (long) index * type.bytes;
  }

  /** A number, widened. */
  public float at(int index) {
    int at = offset + index * type.bytes;
    return switch (type) {
      case F32 -> (float) FLOATS.get(body, at);
      case F16 -> Float.float16ToFloat((short) SHORTS.get(body, at));
      case BF16 -> Float.intBitsToFloat((short) SHORTS.get(body, at) << 16);
    };
  }

  /** All numbers, widened, in a fresh array. */
  public double[] widened() {
    var wide = new double[length];
    for (int i = 0; i < length; i++) {
      wide[i] = at(i);
    }
    return wide;
  }
}
