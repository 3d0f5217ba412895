package io.tokentropy.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object on its way out, its fields in the order in which they were put. What is absent is
 * left out; a number that is not finite cannot be put, so no answer can hold one.
 */
public final class Answer {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private String[] names = new String[8];
  private @Nullable Object[] values = new Object[8];
  private int size;

  /** A whole answer, with the {@code object} that says what it is. */
  public static Answer of(String object) {
    return new Answer().put("object", object);
  }

  public Answer put(String name, double number) {
    set(name, finite(name, number));
    return this;
  }

  public Answer put(String name, OptionalDouble number) {
    number.ifPresent(value -> put(name, value));
    return this;
  }

  public Answer put(String name, long number) {
    set(name, number);
    return this;
  }

  public Answer put(String name, OptionalInt number) {
    number.ifPresent(value -> put(name, (long) value));
    return this;
  }

  public Answer put(String name, boolean flag) {
    set(name, flag);
    return this;
  }

  public Answer put(String name, @Nullable String text) {
    if (text != null) {
      set(name, text);
    }
    return this;
  }

  public Answer put(String name, @Nullable Answer answer) {
    if (answer != null) {
      set(name, answer);
    }
    return this;
  }

  public Answer put(String name, List<?> list) {
    set(name, list);
    return this;
  }

  /** A field that others' readers expect to find, although there is nothing in it. */
  public Answer putNull(String name) {
    set(name, null);
    return this;
  }

  /** A list that must keep its length: NaN becomes null. */
  public Answer put(String name, double[] numbers) {
    set(name, numbers.clone());
    return this;
  }

  public Answer put(String name, int[] numbers) {
    set(name, numbers.clone());
    return this;
  }

  /** A matrix as a list of rows. */
  public Answer put(String name, double[][] rows) {
    return put(name, List.of(rows));
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** What stands under a name, as it was put; null if nothing does. */
  public @Nullable Object get(String name) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  /** Puts more at the end of a list, which is begun if there is none. */
  public Answer add(String name, List<?> more) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name) && values[i] instanceof List<?> list) {
        values[i] = Stream.concat(list.stream(), more.stream()).toList();
        return this;
      }
    }
    return put(name, more);
  }

  /** Adds the other's fields after these. */
  public Answer putAll(Answer other) {
    for (int i = 0; i < other.size; i++) {
      set(other.names[i], other.values[i]);
    }
    return this;
  }

  /**
   * Few fields: looking through them takes less than hashing their names.
   *
   * @throws IllegalStateException if the name stands there already: one of the two would be lost
   */
  private void set(String name, @Nullable Object value) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        throw new IllegalStateException(name + " stands in the answer twice");
      }
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    names[size] = name;
    values[size] = value;
    size++;
  }

  /** A number that JSON can hold; 0 has no sign. */
  private static Double finite(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalStateException(name + " would be " + number);
    }
    return number + 0.0;
  }

  /** This object as UTF-8 JSON. */
  public byte[] toBytes() {
    var bytes = new ByteArrayOutputStream(512);
    writeTo(bytes);
    return bytes.toByteArray();
  }

  /** Writes the same, in parts of some kilobytes; the stream stays open. */
  public void writeTo(OutputStream stream) {
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), stream)) {
      write(out);
    }
  }

  private void write(JsonGenerator out) {
    out.writeStartObject();
    for (int i = 0; i < size; i++) {
      out.writeName(names[i]);
      write(out, names[i], values[i]);
    }
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
