package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Without a back end for texts everything else works. */
@TestPropertySource(properties = "tokentropy.embeddings.backend=off")
class EmbeddingsOffTest extends ServiceTest {
  @Test
  void textsAreRefusedWithTheWayOut() {
    Reply refused =
        post("/v1/inv-entropy", "{\"texts_x\":[\"a\",\"b\"],\"texts_y\":[\"c\",\"d\"]}")
            .problem(422, "missing_input")
            .pointing("/texts_x");
    assertThat(refused.at("/hint").asString())
        .contains("embeddings_x", "TOKENTROPY_EMBEDDINGS_BACKEND");
  }

  @Test
  void matricesAreAnswered() {
    post("/v1/inv-entropy", "{\"sim_x\":[[1,1],[1,1]],\"sim_y\":[[1,1],[1,1]]}").ok();
  }
}
