package io.tokentropy.dialect;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The recorded responses, and what was made of one as text, to be compared. */
final class Samples {
  static final Reader READER = new Reader(new JsonLimits(32, 64, 64, 1 << 24));
  static final int VOCAB = 128_256;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path FOLDER = Path.of("src/test/resources/dialects");

  private Samples() {}

  /**
   * A recorded response.
   *
   * @param fixture the response, and what is to be read of it
   */
  record Sample(String name, JsonNode fixture) {
    JsonNode response() {
      return fixture.get("response");
    }

    /** The dialect that is asked for; null if it is to be recognised. */
    @Nullable Dialect wanted() {
      return fixture.has("dialect") ? dialect(fixture.get("dialect").asString()) : null;
    }

    /** The response as texts: the one that was recorded, or those that its chunks would make. */
    List<String> texts() {
      if (response().isString()) {
        return List.of(response().asString());
      }
      List<JsonNode> chunks =
          response().isArray() ? response().valueStream().toList() : List.of(response());
      return List.of(
          chunks.stream().map(chunk -> "data: " + chunk + "\n\n").collect(Collectors.joining()),
          chunks.stream().map(chunk -> chunk + "\n").collect(Collectors.joining()),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(response()));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Sample> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().map(Samples::read).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Sample read(Path file) {
    try {
      return new Sample(file.getFileName().toString(), JSON.readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Dialect dialect(String wire) {
    return Arrays.stream(Dialect.values())
        .filter(dialect -> dialect.wire().equals(wire))
        .findFirst()
        .orElseThrow();
  }

  /** JSON as it stands in a request. */
  static Value value(String json) {
    byte[] bytes = ("{\"openai\":" + json + "}").getBytes(StandardCharsets.UTF_8);
    return READER.read(bytes, bytes.length).require("openai");
  }

  /** All that was read, or all that the refusal says. */
  static String outcome(Supplier<Reading> reading) {
    try {
      Reading read = reading.get();
      return read.dialect() + "\n" + describe(read.tokens()) + "\n" + read.notes();
    } catch (InvalidInput e) {
      return e.getClass().getSimpleName() + " at " + e.pointer() + ", " + e.detail() + e.hint();
    }
  }

  static String describe(List<Token> tokens) {
    var lines = new ArrayList<String>();
    for (Token token : tokens) {
      PartialDistribution row = token.row();
      lines.add(
          token.choice()
              + " "
              + token.text()
              + " "
              + token.id()
              + " "
              + token.lnProb()
              + (row == null
                  ? ""
                  : " " + row.best() + " " + row.sampled() + " " + row.entropy() + row.repairs()));
    }
    return String.join("\n", lines);
  }
}
