package io.tokentropy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.fuzz.Allocation;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderTest {
  private static final Reader READER = new Reader(new JsonLimits(8, 40, 16));

  private static Fields read(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return READER.read(bytes, bytes.length);
  }

  @Test
  void everySpellingOfAMaskedScoreIsMinusInfinity() {
    double inf = Double.NEGATIVE_INFINITY;
    assertThat(read("{\"x\":[1,\"-Infinity\",-Infinity,\"-inf\",null]}").require("x").asScores())
        .containsExactly(1, inf, inf, inf, inf);
    assertThat(read("{\"x\":[null,\"-inf\"]}").require("x").asScores()).containsExactly(inf, inf);
    assertThat(read("{\"x\":[]}").require("x").asScores()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void numbersAreTheDoublesThatJavaReads(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        String text = Double.toString(number);
        assertThat(read("{\"x\":[" + text + "]}").require("x").asNumbers()).containsExactly(number);
        assertThat(read("{\"x\":" + text + "}").require("x").asNumber()).isEqualTo(number);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3",
    "3.0, 3",
    "-7, -7",
    "1e2, 100",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "0, 0"
  })
  void integersAreReadWhole(String text, long expected) {
    assertThat(read("{\"x\":" + text + "}").require("x").asLong()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5", "\"3\"", "true", "[3]", "1e30", "9223372036854775808"})
  void whatIsNoIntegerIsRefused(String text) {
    assertThatThrownBy(() -> read("{\"x\":" + text + "}").require("x").asLong())
        .isInstanceOf(InvalidInput.WrongType.class)
        .extracting(e -> ((InvalidInput) e).pointer())
        .isEqualTo("/x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":1,\"a\":1} | /a",
        "{\"a\":{\"b\":1,\"b\":1}} | /a/b",
        "{\"a\":[0,{\"c~/d\":1,\"c~/d\":1}]} | /a/1/c~0~1d",
      })
  void aKeyThatStandsTwiceIsRefusedWithItsPlace(String json, String pointer) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(InvalidInput.MalformedJson.class)
        .extracting(e -> ((InvalidInput) e).pointer())
        .isEqualTo(pointer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "nul",
        "{} {}",
        "{\"a\":\"\t\"}"
      })
  void whatIsNotJsonIsRefused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(InvalidInput.MalformedJson.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "+Infinity", "1e400", "-1e400"})
  void numbersThatADoubleCannotHoldAreRefused(String number) {
    assertThatThrownBy(() -> read("{\"a\":[0," + number + "]}"))
        .isInstanceOf(InvalidInput.NotFinite.class)
        .extracting(e -> ((InvalidInput) e).pointer())
        .isEqualTo("/a/1");
  }

  @Test
  void limitsHoldAtTheLimitAndBreakBeyondIt() {
    read("{\"a\":" + "[".repeat(7) + "]".repeat(7) + "}");
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(8) + "]".repeat(8) + "}"))
        .isInstanceOf(InvalidInput.LimitExceeded.class);
    read("{\"a\":" + "1".repeat(40) + "}");
    assertThatThrownBy(() -> read("{\"a\":" + "1".repeat(41) + "}"))
        .isInstanceOf(InvalidInput.LimitExceeded.class);
    read("{\"" + "a".repeat(16) + "\":1}");
    assertThatThrownBy(() -> read("{\"" + "a".repeat(17) + "\":1}"))
        .isInstanceOf(InvalidInput.LimitExceeded.class);
  }

  @Test
  void aMixedListKeepsItsElements() {
    List<Value> list = read("{\"a\":[1,null,{\"b\":2},\"-inf\"]}").require("a").asList();
    assertThat(list).hasSize(4);
    assertThat(list.get(0).asNumber()).isEqualTo(1);
    assertThat(list.get(1).isNull()).isTrue();
    assertThat(list.get(2).asFields().require("b").asNumber()).isEqualTo(2);
    assertThat(list.get(3).isMask()).isTrue();
  }

  @Test
  void whatWasNotAskedForIsUnknown() {
    Fields fields = read("{\"threshold\":1,\"windw\":5}");
    fields.number("threshold", 0);
    fields.integer("window", 5);
    assertThatThrownBy(fields::done)
        .isInstanceOf(InvalidInput.UnknownField.class)
        .hasMessageContaining("did you mean \"window\"?");
  }

  @Test
  void queryParametersAreReadAsWhateverTheyAre() {
    Fields fields =
        Fields.ofQuery(Map.of("probs", "0.5, 0.5", "k", "3", "flag", "true", "text", "a b"));
    assertThat(fields.require("probs").asNumbers()).containsExactly(0.5, 0.5);
    assertThat(fields.require("k").asInt()).isEqualTo(3);
    assertThat(fields.require("flag").asFlag()).isTrue();
    assertThat(fields.require("text").asText()).isEqualTo("a b");
    fields.done();
  }

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "logit, logits, 1", "abc, abc, 0", "'', abc, 3"})
  void distanceIsLevenshteins(String a, String b, int expected) {
    assertThat(DidYouMean.distance(a, b)).isEqualTo(expected);
  }

  /**
   * In a buffer that goes on, the library read UTF-16 beyond its end, and quoted what stood there.
   */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
  void otherEncodingsAreRefusedUnread(String charset) {
    String text = "{\"logits\":[[0,0]],\"model\":\"" + "m".repeat(5000) + "\"}";
    byte[] body = text.getBytes(Charset.forName(charset));
    byte[] pooled = Arrays.copyOf(body, body.length + 100);
    Arrays.fill(pooled, body.length, pooled.length, (byte) 'S');
    assertThatThrownBy(() -> READER.read(pooled, body.length))
        .isInstanceOf(InvalidInput.MalformedJson.class)
        .hasMessage("the body is not UTF-8, as JSON is");
  }

  @Test
  void charactersThatAreLongerThanTheyNeedBeAreRefused() {
    byte[] overlong = {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0x80, '"', '}'};
    assertThatThrownBy(() -> READER.read(overlong, overlong.length))
        .isInstanceOf(InvalidInput.MalformedJson.class);
  }

  /** The library puts a text together before it hands it over: the limit counts while it does. */
  @ParameterizedTest
  @ValueSource(strings = {"\\u0416", "\u0416", "a"})
  void aTextIsChargedBeforeItExists(String start) {
    String text = "{\"model\":\"" + start + "a".repeat(4_000_000) + "\",\"x\":\"\\u0041\"}";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    var reader = new Reader(new JsonLimits(8, 40, 16, 1_000_000));
    Allocation.within(
        2_500_000,
        () ->
            assertThatThrownBy(() -> reader.read(body, body.length))
                .isInstanceOf(InvalidInput.LimitExceeded.class)
                .hasMessageContaining("max_decoded_bytes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x1p-1", "1d", "1f", "NaN", "1_0", " 1", ""})
  void aQueryHoldsNumbersAsJsonWritesThem(String text) {
    assertThatThrownBy(() -> Fields.ofQuery(Map.of("x", text)).require("x").asNumber())
        .isInstanceOf(InvalidInput.WrongType.class);
    assertThat(Fields.ofQuery(Map.of("x", "-.5e1")).require("x").asNumber()).isEqualTo(-5);
  }

  @Test
  void zeroHasNoSignInAnswers() {
    Answer answer = new Answer().put("a", -0.0).put("b", new double[] {-0.0, 1});
    assertThat(new String(answer.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":0.0,\"b\":[0.0,1.0]}");
  }

  /** Ordinary JSON is read by one reader, the rest from its start by another. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\\n"})
  void whatIsDecodedIsHeldInTheAccount(String escape) {
    var ledger =
        new Ledger(
            Map.of(Book.BODIES, 0L, Book.VALUES, 200_000L, Book.ANSWERS, 0L, Book.COST, 0L),
            (book, limit) -> new IllegalArgumentException("full"));
    byte[] small =
        ("{\"a\":[" + "{},".repeat(50) + "\"" + escape + "\"]}").getBytes(StandardCharsets.UTF_8);
    byte[] large =
        ("{\"a\":[" + "{},".repeat(5000) + "\"" + escape + "\"]}").getBytes(StandardCharsets.UTF_8);
    var plenty = new Reader(new JsonLimits(64, 64, 64));
    try (Account account = ledger.open()) {
      plenty.readValue(small, small.length, account);
      assertThat(ledger.held(Book.VALUES)).isBetween(50L * Memory.OBJECT, 64_000L);
      account.giveBackAll(Book.VALUES);
      assertThatThrownBy(() -> plenty.readValue(large, large.length, account)).hasMessage("full");
    }
    assertThat(ledger.held(Book.VALUES)).isZero();
  }

  /** Few members are looked at one by one, many stand in a table; the answers are the same. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 15, 16, 17, 500})
  void membersAreFoundByNameHoweverManyThereAre(int count) {
    var json = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",").append("\"n").append(i * 7 % 501).append("\":").append(i);
    }
    Fields fields = read(json + "}");
    for (int i = 0; i < count; i++) {
      assertThat(fields.integer("n" + i * 7 % 501, -1)).isEqualTo(i);
      assertThat(fields.integer("n" + i * 7 % 501, -1)).as("asked again").isEqualTo(i);
    }
    assertThat(fields.has("absent")).isFalse();
    fields.done();
    if (count > 0) {
      assertThatThrownBy(() -> read(json + ",\"n0\":1}"))
          .isInstanceOf(InvalidInput.MalformedJson.class);
      assertThatThrownBy(read(json + "}")::done)
          .as("the first that nobody asked for")
          .isInstanceOfSatisfying(
              InvalidInput.UnknownField.class, e -> assertThat(e.pointer()).isEqualTo("/n0"));
    }
  }
}
