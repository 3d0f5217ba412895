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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/**
 * The README, the pages under {@code src} and the cheat sheet keep their word: every command runs
 * as it stands, and gives the answer that is shown below it.
 */
class ReadmeTest extends ServiceTest {
  /** A shell block, and the JSON block that may follow it. */
  private static final Pattern COMMANDS =
      Pattern.compile("(?s)```(?:sh|bash)\n(.*?)```(?:\\s*```json\n(.*?)```)?");

  /** Maven's commands are not run here: {@code src/ci/newcomer} starts the service by README's. */
  private static final Pattern MAVEN =
      Pattern.compile("(?m)^(?:[A-Z_]+=\\S+ )*mvn (?:.*\\\\\n)*.*\n");

  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

  @TempDir private static Path folder;

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<>(List.of(Path.of("README.md")));
    for (String folder : List.of("src/docs", "src/examples")) {
      try (Stream<Path> docs = Files.walk(Path.of(folder))) {
        docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  /** In an empty folder; those of the examples in that of the sources, where their files are. */
  @TestFactory
  List<DynamicTest> everyCommandGivesTheAnswerThatIsShown() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Path page : pages()) {
      Path in = page.startsWith("src/examples") ? Path.of("") : null;
      Matcher block = COMMANDS.matcher(Files.readString(page));
      while (block.find()) {
        String commands = MAVEN.matcher(block.group(1)).replaceAll("");
        String answer = block.group(2);
        if (!commands.isBlank()) {
          tests.add(
              dynamicTest(
                  page + ": " + commands.lines().findFirst().orElseThrow(),
                  () -> {
                    String output = run(commands, in == null ? empty() : in);
                    if (answer != null) {
                      assertSame(JSON.readTree(output), JSON.readTree(answer), "");
                    }
                  }));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(8);
    return tests;
  }

  private static Path empty() throws IOException {
    return Files.createTempDirectory(folder, "empty");
  }

  /** Runs commands by the shell; a refusal of the service ends them. */
  private String run(String commands, Path in) throws IOException, InterruptedException {
    Files.writeString(folder.resolve(".curlrc"), "fail-with-body\nsilent\nshow-error\n");
    String here = "localhost:" + uri("/").getPort();
    var shell =
        new ProcessBuilder("bash", "-e", "-c", commands.replace("localhost:8080", here))
            .directory(in.toAbsolutePath().toFile())
            .redirectErrorStream(true);
    shell.environment().put("CURL_HOME", folder.toString());
    Process process = shell.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** A line of the cheat sheet that names a call, and is none. */
  private static boolean isCommand(String line) {
    return line.matches("curl .*|  .*") && !line.matches("  (GET|POST) .*");
  }

  @Test
  void theCommandsOfTheCheatSheetRunAsTheyStand() throws IOException, InterruptedException {
    String sheet = get("/").text();
    String commands = sheet.lines().filter(ReadmeTest::isCommand).collect(Collectors.joining("\n"));
    assertThat(commands.lines().filter(line -> line.contains("curl "))).hasSize(5);
    assertThat(run(commands, empty())).contains("\"object\":\"batch.end\"");
  }

  @Test
  void theCheatSheetNamesEveryCallAndItsLinksLeadSomewhere() {
    String sheet = get("/").text();
    get("/openapi.json")
        .at("/paths")
        .propertyNames()
        .forEach(path -> assertThat(sheet).contains(path.replaceAll("\\{.*", "")));
    String page = send(request("/").header("Accept", "text/html")).text();
    List<String> links =
        Pattern.compile("<a href=\"([^\"]+)\"")
            .matcher(page)
            .results()
            .map(link -> HtmlUtils.htmlUnescape(link.group(1)))
            .map(link -> link.startsWith("/") ? link : "/" + link)
            .toList();
    assertThat(links)
        .hasSizeGreaterThan(10)
        .contains("/v1/truncation?probs=0.5,0.25,0.25&top_h=0.4");
    links.forEach(link -> assertThat(get(link).status()).as(link).isIn(200, 302));
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
    String table = Files.readString(Path.of("src/docs/configuration.md"));
    get("/v1/limits")
        .ok()
        .at("/limits")
        .forEach(limit -> assertThat(table).contains(limit.get("setting").asString()));
  }
}
