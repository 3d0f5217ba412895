package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code src/examples/evaluation} finds is what its page shows. */
class EvaluationExampleTest extends ServiceTest {
  private static final Path FOLDER = Path.of("src/examples/evaluation");

  @TempDir private Path work;

  @Test
  void thePageShowsWhatComesOut() throws IOException, InterruptedException {
    Path svg = work.resolve("evaluation.svg");
    var command =
        List.of(
            "python3",
            "-B",
            "evaluate.py",
            uri("/").toString(),
            "questions.jsonl",
            "verses-small.jsonl.gz",
            "verses-large.jsonl.gz",
            "--svg",
            svg.toAbsolutePath().toString());
    Process process =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(Files.readString(FOLDER.resolve("README.md")))
        .contains("```text\n" + printed.stripTrailing() + "\n```");
    assertThat(svg).hasSameTextualContentAs(FOLDER.resolve("evaluation.svg"));
  }

  /** Sixty questions at least, several answers each, and both right and wrong ones among them. */
  @Test
  void theMadeUpQuestionsAreWhatTheTableSays() throws IOException {
    List<JsonNode> questions =
        Files.readAllLines(FOLDER.resolve("questions.jsonl")).stream().map(JSON::readTree).toList();
    List<String> table =
        Files.readAllLines(FOLDER.resolve("questions.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(questions).hasSameSizeAs(table).hasSizeGreaterThanOrEqualTo(60);
    for (int i = 0; i < table.size(); i++) {
      String[] parts = table.get(i).split(" \\| ", -1);
      JsonNode question = questions.get(i);
      assertThat(question.at("/question").asString()).isEqualTo(parts[1]);
      assertThat(question.at("/answers").size()).isEqualTo(parts.length - 2).isGreaterThan(2);
      assertThat(question.at("/logprobs").size()).isEqualTo(parts.length - 2);
      assertThat(question.at("/correct").asBoolean()).isEqualTo(parts[2].startsWith("*"));
    }
  }
}
