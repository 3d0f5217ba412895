package io.tokentropy.json;

import io.tokentropy.binary.RowBlock;
import io.tokentropy.refusal.InvalidInput;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One value of a request, with the JSON Pointer of its place, so that every refusal can name it.
 * The conversions are strict: a number given as a string is not a number, 1.5 is not an integer.
 */
public sealed interface Value {
  /** JSON Pointer (RFC 6901) to this value. */
  String pointer();

  /** What stands there, for a message: {@code a string}, {@code a list} ... */
  String found();

  /** An object; {@code fields} keeps the order of the request. */
  record Obj(String pointer, Map<String, Value> fields) implements Value {
    @Override
    public String found() {
      return "an object";
    }
  }

  /** A list that is not all numbers. */
  record Items(String pointer, List<Value> items) implements Value {
    @Override
    public String found() {
      return "a list";
    }
  }

  /**
   * A list of numbers, kept without boxes. A masked score (−∞) is in {@code numbers} as such; NaN
   * stands for JSON null, as a real NaN is refused while reading.
   */
  final class Numbers implements Value {
    private final String pointer;
    private final double[] numbers;

    Numbers(String pointer, double[] numbers) {
      this.pointer = pointer;
      this.numbers = numbers;
    }

    @Override
    public String pointer() {
      return pointer;
    }

    @Override
    public String found() {
      return "a list of numbers";
    }

    public int size() {
      return numbers.length;
    }

    /** The element; NaN for null. */
    public double at(int index) {
      return numbers[index];
    }

    /** The elements one by one; each is made when it is asked for. */
    List<Value> asElements() {
      return new Elements();
    }

    private final class Elements extends AbstractList<Value> implements RandomAccess {
      @Override
      public Value get(int index) {
        return element(index);
      }

      @Override
      public int size() {
        return numbers.length;
      }
    }

    private Value element(int index) {
      String place = pointer + "/" + index;
      double number = numbers[index];
      if (Double.isNaN(number)) {
        return new Null(place);
      }
      return Num.of(place, number, null);
    }

    /** The array itself: whoever takes it owns it, so a list of numbers is read once. */
    double[] take() {
      return numbers;
    }
  }

  /**
   * A number; {@code integer} is its exact value where it was written as an integer that fits 64
   * bits.
   */
  record Num(String pointer, double number, @Nullable Long integer) implements Value {
    /** A number; one that a double holds as an integer counts as one, however it was written. */
    static Num of(String pointer, double number, @Nullable Long exact) {
      boolean whole = number == Math.rint(number) && Math.abs(number) <= 1L << 53;
      return new Num(pointer, number, exact == null && whole ? (Long) (long) number : exact);
    }

    @Override
    public String found() {
      return integer != null ? integer.toString() : Double.toString(number);
    }
  }

  /** A string. */
  record Text(String pointer, String text) implements Value {
    @Override
    public String found() {
      return "the string " + quote(text);
    }
  }

  /** A query parameter: text that may be read as whatever the parameter is; commas make a list. */
  record Query(String pointer, String text) implements Value {
    private static final Pattern NUMBER =
        Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    @Override
    public String found() {
      return quote(text);
    }

    /** A number as JSON writes it; Java would take hexadecimal ones and suffixes as well. */
    double parse() {
      if (!NUMBER.matcher(text).matches()) {
        throw wrongType("a number");
      }
      return Reader.requireFinite(Double.parseDouble(text), pointer);
    }

    List<Value> split() {
      var list = new ArrayList<Value>();
      for (String part : text.split(",", -1)) {
        list.add(new Query(pointer + "/" + list.size(), part.strip()));
      }
      return list;
    }
  }

  /** Rows of numbers that came as bytes. */
  record Block(String pointer, RowBlock rows) implements Value {
    @Override
    public String found() {
      return "rows of " + rows.type().wire();
    }
  }

  record Bool(String pointer, boolean flag) implements Value {
    @Override
    public String found() {
      return Boolean.toString(flag);
    }
  }

  record Null(String pointer) implements Value {
    @Override
    public String found() {
      return "null";
    }
  }

  /** A finite number. */
  default double asNumber() {
    return switch (this) {
      case Num num -> Reader.requireFinite(num.number(), num.pointer());
      case Query query -> query.parse();
      default -> throw wrongType("a number");
    };
  }

  /** An integer that fits 64 bits; 3.0 is one, 3.5 is not. */
  default long asLong() {
    if (this instanceof Num(String at, double number, Long integer) && integer != null) {
      return integer;
    }
    if (this instanceof Query(String at, String text) && text.matches("[+-]?\\d{1,18}")) {
      return Long.parseLong(text);
    }
    double number = this instanceof Num || this instanceof Query ? asNumber() : Double.NaN;
    if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
      throw wrongType("an integer");
    }
    return (long) number;
  }

  /** An integer that fits 32 bits. */
  default int asInt() {
    long number = asLong();
    if (number != (int) number) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer(), number, "an integer of at most 32 bits");
    }
    return (int) number;
  }

  default String asText() {
    return switch (this) {
      case Text text -> text.text();
      case Query query -> query.text();
      default -> throw wrongType("a string");
    };
  }

  default boolean asFlag() {
    if (this instanceof Bool bool) {
      return bool.flag();
    }
    if (this instanceof Query query && query.text().matches("true|false")) {
      return Boolean.parseBoolean(query.text());
    }
    throw wrongType("true or false");
  }

  /** An object's fields, to be read by name. */
  default Fields asFields() {
    if (this instanceof Obj obj) {
      return new Fields(obj);
    }
    throw wrongType("an object");
  }

  /** The elements of any list. */
  default List<Value> asList() {
    return switch (this) {
      case Items items -> items.items();
      case Numbers numbers -> numbers.asElements();
      case Query query -> query.split();
      default -> throw wrongType("a list");
    };
  }

  /** A list of finite numbers, in an array of the caller's own. */
  default double[] asNumbers() {
    double[] numbers = scores(false);
    for (int i = 0; i < numbers.length; i++) {
      if (Double.isInfinite(numbers[i])) {
        throw new InvalidInput.NotFinite(pointer() + "/" + i, "-Infinity", "a finite number");
      }
    }
    return numbers;
  }

  /**
   * A list of scores, in an array of the caller's own: numbers, and for a masked token {@code
   * "-Infinity"}, {@code "-inf"}, bare {@code -Infinity} or {@code null}, all of which come out as
   * −∞.
   */
  default double[] asScores() {
    return scores(true);
  }

  private double[] scores(boolean maskable) {
    if (this instanceof Numbers numbers) {
      double[] row = numbers.take();
      for (int i = 0; i < row.length; i++) {
        if (Double.isNaN(row[i])) {
          if (!maskable) {
            throw new InvalidInput.WrongType(pointer() + "/" + i, "null", "a number");
          }
          row[i] = Double.NEGATIVE_INFINITY;
        }
      }
      return row;
    }
    List<Value> list = asList();
    var row = new double[list.size()];
    for (int i = 0; i < row.length; i++) {
      Value value = list.get(i);
      row[i] = maskable && value.isMask() ? Double.NEGATIVE_INFINITY : value.asNumber();
    }
    return row;
  }

  /** Whether this is one of the spellings of a masked token. */
  default boolean isMask() {
    return switch (this) {
      case Null nothing -> true;
      case Text text -> Reader.isMask(text.text());
      case Query query -> Reader.isMask(query.text());
      case Num num -> num.number() == Double.NEGATIVE_INFINITY;
      default -> false;
    };
  }

  default boolean isNull() {
    return this instanceof Null;
  }

  /** Whether this can only be read as a list. */
  default boolean isList() {
    return this instanceof Items || this instanceof Numbers;
  }

  /** The refusal of this value where something else was expected. */
  default InvalidInput wrongType(String expected) {
    return new InvalidInput.WrongType(pointer(), found(), expected);
  }

  /** At most 40 characters of what was sent, without control characters. */
  private static String quote(String text) {
    boolean cut = text.length() > 40;
    String plain = (cut ? text.substring(0, 40) : text).replaceAll("\\p{Cntrl}", "?");
    return "\"" + plain + (cut ? "..." : "") + "\"";
  }
}
