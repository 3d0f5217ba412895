package io.tokentropy.json;

import io.tokentropy.ledger.Account;
import io.tokentropy.refusal.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads a body into {@link Value}s: strict JSON, and the bare {@code -Infinity} that Python writes.
 */
public final class Reader {
  private final JsonLimits limits;
  private final JsonFactory json;

  public Reader(JsonLimits limits) {
    this.limits = limits;
    this.json =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(new Constraints(limits))
            .build();
  }

  /**
   * Reads one JSON object.
   *
   * @param body UTF-8, in [0, length)
   * @throws InvalidInput.MalformedJson if it is not JSON, has a key twice, or goes on after its end
   * @throws InvalidInput.NotFinite on NaN, +Infinity, or a number that overflows a double
   * @throws InvalidInput.WrongType if it is JSON but not an object
   * @throws InvalidInput.LimitExceeded if it is nested too deep, or a number or name is too long
   */
  public Fields read(byte[] body, int length) {
    return readValue(body, length).asFields();
  }

  /** The same for JSON that need not be an object. */
  public Value readValue(byte[] body, int length) {
    return read(body, length, memory());
  }

  /** The same with its values in an account, until that gives them back. */
  public Value readValue(byte[] body, int length, Account account) {
    return read(body, length, new Memory(limits.memory(), account));
  }

  private Value read(byte[] body, int length, Memory memory) {
    Value ordinary = Scanner.read(body, length, limits, memory);
    if (ordinary != null) {
      return ordinary;
    }
    memory.forget();
    return readAny(body, length, memory);
  }

  /** A body that is no JSON but text, UTF-8, as a value. */
  public Value readText(byte[] body, int length, Account account) {
    new Memory(limits.memory(), account).require(2L * length, "");
    return new Value.Text("", new String(body, 0, length, StandardCharsets.UTF_8));
  }

  /** What the values of one request, or of several bodies together, may take. */
  public Memory memory() {
    return new Memory(limits.memory());
  }

  /** One of several bodies that share a memory. */
  public Value readValue(byte[] body, int length, Memory memory) {
    Value ordinary = Scanner.read(body, length, limits, memory);
    return ordinary == null ? readAny(body, length, memory) : ordinary;
  }

  /** The same by the library. */
  Value readAny(byte[] body, int length) {
    return readAny(body, length, memory());
  }

  private Value readAny(byte[] body, int length, Memory memory) {
    requireUtf8(body, length);
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), body, 0, length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new InvalidInput.MalformedJson("", "the body is empty; expected a JSON object");
      }
      Value value = value(parser, first, "", memory);
      if (parser.nextToken() != null) {
        throw new InvalidInput.MalformedJson(
            "", "the body goes on after the end of its JSON value");
      }
      return value;
    } catch (JacksonException e) {
      throw NotJson.refusal(e, body, length);
    }
  }

  /**
   * The library would take UTF-16 and UTF-32 as well, and read beyond the end of the first in a
   * buffer that goes on; and it takes characters that are longer than they need be. JSON is UTF-8
   * (RFC 8259, 8.1), in which no text begins with a zero byte.
   */
  private static void requireUtf8(byte[] body, int length) {
    boolean zero = false;
    for (int i = 0; i < Math.min(4, length); i++) {
      zero |= body[i] == 0;
    }
    var decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(body, 0, length);
    CharBuffer part = CharBuffer.allocate(Math.min(8192, length + 1));
    CoderResult result;
    do {
      result = decoder.decode(bytes, part.clear(), true);
    } while (result.isOverflow());
    if (zero || result.isError()) {
      throw new InvalidInput.MalformedJson("", "the body is not UTF-8, as JSON is");
    }
  }

  private Value value(JsonParser parser, JsonToken token, String pointer, Memory memory) {
    memory.require(Memory.VALUE + pointer.length(), pointer);
    return switch (token) {
      case START_OBJECT -> object(parser, pointer, memory);
      case START_ARRAY -> list(parser, pointer, memory);
      case VALUE_STRING -> {
        String text = parser.getString();
        memory.require(2L * text.length(), pointer);
        yield new Value.Text(pointer, text);
      }
      case VALUE_NUMBER_INT -> {
        double number = number(parser, () -> pointer);
        yield Value.Num.of(pointer, number, exactLong(parser));
      }
      case VALUE_NUMBER_FLOAT -> Value.Num.of(pointer, number(parser, () -> pointer), null);
      case VALUE_TRUE -> new Value.Bool(pointer, true);
      case VALUE_FALSE -> new Value.Bool(pointer, false);
      case VALUE_NULL -> new Value.Null(pointer);
      default -> throw new InvalidInput.MalformedJson(pointer, "unexpected " + token);
    };
  }

  private static @Nullable Long exactLong(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default -> null;
    };
  }

  private interface Place {
    String pointer();
  }

  /** A finite number or −∞. */
  private static double number(JsonParser parser, Place place) {
    double number = parser.getDoubleValue();
    if (Double.isNaN(number)
        || number == Double.POSITIVE_INFINITY
        || (number == Double.NEGATIVE_INFINITY && !isMask(parser.getString()))) {
      throw new InvalidInput.NotFinite(
              place.pointer(),
              brief(parser.getString()),
              "a number that a double can hold, or -Infinity for a masked token")
          .withHint("A NaN logit usually means an overflow in half precision upstream.");
    }
    boolean negativeZero = number == 0 && parser.getString().startsWith("-");
    return negativeZero ? -0.0 : number;
  }

  private Value object(JsonParser parser, String pointer, Memory memory) {
    memory.require(Memory.OBJECT, pointer);
    var fields = new Members();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      memory.require(Memory.FIELD + 2L * name.length(), pointer);
      String place = pointer + "/" + escape(name);
      Value value = value(parser, parser.nextToken(), place, memory);
      if (!fields.add(name, value)) {
        throw new InvalidInput.MalformedJson(place, "the key \"" + name + "\" stands here twice");
      }
    }
    return new Value.Obj(pointer, fields);
  }

  /**
   * Numbers are kept in an array for as long as nothing else turns up, a null or a masked score
   * aside.
   */
  private Value list(JsonParser parser, String pointer, Memory memory) {
    double[] numbers = new double[16];
    boolean anyNumber = false;
    int n = 0;
    @Nullable List<Value> items = null;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (items == null && (token.isNumeric() || isGap(parser, token))) {
        int index = n;
        double number =
            token.isNumeric()
                ? number(parser, () -> pointer + "/" + index)
                : token == JsonToken.VALUE_NULL ? Double.NaN : Double.NEGATIVE_INFINITY;
        anyNumber |= token.isNumeric();
        if (n == numbers.length) {
          memory.require(2L * n * Double.BYTES, pointer);
          numbers = Arrays.copyOf(numbers, 2 * n);
        }
        numbers[n++] = number;
        continue;
      }
      if (items == null) {
        memory.require((long) n * (Memory.VALUE + pointer.length()), pointer);
        items = new ArrayList<>(new Value.Numbers(pointer, Arrays.copyOf(numbers, n)).asElements());
      }
      items.add(value(parser, token, pointer + "/" + items.size(), memory));
    }
    if (items != null) {
      return new Value.Items(pointer, items);
    }
    var list = new Value.Numbers(pointer, Arrays.copyOf(numbers, n));
    return anyNumber ? list : new Value.Items(pointer, list.asElements());
  }

  private static boolean isGap(JsonParser parser, JsonToken token) {
    return token == JsonToken.VALUE_NULL
        || (token == JsonToken.VALUE_STRING && isMask(parser.getString()));
  }

  /** The spellings of −∞ as a string. */
  static boolean isMask(String text) {
    return text.equals("-Infinity") || text.equals("-inf");
  }

  static double requireFinite(double number, String pointer) {
    if (!Double.isFinite(number)) {
      throw new InvalidInput.NotFinite(pointer, Double.toString(number), "a finite number");
    }
    return number;
  }

  /** A field name as part of a JSON Pointer. */
  static String escape(String name) {
    boolean plain = name.indexOf('~') < 0 && name.indexOf('/') < 0;
    return plain ? name : name.replace("~", "~0").replace("/", "~1");
  }

  private static String brief(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
