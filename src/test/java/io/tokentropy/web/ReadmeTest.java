package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * The README and the pages under {@code src} keep their word: each curl line gives the answer shown
 * below it.
 */
class ReadmeTest extends ServiceTest {
  /** A shell block that is one curl command, and the JSON block that follows it. */
  private static final Pattern EXAMPLE =
      Pattern.compile("```(?:sh|bash)\n(curl [^`]*?)```\\s*```json\n([^`]*?)```");

  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<>(List.of(Path.of("README.md")));
    for (String folder : List.of("src/docs", "src/examples")) {
      try (Stream<Path> docs = Files.walk(Path.of(folder))) {
        docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  @TestFactory
  List<DynamicTest> everyCurlGivesTheAnswerThatIsShown() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Path page : pages()) {
      Matcher example = EXAMPLE.matcher(Files.readString(page));
      while (example.find()) {
        String command = example.group(1);
        String answer = example.group(2);
        tests.add(
            dynamicTest(
                page + ": " + command.lines().findFirst().orElseThrow(),
                () -> assertSame(run(command), JSON.readTree(answer), "")));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private JsonNode run(String command) throws IOException, InterruptedException {
    String here = "localhost:" + uri("/").getPort();
    Process shell =
        new ProcessBuilder("bash", "-c", command.replace("localhost:8080", here))
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    return JSON.readTree(output.substring(Math.max(0, output.indexOf('{'))));
  }

  /** The same JSON, numbers to 1e-9: another vector width may differ in the last digits. */
  private static void assertSame(JsonNode found, JsonNode shown, String where) {
    if (shown.isObject()) {
      assertThat(found.propertyNames()).as(where).containsExactlyElementsOf(shown.propertyNames());
      shown
          .properties()
          .forEach(
              field ->
                  assertSame(
                      found.get(field.getKey()), field.getValue(), where + "/" + field.getKey()));
    } else if (shown.isArray()) {
      assertThat(found.size()).as(where).isEqualTo(shown.size());
      for (int i = 0; i < shown.size(); i++) {
        assertSame(found.get(i), shown.get(i), where + "/" + i);
      }
    } else if (shown.isNumber()) {
      assertThat(found.asDouble()).as(where).isCloseTo(shown.asDouble(), within(1e-9));
    } else if (!where.endsWith("request_id") && !where.endsWith("instance")) {
      assertThat(found).as(where).isEqualTo(shown);
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        Path target = page.toAbsolutePath().resolveSibling(link.group(1)).normalize();
        assertThat(Files.exists(target)).as(page + " links to " + link.group(1)).isTrue();
      }
    }
  }

  @Test
  void everySettingIsInTheTable() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    get("/v1/limits")
        .ok()
        .at("/limits")
        .forEach(limit -> assertThat(readme).contains(limit.get("setting").asString()));
  }
}
