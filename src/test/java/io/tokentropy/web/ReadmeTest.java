package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.tokentropy.Markdown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
  /** Maven's commands are not run here: {@code src/ci/newcomer} starts the service by README's. */
  private static final Pattern MAVEN =
      Pattern.compile("(?m)^(?:[A-Z_]+=\\S+ )*mvn (?:.*\\\\\n)*.*\n");

  /** What curl ends with when the service refuses. */
  private static final int REFUSED = 22;

  @TempDir private static Path folder;

  /** In an empty folder; those of the examples in that of the sources, where their files are. */
  @TestFactory
  List<DynamicTest> everyBlockGivesTheAnswerThatIsShown() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Markdown page : Markdown.pages()) {
      List<Markdown.Block> blocks = page.blocks();
      for (int i = 0; i < blocks.size(); i++) {
        Markdown.Block block = blocks.get(i);
        if (!Set.of("sh", "python").contains(block.language()) || !block.notRun().isEmpty()) {
          continue;
        }
        Markdown.Block next = i + 1 < blocks.size() ? blocks.get(i + 1) : null;
        Markdown.Block shown = next != null && next.follows() ? next : null;
        tests.add(
            dynamicTest(
                page.file() + ": " + block.text().lines().findFirst().orElseThrow(),
                () -> check(block, shown, page.file().startsWith("src/examples"))));
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests;
  }

  private void check(Markdown.Block block, Markdown.@Nullable Block shown, boolean example)
      throws IOException, InterruptedException {
    String commands = block.text();
    if (block.language().equals("sh")) {
      commands = MAVEN.matcher(commands).replaceAll("");
      assertThat(commands).as("a block of nothing but Maven is to be marked").isNotBlank();
    }
    List<String> shell =
        block.language().equals("sh") ? List.of("bash", "-e", "-c") : List.of("python3", "-c");
    Path in = example ? Path.of("") : empty();
    String output =
        block.mark().equals("refused")
            ? run(shell, commands, in, REFUSED).replaceFirst("^curl: .*\n", "")
            : run(shell, commands, in, 0);
    if (shown != null && shown.language().equals("json")) {
      assertSame(JSON.readTree(output), JSON.readTree(shown.text()), "");
    } else if (shown != null) {
      assertThat(output).isEqualTo(shown.text());
    }
  }

  private static Path empty() throws IOException {
    return Files.createTempDirectory(folder, "empty");
  }

  /** Runs commands by the shell; a refusal of the service ends them. */
  private String run(List<String> shell, String commands, Path in, int end)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve(".curlrc"), "fail-with-body\nsilent\nshow-error\n");
    String here = "localhost:" + uri("/").getPort();
    var command = new ArrayList<>(shell);
    command.add(commands.replace("localhost:8080", here));
    var builder =
        new ProcessBuilder(command)
            .directory(in.toAbsolutePath().toFile())
            .redirectErrorStream(true);
    builder.environment().put("CURL_HOME", folder.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(end);
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
    assertThat(commands.lines().filter(line -> line.contains("curl "))).hasSize(6);
    assertThat(run(List.of("bash", "-e", "-c"), commands, empty(), 0))
        .contains("\"object\":\"batch.end\"");
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
  void everySettingIsInTheTable() throws IOException {
    String table = Files.readString(Path.of("src/docs/configuration.md"));
    get("/v1/limits")
        .ok()
        .at("/limits")
        .forEach(limit -> assertThat(table).contains(limit.get("setting").asString()));
  }
}
