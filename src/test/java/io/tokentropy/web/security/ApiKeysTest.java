package io.tokentropy.web.security;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
  /** What {@code printf %s "$KEY" | sha256sum} and {@code echo $KEY} print where KEY is empty. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
      })
  void theHashOfAnEmptyKeyIsRefused(String hash) {
    assertThatThrownBy(() -> new ApiKeys(List.of(hash), null)).hasMessageContaining("was empty");
  }

  @Test
  void soIsOneInTheFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Files.writeString(file, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
    assertThatThrownBy(() -> new ApiKeys(List.of(), file))
        .hasMessage("the file of API keys has a fault in line 1: " + EMPTY);
  }

  private static final String EMPTY =
      "an API key is configured that is the SHA-256 of nothing: the variable that was hashed was"
          + " empty";
}
