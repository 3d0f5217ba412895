package io.tokentropy.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads ordinary JSON straight from the bytes: what callers send all day, rows of numbers above
 * all. It knows no errors: at anything that is unusual or wrong (an escape, a key twice, NaN, a
 * limit) it gives up, and {@link Reader} lets the library read the body from its start, which
 * either copes or says what is wrong and where. What it does read, it reads as the library does.
 */
final class Scanner {
  private final byte[] body;
  private final int length;
  private final JsonLimits limits;
  private final Memory memory;
  private final @Nullable String[] names = new String[8];
  private int at;
  private long mantissa;
  private boolean integral;

  private Scanner(byte[] body, int length, JsonLimits limits, Memory memory) {
    this.body = body;
    this.length = length;
    this.limits = limits;
    this.memory = memory;
  }

  /** The body as a value, or null if it is not ordinary. */
  static @Nullable Value read(byte[] body, int length, JsonLimits limits) {
    return read(body, length, limits, new Memory(limits.memory()));
  }

  /** The same with what is left of the memory for several bodies. */
  static @Nullable Value read(byte[] body, int length, JsonLimits limits, Memory memory) {
    var scanner = new Scanner(body, length, limits, memory);
    Value value = scanner.value("", 0);
    return value != null && scanner.next() < 0 ? value : null;
  }

  /** The next byte that is not white space, not consumed; −1 at the end. */
  private int next() {
    while (at < length) {
      byte b = body[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xFF;
      }
      at++;
    }
    return -1;
  }

  private @Nullable Value value(String pointer, int depth) {
    if (!memory.take(Memory.VALUE + pointer.length())) {
      return null;
    }
    int first = next();
    return switch (first) {
      case '{' -> object(pointer, depth + 1);
      case '[' -> list(pointer, depth + 1);
      case '"' -> {
        String text = text();
        yield text == null || !memory.take(text.length()) ? null : new Value.Text(pointer, text);
      }
      case 't' -> word("true") ? new Value.Bool(pointer, true) : null;
      case 'f' -> word("false") ? new Value.Bool(pointer, false) : null;
      case 'n' -> word("null") ? new Value.Null(pointer) : null;
      default -> {
        double number = number();
        yield Double.isNaN(number)
            ? null
            : Value.Num.of(pointer, number, integral ? mantissa : null);
      }
    };
  }

  private boolean word(String word) {
    if (length - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (body[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }

  private @Nullable Value object(String pointer, int depth) {
    if (depth > limits.depth() || !memory.take(Memory.OBJECT)) {
      return null;
    }
    at++;
    var fields = new Members();
    if (next() == '}') {
      at++;
      return new Value.Obj(pointer, fields);
    }
    while (true) {
      if (next() != '"') {
        return null;
      }
      String name = name(fields.size());
      if (name == null || name.length() > limits.nameLength() || next() != ':') {
        return null;
      }
      if (!memory.take(Memory.FIELD + 2L * name.length())) {
        return null;
      }
      at++;
      Value value = value(pointer + "/" + Reader.escape(name), depth);
      if (value == null || !fields.add(name, value)) {
        return null;
      }
      int after = next();
      at++;
      if (after == '}') {
        return new Value.Obj(pointer, fields);
      }
      if (after != ',') {
        return null;
      }
    }
  }

  /** As {@link Reader}'s: an array of numbers for as long as it is one. */
  private @Nullable Value list(String pointer, int depth) {
    if (depth > limits.depth()) {
      return null;
    }
    at++;
    if (next() == ']') {
      at++;
      return new Value.Items(pointer, List.of());
    }
    double[] numbers = new double[16];
    int n = 0;
    boolean anyNumber = false;
    @Nullable List<Value> items = null;
    while (true) {
      int first = next();
      boolean numeric = first == '-' || (first >= '0' && first <= '9');
      if (items == null && numeric) {
        double number = number();
        if (Double.isNaN(number)) {
          return null;
        }
        if (n == numbers.length) {
          if (!memory.take(2L * n * Double.BYTES)) {
            return null;
          }
          numbers = Arrays.copyOf(numbers, 2 * n);
        }
        numbers[n++] = number;
        anyNumber = true;
      } else {
        Value value =
            value(items == null ? pointer + "/" + n : pointer + "/" + items.size(), depth);
        if (value == null) {
          return null;
        }
        boolean gap = value.isNull() || (value instanceof Value.Text && value.isMask());
        if (items == null && gap) {
          if (n == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * n);
          }
          numbers[n++] = value.isNull() ? Double.NaN : Double.NEGATIVE_INFINITY;
        } else {
          if (items == null) {
            if (!memory.take((long) n * (Memory.VALUE + pointer.length()))) {
              return null;
            }
            items =
                new ArrayList<>(new Value.Numbers(pointer, Arrays.copyOf(numbers, n)).asElements());
          }
          items.add(value);
        }
      }
      int after = next();
      at++;
      if (after == ']') {
        break;
      }
      if (after != ',') {
        return null;
      }
    }
    if (items != null) {
      return new Value.Items(pointer, items);
    }
    var list =
        new Value.Numbers(pointer, n == numbers.length ? numbers : Arrays.copyOf(numbers, n));
    return anyNumber ? list : new Value.Items(pointer, list.asElements());
  }

  /** A string of plain ASCII without escapes; null for any other. */
  private @Nullable String text() {
    int start = at + 1;
    return pastText() ? latin(start) : null;
  }

  /**
   * The name of a member, as {@link #text}. The objects of a list mostly have the same names in the
   * same order: one string does for all of them.
   */
  private @Nullable String name(int member) {
    int start = at + 1;
    if (!pastText()) {
      return null;
    }
    int slot = member % names.length;
    String before = names[slot];
    if (before != null && stands(before, start)) {
      return before;
    }
    String name = latin(start);
    names[slot] = name;
    return name;
  }

  private boolean stands(String text, int start) {
    if (text.length() != at - 1 - start) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (body[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String latin(int start) {
    return new String(body, start, at - 1 - start, StandardCharsets.ISO_8859_1);
  }

  /** Goes past a string of plain ASCII without escapes; false if it is none. */
  private boolean pastText() {
    at++;
    while (at < length) {
      byte b = body[at++];
      if (b == '"') {
        return true;
      }
      if (b < 0x20 || b == '\\' || b == 0x7F) {
        return false;
      }
    }
    return false;
  }

  /**
   * A finite number; NaN if it is none. {@link #integral} says afterwards whether {@link #mantissa}
   * is its exact value as a signed integer.
   */
  private double number() {
    int start = at;
    int p = at;
    boolean negative = p < length && body[p] == '-';
    if (negative) {
      p++;
    }
    int firstDigit = p;
    long w = 0;
    int digit = p < length ? body[p] - '0' : -1;
    while (digit >= 0 && digit <= 9) {
      w = 10 * w + digit;
      p++;
      digit = p < length ? body[p] - '0' : -1;
    }
    int digits = p - firstDigit;
    if (digits == 0 || (digits > 1 && body[firstDigit] == '0')) {
      return Double.NaN;
    }
    long q = 0;
    boolean whole = true;
    if (digit == '.' - '0') {
      whole = false;
      int fraction = ++p;
      while (length - p >= Long.BYTES) {
        long eight = Digits.at(body, p);
        int n = Digits.count(eight);
        w = w * Digits.power(n) + Digits.value(eight, n);
        p += n;
        if (n < Long.BYTES) {
          break;
        }
      }
      digit = p < length ? body[p] - '0' : -1;
      while (digit >= 0 && digit <= 9) {
        w = 10 * w + digit;
        p++;
        digit = p < length ? body[p] - '0' : -1;
      }
      if (p == fraction) {
        return Double.NaN;
      }
      q = (long) fraction - p;
      digits += p - fraction;
    }
    boolean wide = whole && digits > 18;
    if (wide || digits > limits.numberLength()) {
      return Double.NaN;
    }
    if (digit == 'e' - '0' || digit == 'E' - '0') {
      whole = false;
      p++;
      boolean down = p < length && body[p] == '-';
      if (down || (p < length && body[p] == '+')) {
        p++;
      }
      int firstOfExponent = p;
      long exponent = 0;
      digit = p < length ? body[p] - '0' : -1;
      while (digit >= 0 && digit <= 9) {
        exponent = Math.min(10 * exponent + digit, 1_000_000);
        p++;
        digit = p < length ? body[p] - '0' : -1;
      }
      if (p == firstOfExponent || digits + p - firstOfExponent > limits.numberLength()) {
        return Double.NaN;
      }
      q += down ? -exponent : exponent;
    }
    at = p;
    integral = whole;
    mantissa = negative ? -w : w;
    double value = digits <= 19 ? Decimal.of(negative, w, q) : Decimal.ofText(body, start, p);
    return Double.isInfinite(value) ? Double.NaN : value;
  }
}
