package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The judge in {@code src/examples/judge}, in curl and in Python. */
class JudgeTest extends ServiceTest {
  private static final Path FOLDER = Path.of("src/examples/judge");

  private String run(String program, String file) throws IOException, InterruptedException {
    String base = uri("/").toString().replaceAll("/$", "");
    Process process =
        new ProcessBuilder(program, FOLDER.resolve(file).toString(), base)
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void curl() throws IOException, InterruptedException {
    List<JsonNode> answers =
        run("bash", "judge.sh").lines().map(line -> JSON.readTree(line).at("/data/0")).toList();
    assertThat(answers)
        .extracting(a -> a.get("best").asString())
        .containsExactly("yes", "yes", "yes", "4");
    assertThat(answers)
        .extracting(a -> a.get("certified").asBoolean())
        .containsExactly(false, false, true, false);
    assertThat(answers.get(3).get("expected_score_low").asDouble()).isLessThan(3.17);
    assertThat(answers.get(3).get("expected_score_high").asDouble()).isGreaterThan(3.17);
  }

  @Test
  void pythonPrintsWhatItsPageShows() throws IOException, InterruptedException {
    String page = Files.readString(FOLDER.resolve("README.md"));
    assertThat(page).contains("```text\n" + run("python3", "judge.py") + "```");
  }
}
