package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The doubtful field of {@code src/examples/fields}, in curl and in Python. */
class FieldsTest extends ServiceTest {
  private static final Path FOLDER = Path.of("src/examples/fields");

  private String run(String program, String file) throws IOException, InterruptedException {
    String base = uri("/").toString().replaceAll("/$", "");
    var builder = new ProcessBuilder(program, FOLDER.resolve(file).toString(), base);
    builder.environment().put("PYTHONIOENCODING", "UTF-8");
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void curlListsTheLeastSureFieldFirst() throws IOException, InterruptedException {
    assertThat(run("bash", "fields.sh").lines().findFirst()).contains("0.543  /due = 2026-03-04");
  }

  @Test
  void pythonPrintsWhatThePageShows() throws IOException, InterruptedException {
    String page = Files.readString(FOLDER.resolve("README.md"));
    assertThat(page).contains("```text\n" + run("python3", "fields.py") + "```");
  }
}
