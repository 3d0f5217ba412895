package io.tokentropy.binary;

import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files as {@code numpy.save} writes them, versions 1 to 3: one array of one or two dimensions, in
 * either order of bytes and of rows. Arrays of bfloat16 are {@code V2} to NumPy.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The NPY
 *     format</a>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 65_536;
  private static final Pattern DESCR = Pattern.compile("'descr': '([^']{1,16})'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': (True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([0-9, ]*)\\)");
  private static final Map<String, NumberType> TYPES =
      Map.of(
          "f4", NumberType.F32,
          "f2", NumberType.F16,
          "f8", NumberType.F64,
          "V2", NumberType.BF16,
          "bfloat16", NumberType.BF16);

  private Npy() {}

  /**
   * Where the array is, and its shape.
   *
   * @param bigEndian whether the first byte of a number is its greatest
   * @param columnsFirst whether the numbers of a column stand together, not those of a row
   * @param dataAt the byte at which its numbers begin
   */
  public record Header(RowBlock.Shape shape, boolean bigEndian, boolean columnsFirst, int dataAt) {
    /**
     * The rows of the array.
     *
     * @param length how much of {@code body} there is
     * @throws InvalidInput.ShapeMismatch if that is not what the shape takes
     */
    public RowBlock rows(byte[] body, int length) {
      long found = (long) length - dataAt;
      shape.requireBytes(found, "");
      if (!bigEndian && !columnsFirst) {
        return RowBlock.of(shape, body, dataAt, found, "");
      }
      return RowBlock.of(shape, inOrder(body, (int) found), 0, found, "");
    }

    /** The numbers little-endian, row by row. */
    private byte[] inOrder(byte[] body, int bytes) {
      int width = shape.type().bytes;
      int rows = columnsFirst ? shape.rows() : 1;
      int columns = bytes / width / rows;
      var ordered = new byte[bytes];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int from = dataAt + (columnsFirst ? column * rows + row : column) * width;
          int to = (row * columns + column) * width;
          for (int i = 0; i < width; i++) {
            ordered[to + i] = body[from + (bigEndian ? width - 1 - i : i)];
          }
        }
      }
      return ordered;
    }
  }

  /**
   * Reads the header.
   *
   * @param length how much of {@code body} there is
   * @throws InvalidInput.WrongType if it is no such file, or an array of another kind, which is
   *     named
   * @throws InvalidInput.ParameterOutOfRange if the shape is not one or two numbers above 0
   */
  public static Header header(byte[] body, int length) {
    if (length < 10) {
      throw wrong("a body of " + length + " bytes");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (body[i] != MAGIC[i]) {
        throw wrong("a body that does not begin with \\x93NUMPY");
      }
    }
    int version = body[6];
    if (version < 1 || version > 3 || body[7] != 0) {
      throw wrong("npy version " + version + "." + body[7]);
    }
    long size = (body[8] & 0xFF) | (body[9] & 0xFF) << 8;
    int from = 10;
    if (version > 1) {
      if (length < 12) {
        throw wrong("a body of " + length + " bytes");
      }
      size |= (long) (body[10] & 0xFF) << 16 | (long) (body[11] & 0xFF) << 24;
      from = 12;
    }
    if (size > LONGEST_HEADER || from + size > length) {
      throw wrong("a header that says it has " + size + " bytes");
    }
    String header = new String(body, from, (int) size, StandardCharsets.UTF_8);
    String descr = one(DESCR, header, "descr");
    boolean marked = "<>|=".indexOf(descr.charAt(0)) >= 0;
    NumberType type = TYPES.get(marked ? descr.substring(1) : descr);
    if (type == null) {
      throw wrong("an array of " + descr);
    }
    return new Header(
        RowBlock.Shape.of(type, sizes(one(SHAPE, header, "shape")), ""),
        descr.startsWith(">"),
        one(ORDER, header, "fortran_order").equals("True"),
        from + (int) size);
  }

  private static String one(Pattern pattern, String header, String key) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw wrong("a header without a usable " + key);
    }
    return matcher.group(1);
  }

  private static long[] sizes(String text) {
    return Pattern.compile(",")
        .splitAsStream(text)
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .mapToLong(
            part -> part.length() > 18 ? Long.MAX_VALUE : Long.parseLong(part.replace(" ", "")))
        .toArray();
  }

  private static InvalidInput wrong(String found) {
    return new InvalidInput.WrongType(
        "", found, "npy version 1 to 3, an array of f2, f4, f8 or bfloat16");
  }
}
