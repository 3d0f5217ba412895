package io.tokentropy.endpoint.input;

import io.tokentropy.binary.Npy;
import io.tokentropy.binary.NumberType;
import io.tokentropy.binary.RowBlock;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the query string says of a body of bytes: {@code kind}, and for raw numbers {@code dtype}
 * and {@code shape}.
 *
 * @param kind the field that the rows stand for
 * @param shape of raw numbers; null where the body itself says it
 */
public record BinaryRows(String kind, RowBlock.@Nullable Shape shape, InputLimits limits) {
  public static final String NPY = "application/x-npy";
  public static final String OCTET_STREAM = "application/octet-stream";

  /** What the query string says of the body, not of the request. */
  private static final List<String> PARAMETERS = List.of("kind", "dtype", "shape");

  /** What the rows of a body may be. */
  private enum Kind {
    LOGITS,
    LOGPROBS,
    PROBS;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is said of a body.
   *
   * @param type its media type
   * @return null if the body is not binary
   */
  public static @Nullable BinaryRows of(@Nullable String type, Fields query, InputLimits limits) {
    boolean raw = type != null && type.startsWith(OCTET_STREAM);
    boolean npy = type != null && type.startsWith(NPY);
    if (!raw && !npy) {
      return null;
    }
    String kind = query.word("kind", Kind.LOGITS, Kind::wire).wire();
    if (npy) {
      return new BinaryRows(kind, null, limits);
    }
    Value dtype = query.require("dtype");
    Value sizes = query.require("shape");
    RowBlock.Shape shape =
        RowBlock.Shape.of(
            NumberType.named(dtype.asText(), dtype.pointer()), sizes(sizes), sizes.pointer());
    requireWithin(shape, sizes.pointer(), limits);
    return new BinaryRows(kind, shape, limits);
  }

  /** The sizes of a shape; what is no whole number is no size. */
  private static long[] sizes(Value value) {
    List<Value> list = value.asList();
    if (list.size() > 2) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), list.size() + " sizes", "rows,vocab, both above 0");
    }
    return list.stream().mapToLong(Value::asLong).toArray();
  }

  private static void requireWithin(RowBlock.Shape shape, String pointer, InputLimits limits) {
    limits.rows().require(pointer, shape.rows());
    limits.vocab().require(pointer, shape.columns());
  }

  /** Refuses a declared length that is not that of the shape, before a byte is read. */
  public void requireLength(long declared) {
    if (shape != null && declared >= 0) {
      shape.requireBytes(declared, "");
    }
  }

  /** The rows of the body as a field, beside those of the query string. */
  public Fields read(byte[] body, int length, Fields query) {
    Fields all = Fields.ofRows(kind, rows(body, length)).and(query);
    PARAMETERS.forEach(all::get);
    return all;
  }

  private RowBlock rows(byte[] body, int length) {
    if (shape != null) {
      return RowBlock.of(shape, body, 0, length, "");
    }
    Npy.Header header = Npy.header(body, length);
    requireWithin(header.shape(), "", limits);
    return header.rows(body, length);
  }

  /**
   * Rows in JSON: {@code {"dtype": "f32", "shape": [2, 128256], "data": "..."}} in base64.
   *
   * @throws InvalidInput.WrongType if the data is not base64
   */
  public static RowBlock ofBase64(Value value, InputLimits limits) {
    Fields fields = value.asFields();
    Value dtype = fields.require("dtype");
    Value sizes = fields.require("shape");
    RowBlock.Shape shape =
        RowBlock.Shape.of(
            NumberType.named(dtype.asText(), dtype.pointer()), sizes(sizes), sizes.pointer());
    requireWithin(shape, sizes.pointer(), limits);
    Value data = fields.require("data");
    String text = data.asText();
    fields.done();
    byte[] body;
    try {
      body = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput.WrongType(
          data.pointer(), "a string that is not base64", "standard base64");
    }
    return RowBlock.of(shape, body, 0, body.length, data.pointer());
  }
}
