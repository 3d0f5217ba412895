package io.tokentropy.json;

import io.tokentropy.binary.RowBlock;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object, read by name. What is asked for is what the endpoint has: {@link #done}
 * refuses the rest, and suggests the nearest name. A field that is null counts as absent, except
 * where null means something ({@link #value}).
 */
public final class Fields {
  /** Of more unknown fields than this no typing error is looked for. */
  private static final int MISSPELT = 64;

  /** No more names than these are told to whom something is missing. */
  private static final int FOUND = 8;

  private final Value.Obj object;
  private String[] asked = new String[4];
  private int askedCount;

  Fields(Value.Obj object) {
    this.object = object;
  }

  /** Query parameters as fields. */
  public static Fields ofQuery(Map<String, String> parameters) {
    var fields = new LinkedHashMap<String, Value>();
    parameters.forEach(
        (name, text) -> fields.put(name, new Value.Query("/" + Reader.escape(name), text)));
    return new Fields(new Value.Obj("", fields));
  }

  /** Rows that are all of a body, under the name of what they are. */
  public static Fields ofRows(String name, RowBlock rows) {
    return of(name, new Value.Block("", rows));
  }

  /** One value that is all of a body, under the name of what it is. */
  public static Fields of(String name, Value value) {
    return new Fields(new Value.Obj("", Map.of(name, value)));
  }

  /**
   * These fields and the others.
   *
   * @throws InvalidInput.ConflictingInputs if a field stands in both
   */
  public Fields and(Fields others) {
    if (others.object.fields().isEmpty()) {
      return this;
    }
    var all = new LinkedHashMap<>(object.fields());
    others
        .object
        .fields()
        .forEach(
            (name, value) -> {
              if (all.putIfAbsent(name, value) != null) {
                throw new InvalidInput.ConflictingInputs(
                    value.pointer(), name + " stands both in the query string and in the body");
              }
            });
    return new Fields(new Value.Obj(object.pointer(), all));
  }

  public String pointer() {
    return object.pointer();
  }

  /** JSON Pointer of a field, present or not. */
  public String pointer(String name) {
    return object.pointer() + "/" + Reader.escape(name);
  }

  /** The field as it stands, null if it is absent or JSON null. */
  public @Nullable Value get(String name) {
    Value value = value(name);
    return value == null || value.isNull() ? null : value;
  }

  /** The field as it stands, JSON null included; null if it is absent. */
  public @Nullable Value value(String name) {
    if (askedCount == asked.length) {
      forgetRepeated();
    }
    asked[askedCount++] = name;
    return object.fields().get(name);
  }

  /** Makes room for further names: each that was asked for stands once, and half stays free. */
  private void forgetRepeated() {
    String[] once = known().toArray(String[]::new);
    asked = Arrays.copyOf(once, Math.max(asked.length, 2 * once.length));
    askedCount = once.length;
  }

  /** The names that were asked for. */
  private Set<String> known() {
    return new LinkedHashSet<>(Arrays.asList(asked).subList(0, askedCount));
  }

  public boolean has(String name) {
    return get(name) != null;
  }

  /**
   * A field that must be there.
   *
   * @throws InvalidInput.MissingInput at the object that lacks it
   */
  public Value require(String name) {
    Value value = get(name);
    if (value == null) {
      throw new InvalidInput.MissingInput(pointer(), name + " is missing");
    }
    return value;
  }

  public double number(String name, double absent) {
    Value value = get(name);
    return value == null ? absent : value.asNumber();
  }

  public OptionalDouble number(String name) {
    Value value = get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.asNumber());
  }

  public int integer(String name, int absent) {
    Value value = get(name);
    return value == null ? absent : value.asInt();
  }

  public OptionalInt integer(String name) {
    Value value = get(name);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value.asInt());
  }

  public boolean flag(String name, boolean absent) {
    Value value = get(name);
    return value == null ? absent : value.asFlag();
  }

  public @Nullable String text(String name) {
    Value value = get(name);
    return value == null ? null : value.asText();
  }

  /** The elements of a list; none if the field is absent. */
  public List<Value> list(String name) {
    Value value = get(name);
    return value == null ? List.of() : value.asList();
  }

  /**
   * One of a closed set of words.
   *
   * @param words what each constant is called on the wire
   * @throws InvalidInput.ParameterOutOfRange on another word, suggesting the nearest
   */
  public <E extends Enum<E>> E word(String name, E absent, Function<E, String> words) {
    Value value = get(name);
    return value == null ? absent : word(value, absent.getDeclaringClass(), words);
  }

  /** {@link #word(String, Enum, Function)} for a value anywhere. */
  public static <E extends Enum<E>> E word(Value value, Class<E> type, Function<E, String> words) {
    String text = value.asText();
    Set<String> all = new TreeSet<>();
    for (E constant : type.getEnumConstants()) {
      String word = words.apply(constant);
      if (word.equals(text)) {
        return constant;
      }
      all.add(word);
    }
    throw new InvalidInput.ParameterOutOfRange(
        value.pointer(),
        value.found(),
        "one of " + String.join(", ", all) + DidYouMean.suffix(text, all));
  }

  /**
   * To be called where something is missing: it may be there under a name with a typing error.
   *
   * @throws InvalidInput.UnknownField if a field that was not asked for is named nearly like one
   *     that was
   */
  public void refuseMisspelt() {
    int looked = 0;
    Set<String> known = known();
    for (String name : object.fields().keySet()) {
      if (!known.contains(name)
          && ++looked <= MISSPELT
          && DidYouMean.nearest(name, known).isPresent()) {
        throw unknown(name);
      }
    }
  }

  /** {@code "; found scores, unit"}, for a message that something is missing among them. */
  public String found() {
    List<String> names =
        object.fields().keySet().stream().limit(FOUND).map(Fields::printable).toList();
    return names.isEmpty() ? "" : "; found " + String.join(", ", names);
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * To be called when everything was read.
   *
   * @throws InvalidInput.UnknownField if something was not
   */
  public void done() {
    object.fields().forEach(this::requireAsked);
  }

  /** Most names are asked for in the order of the request, and most objects have two or three. */
  private void requireAsked(String name, Value value) {
    for (int i = 0; i < askedCount; i++) {
      if (asked[i].equals(name)) {
        return;
      }
    }
    throw unknown(name);
  }

  private InvalidInput unknown(String name) {
    return new InvalidInput.UnknownField(
        pointer(name),
        "there is no field \"" + printable(name) + "\" here" + DidYouMean.suffix(name, known()));
  }
}
