package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A configured embedding server that is not there. */
@TestPropertySource(
    properties = {
      "tokentropy.embeddings.backend=server",
      "tokentropy.embeddings.url=http://localhost:1/v1/embeddings",
      "tokentropy.embeddings.model=small",
      "tokentropy.embeddings.api-key=secret"
    })
class EmbeddingsDownTest extends ServiceTest {
  @Test
  void textsAreAnsweredWithAProblemThatSaysWhenToTryAgain() {
    Reply failed =
        post("/v1/inv-entropy", "{\"texts_x\":[\"a\",\"b\"],\"texts_y\":[\"c\",\"d\"]}")
            .problem(503, "embeddings_unavailable");
    assertThat(failed.header("Retry-After")).isEqualTo("5");
    assertThat(failed.text()).doesNotContain("secret").doesNotContain("localhost:1");
  }

  @Test
  void aServerAloneKnowsWhichTextsAreLongToIt() {
    Reply refused =
        post(
                "/v1/inv-entropy",
                "{\"texts_x\":[\"a\",\"b\"],\"texts_y\":[\"c\",\"d\"],\"long_texts\":\"mean\"}")
            .problem(422, "parameter_out_of_range")
            .pointing("/long_texts");
    assertThat(refused.at("/detail").asString()).contains("server");
  }
}
