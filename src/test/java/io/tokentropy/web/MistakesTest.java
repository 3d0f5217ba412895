package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.problem.ProblemKind;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * What people get wrong, and what the service says to it: {@code mistakes.txt}, to be read from top
 * to bottom. Lines that begin with a method are requests, the indented ones below are the answers.
 */
class MistakesTest extends ServiceTest {
  private static final Path TABLE = Path.of("src/test/resources/mistakes.txt");

  /** {@code POST /path (media/type) body}, the last two only where there are any. */
  private static final Pattern REQUEST =
      Pattern.compile("([A-Z]+) (\\S+)(?: \\(([^)]+)\\))?(?: (.*))?");

  @Test
  void everyMistakeIsAnsweredAsTheTableSays() throws IOException {
    List<String> lines = Files.readAllLines(TABLE);
    String now =
        lines.stream()
            .filter(line -> !line.startsWith("  "))
            .map(line -> REQUEST.matcher(line).matches() ? line + "\n" + answer(line) : line + "\n")
            .collect(Collectors.joining());
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/mistakes.txt"), now);
    assertThat(String.join("\n", lines) + "\n")
        .as("%s, of which target/mistakes.txt is the new version", TABLE)
        .isEqualTo(now);
    assertThat(lines.stream().filter(line -> REQUEST.matcher(line).matches()))
        .hasSizeGreaterThanOrEqualTo(60)
        .doesNotHaveDuplicates();
  }

  /** What the page of a problem shows: a request that fails with it, and one that does not. */
  @ParameterizedTest
  @EnumSource(ProblemKind.class)
  void theRequestsOnAPageFailAndWorkAsItSays(ProblemKind kind) {
    if (isBody(kind.wrong)) {
      ask(kind.wrong).problem(kind.status, kind.code());
    }
    if (isBody(kind.right)) {
      ask(kind.right).ok();
    }
    assertThat(kind.right.isEmpty()).isEqualTo(kind == ProblemKind.INTERNAL);
  }

  private static boolean isBody(String request) {
    return request.matches("POST \\S+ \\{.*|GET /v1/entrop\\w+\\?probs=[0-9.,]+|DELETE \\S+");
  }

  private String answer(String line) {
    return told(ask(line));
  }

  private Reply ask(String line) {
    Matcher parts = REQUEST.matcher(line);
    assertThat(parts.matches()).isTrue();
    String body = parts.group(4) == null ? "" : parts.group(4).replace("\\n", "\n");
    HttpRequest.Builder request =
        request(parts.group(2))
            .method(
                parts.group(1),
                HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
    if (!body.isEmpty()) {
      request.header("Content-Type", parts.group(3) == null ? "application/json" : parts.group(3));
    }
    return send(request);
  }

  /** Status, code and pointer, the message, and the hint, in lines of their own. */
  private static String told(Reply reply) {
    boolean lines = reply.header("Content-Type").startsWith("application/x-ndjson");
    JsonNode problem =
        lines
            ? JSON.readTree(reply.text().lines().findFirst().orElseThrow()).path("error")
            : reply.json();
    assertThat(problem.path("status").asInt()).as(reply.text()).isBetween(400, 499);
    JsonNode pointer = problem.at("/errors/0/pointer");
    JsonNode hint = problem.path("hint");
    return "  "
        + problem.path("status").asInt()
        + " "
        + problem.path("code").asString()
        + (pointer.isMissingNode() || pointer.asString().isEmpty()
            ? ""
            : " at " + pointer.asString())
        + "\n  "
        + problem.path("detail").asString()
        + "\n"
        + (hint.isMissingNode() ? "" : "  hint: " + hint.asString() + "\n");
  }
}
