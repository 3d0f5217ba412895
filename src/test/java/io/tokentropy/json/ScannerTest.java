package io.tokentropy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.refusal.InvalidInput;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner reads what the library reads, bit for bit, or leaves it to the library. */
class ScannerTest {
  private static final JsonLimits LIMITS = new JsonLimits(16, 512, 64);
  private static final Reader LIBRARY = new Reader(LIMITS);

  private static void assertSameBits(String number) {
    byte[] body = ("[" + number + "]").getBytes(StandardCharsets.US_ASCII);
    Value value = Scanner.read(body, body.length, LIMITS);
    double expected = Double.parseDouble(number);
    if (value == null) {
      assertThat(Double.isInfinite(expected) || number.matches("-?\\d{19,}")).as(number).isTrue();
      return;
    }
    double found = value.asScores()[0];
    if (Double.doubleToRawLongBits(found) != Double.doubleToRawLongBits(expected)) {
      throw new AssertionError(number + " was read as " + found + ", expected " + expected);
    }
  }

  /** Digits are read eight at a time: any number of them, before any character, at the very end. */
  @Test
  void fractionsOfAnyLengthAreReadWhole() {
    var random = new SplittableRandom(5);
    for (int digits = 1; digits <= 30; digits++) {
      for (int i = 0; i < 500; i++) {
        var number = new StringBuilder(random.nextBoolean() ? "-" : "");
        number.append(random.nextInt(3) == 0 ? 0 : random.nextInt(2000)).append('.');
        for (int d = 0; d < digits; d++) {
          number.append(random.nextInt(10));
        }
        String exponent = random.nextInt(4) == 0 ? "e" + (random.nextInt(40) - 20) : "";
        assertSameBits(number + exponent);
        assertSameBits(number + exponent + " ");
      }
    }
    for (String wrong : List.of("1.", "1.x", "1.e5", "1.12345678x", "1.1234567/", "1.:2345678")) {
      byte[] body = ("[" + wrong + "]").getBytes(StandardCharsets.US_ASCII);
      assertThat(Scanner.read(body, body.length, LIMITS)).as(wrong).isNull();
    }
  }

  /** 12 seeds of 900,000: over ten million numbers in all. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aMillionNumbersHaveTheBitsThatJavaGivesThem(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(any)) {
        assertDecimal(Double.toString(any));
      }
      assertDecimal(Float.toString((float) (random.nextDouble() * 40 - 20)));
      assertDecimal(digits(random));
    }
  }

  /** Straight to {@link Decimal}, as a body for each of ten million numbers would take minutes. */
  private static void assertDecimal(String number) {
    boolean negative = number.charAt(0) == '-';
    int e = Math.max(number.indexOf('E'), number.indexOf('e'));
    String plain = number.substring(negative ? 1 : 0, e < 0 ? number.length() : e);
    int point = plain.indexOf('.');
    String whole = plain.replace(".", "");
    long q =
        (e < 0 ? 0 : Long.parseLong(number.substring(e + 1)))
            - (point < 0 ? 0 : plain.length() - point - 1);
    if (whole.length() > 19) {
      return;
    }
    double found = Decimal.of(negative, Long.parseUnsignedLong(whole), q);
    double expected = Double.parseDouble(number);
    if (Double.doubleToRawLongBits(found) != Double.doubleToRawLongBits(expected)) {
      throw new AssertionError(number + " was read as " + found + ", expected " + expected);
    }
  }

  private static String digits(SplittableRandom random) {
    int n = random.nextInt(1, 20);
    var text = new StringBuilder(random.nextBoolean() ? "-" : "");
    text.append(random.nextInt(1, 10));
    for (int i = 1; i < n; i++) {
      text.append(random.nextInt(10));
    }
    return text.append('e').append(random.nextInt(-360, 330)).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0e-400",
        "0e999999999",
        "1",
        "-1",
        "0.1",
        "123456789012345678",
        "9007199254740992",
        "9007199254740993",
        "9007199254740995",
        "9007199254740993.0",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e308",
        "1e309",
        "-1e400",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1e-400",
        "1e22",
        "1e23",
        "1e-22",
        "8.41e21",
        "9.5e-5",
        "3.4028234663852886e38",
        "1e0000000000000000010",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "6.9294956446009195e15",
        "0.000000000000000000000000000000000001e36",
        "1448997445238699",
        "7.2057594037927933e16",
        "7.205759403792793200001e16"
      })
  void edgesHaveTheBitsThatJavaGivesThem(String number) {
    assertSameBits(number);
  }

  @Test
  void tiesGoToEven() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      double low = Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL);
      BigDecimal tie =
          new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.TWO);
      String text = tie.toString();
      if (text.length() <= 400) {
        assertSameBits(text);
      }
    }
  }

  @Test
  void fourHundredDigitsAreRead() {
    var random = new SplittableRandom(6);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder("0.");
      for (int d = 0; d < 400; d++) {
        text.append(random.nextInt(10));
      }
      assertSameBits(text.toString());
      assertSameBits("1" + text.substring(2));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomDocumentsAreReadAsTheLibraryReadsThem(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] body = document(random, 0).getBytes(StandardCharsets.UTF_8);
      Value ordinary = Scanner.read(body, body.length, LIMITS);
      if (ordinary != null) {
        assertThat(show(ordinary)).isEqualTo(show(LIBRARY.readAny(body, body.length)));
      }
    }
  }

  /** What one of them refuses, the other must not read: damaged documents. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void whatTheScannerReadsTheLibraryReadsToo(long seed) {
    var random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] body = document(random, 0).getBytes(StandardCharsets.UTF_8);
      String alphabet = "{}[]\":,.0123456789eE+-ntf \\";
      body[random.nextInt(body.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      Value ordinary = Scanner.read(body, body.length, LIMITS);
      if (ordinary != null) {
        read++;
        assertThat(show(ordinary)).isEqualTo(show(LIBRARY.readAny(body, body.length)));
      }
    }
    assertThat(read).isPositive();
  }

  private static String document(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 4 ? 6 : 9)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 ->
          "\""
              + List.of("", "abc", "-inf", "-Infinity", "a b", "é", "\\n").get(random.nextInt(7))
              + "\"";
      case 3, 4 -> Integer.toString(random.nextInt(-50, 50));
      case 5 -> Double.toString(random.nextDouble() * 20 - 10);
      case 6 -> numbers(random);
      case 7 -> {
        var list = new StringBuilder("[");
        int n = random.nextInt(4);
        for (int i = 0; i < n; i++) {
          list.append(i == 0 ? "" : " , ").append(document(random, depth + 1));
        }
        yield list.append("]").toString();
      }
      default -> {
        var object = new StringBuilder("{");
        int n = random.nextInt(4);
        for (int i = 0; i < n; i++) {
          object
              .append(i == 0 ? "" : ",")
              .append("\"k")
              .append(i)
              .append("\": ")
              .append(document(random, depth + 1));
        }
        yield object.append("}").toString();
      }
    };
  }

  private static String numbers(SplittableRandom random) {
    var list = new StringBuilder("[");
    int n = random.nextInt(1, 40);
    for (int i = 0; i < n; i++) {
      list.append(i == 0 ? "" : ",");
      list.append(
          switch (random.nextInt(12)) {
            case 0 -> "null";
            case 1 -> "\"-inf\"";
            case 2 -> "\"-Infinity\"";
            case 3 -> "1e-3";
            default -> Double.toString(random.nextDouble());
          });
    }
    return list.append("]").toString();
  }

  private static String show(Value value) {
    return switch (value) {
      case Value.Obj(String at, Map<String, Value> fields) -> {
        var text = new StringBuilder(at + "{");
        fields.forEach(
            (name, field) -> text.append(name).append('=').append(show(field)).append(';'));
        yield text.append('}').toString();
      }
      case Value.Items(String at, List<Value> items) ->
          at + "[" + items.stream().map(ScannerTest::show).toList() + "]";
      case Value.Numbers numbers -> numbers.pointer() + numbers.asElements();
      default -> value.toString();
    };
  }

  @Test
  void whatIsUnusualIsLeftToTheLibrary() {
    for (String body :
        List.of(
            "{\"a\":\"\\u0041\"}",
            "{\"é\":1}",
            "{\"a\":1,\"a\":2}",
            "[NaN]",
            "[-Infinity]",
            "[01]",
            "[1.]",
            "[.5]",
            "[1e]",
            "[1,]",
            "[1 2]",
            "{\"a\" 1}",
            "[1]]",
            "",
            "[",
            "nulL",
            "[+1]",
            "[1e400]",
            "{\"a\":1,}")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      assertThat(Scanner.read(bytes, bytes.length, LIMITS)).as(body).isNull();
    }
  }

  @Test
  void aByteBeyondTheLengthIsNotRead() {
    byte[] bytes = "[12]3]".getBytes(StandardCharsets.US_ASCII);
    assertThat(Scanner.read(bytes, 4, LIMITS)).isNotNull();
    assertThat(Scanner.read(bytes, 3, LIMITS)).isNull();
    for (int length = 0; length < 4; length++) {
      assertThat(Scanner.read(bytes, length, LIMITS)).isNull();
    }
  }

  @Test
  void aKeyTwiceIsStillRefusedByName() {
    byte[] bytes = "{\"a\":1,\"a\":2}".getBytes(StandardCharsets.US_ASCII);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> LIBRARY.read(bytes, bytes.length))
        .isInstanceOf(InvalidInput.MalformedJson.class);
  }
}
