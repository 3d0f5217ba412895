package io.tokentropy.dialect;

import static io.tokentropy.dialect.Samples.READER;
import static io.tokentropy.dialect.Samples.VOCAB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A response that comes event by event, and in pieces, is the response that comes at once. */
class EventReaderTest {
  private static final List<Samples.Sample> SAMPLES = Samples.all().toList();

  private static final Sent EXACT = new Sent(OptionalInt.of(VOCAB), OptionalDouble.of(0));

  private static String whole(Value response, @Nullable Dialect wanted) {
    return Samples.outcome(
        () -> ResponseReader.read(response, READER, wanted, EXACT, Integer.MAX_VALUE));
  }

  private static EventReader reader(@Nullable Dialect wanted) {
    return new EventReader(wanted, EXACT, "/openai");
  }

  static Stream<Samples.Sample> samples() {
    return SAMPLES.stream();
  }

  /** After each event, what there is so far is what the events so far are as a whole. */
  @ParameterizedTest
  @MethodSource("samples")
  void eachEventBringsItsTokens(Samples.Sample sample) {
    for (String text : sample.texts()) {
      Framing.Kind kind = Framing.Kind.of(text);
      var framing = new Framing(kind, "/openai", READER, READER::memory);
      EventReader reader = reader(sample.wanted());
      var brought = new ArrayList<Token>();
      var soFar = new StringBuilder();
      for (String line : (Iterable<String>) text.lines()::iterator) {
        framing.line(line).forEach(event -> brought.addAll(reader.accept(event)));
        soFar.append(line).append('\n');
        boolean known = kind == Framing.Kind.SSE && Framing.Kind.of(soFar.toString()) == kind;
        if (known && line.isEmpty()) {
          assertThat(Samples.outcome(reader::finish))
              .isEqualTo(whole(new Value.Text("/openai", soFar.toString()), sample.wanted()));
        }
      }
      framing.end().forEach(event -> brought.addAll(reader.accept(event)));
      assertThat(Samples.outcome(reader::finish))
          .isEqualTo(whole(new Value.Text("/openai", text), sample.wanted()));
      assertThat(brought).isEqualTo(reader.tokens());
      assertThat(reader.finish().notes()).containsAll(reader.notes());
    }
  }

  /** Chunks as JSON, one after the other, are the list of them. */
  @ParameterizedTest
  @MethodSource("samples")
  void chunksAreTheListOfThem(Samples.Sample sample) {
    Value response = Samples.value(sample.response().toString());
    List<Value> chunks =
        switch (response) {
          case Value.Items(String at, List<Value> items) -> items;
          case Value.Text text -> List.of();
          default -> List.of(response);
        };
    EventReader reader = reader(sample.wanted());
    for (int i = 0; i < chunks.size(); i++) {
      reader.accept(new Event(chunks.get(i)));
      assertThat(Samples.outcome(reader::finish))
          .isEqualTo(whole(new Value.Items("/openai", chunks.subList(0, i + 1)), sample.wanted()));
    }
  }

  /** Reads a text whose bytes come in pieces of these lengths. */
  private static String inPieces(String text, @Nullable Dialect wanted, IntSupplier lengths) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var lines = new Lines();
    var framing = new Framing(Framing.Kind.of(text), "/openai", READER, READER::memory);
    EventReader reader = reader(wanted);
    return Samples.outcome(
        () -> {
          int start = 0;
          while (start < bytes.length) {
            int length = Math.min(lengths.getAsInt(), bytes.length - start);
            byte[] piece = Arrays.copyOfRange(bytes, start, start + length);
            lines.accept(piece, length).forEach(line -> read(framing.line(line), reader));
            start += length;
          }
          lines.end().forEach(line -> read(framing.line(line), reader));
          read(framing.end(), reader);
          return reader.finish();
        });
  }

  private static void read(List<Event> events, EventReader reader) {
    events.forEach(reader::accept);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aTextMayComeByteByByte(Samples.Sample sample) {
    for (String text : sample.texts()) {
      assertThat(inPieces(text, sample.wanted(), () -> 1))
          .isEqualTo(whole(new Value.Text("/openai", text), sample.wanted()));
    }
  }

  static Stream<Samples.Sample> recordedTexts() {
    return samples().filter(sample -> sample.response().isString());
  }

  @ParameterizedTest
  @MethodSource("recordedTexts")
  void aTextMayBeCutAtEveryByte(Samples.Sample sample) {
    String text = sample.response().asString();
    String whole = whole(new Value.Text("/openai", text), sample.wanted());
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    for (int cut = 1; cut < length; cut++) {
      var lengths = List.of(cut, length).iterator();
      assertThat(inPieces(text, sample.wanted(), lengths::next)).as("at %d", cut).isEqualTo(whole);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 1000);
  }

  /** Broken, too: the same refusal, wherever the bytes are cut. */
  @ParameterizedTest
  @MethodSource("seeds")
  void brokenTextsAreRefusedAlike(long seed) {
    var random = new SplittableRandom(seed);
    Samples.Sample sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
    List<String> texts = sample.texts();
    String text = texts.get(random.nextInt(texts.size()));
    for (int i = random.nextInt(3); i >= 0; i--) {
      text = broken(text, random);
    }
    Dialect[] dialects = Dialect.values();
    Dialect wanted = random.nextInt(3) > 0 ? null : dialects[random.nextInt(dialects.length)];
    assertThat(inPieces(text, wanted, () -> 1 + random.nextInt(40)))
        .isEqualTo(whole(new Value.Text("/openai", text), wanted));
  }

  private static String broken(String text, SplittableRandom random) {
    String[] parts = {"\n", "\r", "\r\n", "data: ", "{", "}", "[", "]", "\"", "7", "é", "[DONE]"};
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(30));
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, from);
      case 1 -> text.substring(0, from) + text.substring(to);
      case 2 -> text.replace("\n", random.nextBoolean() ? "\r" : "\r\n");
      case 3 -> text.replace("\"logprob\"", random.nextBoolean() ? "\"x\"" : "\"prob\"");
      default ->
          text.substring(0, from) + parts[random.nextInt(parts.length)] + text.substring(from);
    };
  }

  @Test
  void tokensBeforeTheFaultOfAnEventCount() {
    String chunk =
        "{\"done\":false,\"logprobs\":[{\"token\":\"a\",\"logprob\":-1},{\"token\":\"b\"}]}";
    EventReader reader = reader(null);
    assertThatThrownBy(() -> reader.accept(new Event(Samples.value(chunk))))
        .isInstanceOf(InvalidInput.MissingInput.class);
    assertThat(reader.tokens()).extracting(Token::text).containsExactly("a");
  }

  @Test
  void nothingIsAnEmptyResponse() {
    assertThatThrownBy(reader(null)::finish)
        .isInstanceOf(InvalidInput.MissingInput.class)
        .hasMessageContaining("the response is empty");
  }
}
