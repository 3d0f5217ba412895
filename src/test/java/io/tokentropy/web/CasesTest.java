package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Inputs made after public reports of people who do this job: each file has the call, what a right
 * answer holds, and where it comes from. Where the contract has moved on, {@code since} says how.
 */
class CasesTest extends ServiceTest {
  private static final Path FOLDER = Path.of("src/test/resources/cases");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }
  }

  @Test
  void thereAreManyCases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files).hasSizeGreaterThanOrEqualTo(28);
    }
  }

  private void check(Path file) {
    JsonNode each = read(file);
    Reply reply = send(call(each.get("request")));
    for (Map.Entry<String, JsonNode> wanted : each.get("expect").properties()) {
      boolean ofProblem = wanted.getKey().equals("hint");
      if (!ofProblem || reply.status() != 200) {
        check(wanted.getKey(), wanted.getValue(), reply);
      }
    }
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder call(JsonNode request) {
    HttpRequest.Builder call = request(request.get("path").asString());
    request
        .get("headers")
        .properties()
        .forEach(header -> call.header(header.getKey(), header.getValue().asString()));
    JsonNode body = request.get("body");
    byte[] bytes =
        body.has("base64")
            ? Base64.getDecoder().decode(body.get("base64").asString())
            : (body.isString() ? body.asString() : body.toString())
                .getBytes(StandardCharsets.UTF_8);
    return call.method(request.get("method").asString(), BodyPublishers.ofByteArray(bytes));
  }

  private static void check(String path, JsonNode wanted, Reply reply) {
    switch (path) {
      case "status" -> {
        int status = reply.status();
        boolean one = wanted.isInt() && wanted.intValue() == status;
        boolean any = wanted.valueStream().anyMatch(each -> each.intValue() == status);
        assertThat(one || any).as(reply.text()).isTrue();
      }
      case "warning" -> assertThat(codes(reply)).as(reply.text()).contains(wanted.asString());
      case "warning_other_than" ->
          assertThat(codes(reply).filter(code -> !wanted.toString().contains(code)))
              .as(reply.text())
              .isNotEmpty();
      default -> check(reply.at("/" + path.replace('.', '/')), wanted, reply.text());
    }
  }

  private static Stream<String> codes(Reply reply) {
    return reply.at("/warnings").valueStream().map(warning -> warning.get("code").asString());
  }

  private static void check(JsonNode found, JsonNode wanted, String text) {
    if (!wanted.isObject()) {
      assertThat(found).as(text).isEqualTo(wanted);
      return;
    }
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      JsonNode limit = each.getValue();
      switch (each.getKey()) {
        case "near" -> {
          double error = limit.doubleValue() * wanted.get("rel").doubleValue();
          assertThat(found.isNumber()).as(text).isTrue();
          assertThat(Math.abs(found.doubleValue() - limit.doubleValue()))
              .as(text)
              .isLessThanOrEqualTo(Math.abs(error));
        }
        case "rel" -> assertThat(wanted.has("near")).isTrue();
        case "min" ->
            assertThat(found.doubleValue()).as(text).isGreaterThanOrEqualTo(limit.doubleValue());
        case "max" -> {
          assertThat(found.isNumber()).as(text).isTrue();
          assertThat(found.doubleValue()).isLessThanOrEqualTo(limit.doubleValue());
        }
        case "contains" -> assertThat(found.asString("")).as(text).contains(limit.asString());
        case "equals" -> assertThat(found).as(text).isEqualTo(limit);
        default -> throw new AssertionError("the case asks for " + each.getKey());
      }
    }
  }
}
