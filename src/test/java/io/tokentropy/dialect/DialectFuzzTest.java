package io.tokentropy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tokentropy.distribution.Interval;
import io.tokentropy.fuzz.Allocation;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any bytes as what a server answered: tokens with proper bounds, or a refusal. */
@Tag("fuzz")
class DialectFuzzTest {
  private static final Reader READER = new Reader(new JsonLimits(32, 64, 64, 1 << 20));

  /** A line that is out of the ordinary takes a parser of its own, with its buffers. */
  private static final long PARSER = 32;

  /** The responses of the samples. */
  static Stream<byte[]> responses() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/dialects"))) {
      return files.sorted().map(DialectFuzzTest::response).toList().stream();
    }
  }

  private static byte[] response(Path file) {
    try {
      JsonNode response = JsonMapper.shared().readTree(Files.readAllBytes(file)).get("response");
      String text = response.isString() ? response.asString() : response.toString();
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(byte[] body, @Nullable Dialect dialect) {
    read(body, dialect, false);
  }

  private static void read(byte[] body, @Nullable Dialect dialect, boolean skipBad) {
    within(
        body.length,
        () -> READER.readValue(body, body.length),
        dialect,
        new Sent(OptionalInt.of(1000), OptionalDouble.empty(), skipBad));
  }

  private interface Source {
    Value get();
  }

  private static void within(long size, Source response, @Nullable Dialect dialect, Sent sent) {
    Allocation.withinUnderHooks(
        size,
        () -> {
          try {
            Reading reading = ResponseReader.read(response.get(), READER, dialect, sent, 4096);
            check(reading);
            check(reading.answer());
          } catch (InvalidInput e) {
            assertThat(e.detail()).isNotBlank();
          }
        });
  }

  private static void check(Reading reading) {
    for (Token token : reading.tokens()) {
      token.lnProb().ifPresent(lnProb -> assertThat(lnProb).isBetween(-Double.MAX_VALUE, 0.0));
      if (token.row() != null) {
        Interval entropy = token.row().entropy();
        assertThat(entropy.low()).isBetween(0.0, entropy.high());
      }
    }
    for (Reading.Note note : reading.notes()) {
      assertThat(note.token()).isBetween(-1, reading.tokens().size());
    }
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void detected(byte[] body) {
    read(body, null);
  }

  /** The text of a stream, as SSE or as lines. */
  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void stream(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    long lines = text.lines().count();
    within(
        body.length + PARSER * lines,
        () -> new Value.Text("/openai", text),
        null,
        Sent.of(OptionalInt.empty()));
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void openaiChat(byte[] body) {
    read(body, Dialect.OPENAI_CHAT);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void openaiCompletion(byte[] body) {
    read(body, Dialect.OPENAI_COMPLETION);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void openaiResponses(byte[] body) {
    read(body, Dialect.OPENAI_RESPONSES);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void vllm(byte[] body) {
    read(body, Dialect.VLLM);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void sglang(byte[] body) {
    read(body, Dialect.SGLANG);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void tgi(byte[] body) {
    read(body, Dialect.TGI);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void llamacpp(byte[] body) {
    read(body, Dialect.LLAMACPP);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void ollama(byte[] body) {
    read(body, Dialect.OLLAMA);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void gemini(byte[] body) {
    read(body, Dialect.GEMINI);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void cohere(byte[] body) {
    read(body, Dialect.COHERE);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void watsonx(byte[] body) {
    read(body, Dialect.WATSONX);
  }

  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void bedrock(byte[] body) {
    read(body, Dialect.BEDROCK);
  }

  /** The tokens that can be read, of any server. */
  @MethodSource("responses")
  @FuzzTest(maxDuration = "5m")
  void skipping(byte[] body) {
    read(body, null, true);
  }
}
