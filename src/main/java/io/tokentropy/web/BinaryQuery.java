package io.tokentropy.web;

import io.tokentropy.binary.Npy;
import io.tokentropy.binary.NumberType;
import io.tokentropy.binary.RowBlock;
import io.tokentropy.endpoint.Limits;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * What the query string says of a body of bytes: {@code kind}, and for raw numbers {@code dtype}
 * and {@code shape}.
 *
 * @param kind the field that the rows stand for
 * @param shape of raw numbers; null where the body itself says it
 */
record BinaryQuery(String kind, RowBlock.@Nullable Shape shape, Limits limits) {
  static final String NPY = "application/x-npy";

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

  /** Null if the body is not binary. */
  static @Nullable BinaryQuery of(HttpServletRequest request, Fields query, Limits limits) {
    String type = request.getContentType();
    boolean raw = type != null && type.startsWith(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    boolean npy = type != null && type.startsWith(NPY);
    if (!raw && !npy) {
      return null;
    }
    String kind = query.word("kind", Kind.LOGITS, Kind::wire).wire();
    if (npy) {
      return new BinaryQuery(kind, null, limits);
    }
    Value dtype = query.require("dtype");
    Value sizes = query.require("shape");
    RowBlock.Shape shape =
        RowBlock.Shape.of(
            NumberType.named(dtype.asText(), dtype.pointer()), sizes(sizes), sizes.pointer());
    requireWithin(shape, sizes.pointer(), limits);
    return new BinaryQuery(kind, shape, limits);
  }

  /** The sizes of a shape; what is no whole number is no size. */
  static long[] sizes(Value value) {
    List<Value> list = value.asList();
    if (list.size() > 2) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), list.size() + " sizes", "rows,vocab, both above 0");
    }
    return list.stream().mapToLong(Value::asLong).toArray();
  }

  static void requireWithin(RowBlock.Shape shape, String pointer, Limits limits) {
    Limits.require(pointer, "max_rows", shape.rows(), limits.maxRows());
    Limits.require(pointer, "max_vocab", shape.columns(), limits.maxVocab());
  }

  /** Refuses a declared length that is not that of the shape, before a byte is read. */
  void requireLength(long declared) {
    if (shape != null && declared >= 0) {
      shape.requireBytes(declared, "");
    }
  }

  /** The rows of the body as a field, beside those of the query string. */
  Fields read(byte[] body, int length, Fields query) {
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
    long data = (long) length - header.dataAt();
    return RowBlock.of(header.shape(), body, header.dataAt(), data, "");
  }

  /**
   * Rows in JSON: {@code {"dtype": "f32", "shape": [2, 128256], "data": "..."}} in base64.
   *
   * @throws InvalidInput.WrongType if the data is not base64
   */
  static RowBlock ofBase64(Value value, Limits limits) {
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
