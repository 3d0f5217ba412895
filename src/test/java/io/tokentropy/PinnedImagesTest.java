package io.tokentropy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is built on, and run beside, is what it was when it was tried. */
class PinnedImagesTest {
  private static final String PINNED = "[a-z/-]+:[0-9a-z.-]+@sha256:[0-9a-f]{64}";

  private static List<String> found(String file, String line) throws IOException {
    return Pattern.compile(line, Pattern.MULTILINE)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void theBasesOfTheImageArePinned() throws IOException {
    assertThat(found("Dockerfile", "^ARG [A-Z]+_BASE=(.*)$"))
        .hasSize(2)
        .allSatisfy(image -> assertThat(image).matches(PINNED));
    assertThat(found("Dockerfile", "^FROM ([^ \n]+)"))
        .containsExactly("${BUILD_BASE}", "${RUN_BASE}");
  }

  /** One digest to renew, not two. */
  @Test
  void theModelsOfTheComposeFileRunOnTheBaseOfTheImage() throws IOException {
    String base = "^ARG RUN_BASE=(.*)$";
    assertThat(found("src/compose/models.Dockerfile", base))
        .hasSize(1)
        .isEqualTo(found("Dockerfile", base));
    assertThat(found("src/compose/models.Dockerfile", "^FROM ([^ \n]+)"))
        .containsExactly("${RUN_BASE}");
  }

  @Test
  void theOtherImagesOfTheComposeFileArePinned() throws IOException {
    assertThat(found("docker-compose.yml", "^ +image: (.*)$"))
        .hasSize(6)
        .filteredOn(image -> !image.endsWith(":local"))
        .hasSize(2)
        .allSatisfy(image -> assertThat(image).matches("\\$\\{[A-Z]+_IMAGE:-" + PINNED + "}"));
  }
}
