package io.tokentropy.json;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object on its way out, its fields in the order in which they were put. What is absent is
 * left out; a number that is not finite cannot be put, so no answer can hold one.
 */
public final class Answer {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** A whole answer, with the {@code object} that says what it is. */
  public static Answer of(String object) {
    return new Answer().put("object", object);
  }

  public Answer put(String name, double number) {
    fields.put(name, finite(name, number));
    return this;
  }

  public Answer put(String name, OptionalDouble number) {
    number.ifPresent(value -> put(name, value));
    return this;
  }

  public Answer put(String name, long number) {
    fields.put(name, number);
    return this;
  }

  public Answer put(String name, OptionalInt number) {
    number.ifPresent(value -> put(name, (long) value));
    return this;
  }

  public Answer put(String name, boolean flag) {
    fields.put(name, flag);
    return this;
  }

  public Answer put(String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, text);
    }
    return this;
  }

  public Answer put(String name, @Nullable Answer answer) {
    if (answer != null) {
      fields.put(name, answer);
    }
    return this;
  }

  public Answer put(String name, List<?> list) {
    fields.put(name, list);
    return this;
  }

  /** A list that must keep its length: NaN becomes null. */
  public Answer put(String name, double[] numbers) {
    fields.put(name, numbers.clone());
    return this;
  }

  public Answer put(String name, int[] numbers) {
    fields.put(name, numbers.clone());
    return this;
  }

  /** A matrix as a list of rows. */
  public Answer put(String name, double[][] rows) {
    return put(name, List.of(rows));
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** Adds the other's fields after these. */
  public Answer putAll(Answer other) {
    fields.putAll(other.fields);
    return this;
  }

  private static Double finite(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalStateException(name + " would be " + number);
    }
    return number;
  }

  /** This object as UTF-8 JSON. */
  public byte[] toBytes() {
    var bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      write(out);
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator out) {
    out.writeStartObject();
    fields.forEach(
        (name, value) -> {
          out.writeName(name);
          write(out, name, value);
        });
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, String name, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case Answer answer -> answer.write(out);
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Double number -> out.writeNumber((double) finite(name, number));
      case Number number -> out.writeNumber(number.longValue());
      case double[] numbers -> {
        out.writeStartArray();
        for (double number : numbers) {
          if (Double.isNaN(number)) {
            out.writeNull();
          } else {
            out.writeNumber((double) finite(name, number));
          }
        }
        out.writeEndArray();
      }
      case int[] numbers -> out.writeArray(numbers, 0, numbers.length);
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          write(out, name, element);
        }
        out.writeEndArray();
      }
      default -> throw new IllegalStateException(name + " is a " + value.getClass());
    }
  }
}
