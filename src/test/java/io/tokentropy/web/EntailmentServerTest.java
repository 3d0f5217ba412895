package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.upstream.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A configured model server that judges entailment, and is not always well. */
class EntailmentServerTest extends ServiceTest {
  private static final String PATH = "/v1/chat/completions";

  private static final String YES =
      """
      {"choices":[{"index":0,"message":{"content":"Yes"},"logprobs":{"content":[{"token":"Yes","logprob":-0.2,
       "top_logprobs":[{"token":"Yes","logprob":-0.2},{"token":"neither","logprob":-2},{"token":"No","logprob":-4}]}]}}]}\
      """;

  private static final String ASKED =
      "{\"texts\":[\"Paris\",\"In Paris\"],\"question\":\"Where?\",\"entailment_from\":\"server\"}";

  private static final ScriptedUpstream JUDGE = new ScriptedUpstream();

  @AfterAll
  static void end() throws IOException {
    JUDGE.close();
  }

  @DynamicPropertySource
  static void judge(DynamicPropertyRegistry properties) {
    properties.add("tokentropy.upstreams.judge.url", () -> JUDGE.url().toString());
    properties.add("tokentropy.upstreams.judge.kind", () -> "openai");
    properties.add("tokentropy.upstreams.judge.model", () -> "small");
    properties.add("tokentropy.entailment.upstream", () -> "judge");
  }

  @Test
  void textsAreJudgedByTheServerOfTheConfiguration() {
    JUDGE.on(PATH, ScriptedUpstream.json(YES));
    Reply reply = post("/v1/uncertainty", ASKED).ok();
    assertThat(reply.at("/entailment_model").asString()).isEqualTo("small");
    assertThat(reply.at("/data/0/semantic_classes/count").asInt()).isEqualTo(1);
    assertThat(reply.at("/data/0/consistency/entailment").asDouble()).isBetween(0.8, 0.9);
    assertThat(JUDGE.asked(PATH).getLast().body()).contains("Where?", "top_logprobs");
  }

  @Test
  void aServerThatFailsIsAProblemThatSaysWhenToTryAgain() {
    JUDGE.on(PATH, ScriptedUpstream.status(500, "{\"error\":\"secret\"}"));
    Reply failed = post("/v1/uncertainty", ASKED).problem(503, "entailment_unavailable");
    assertThat(failed.header("Retry-After")).isEqualTo("5");
    assertThat(failed.text()).doesNotContain("secret").doesNotContain("127.0.0.1");
  }

  @Test
  void aLineOfABatchFailsAlone() {
    JUDGE.on(PATH, ScriptedUpstream.status(500, "{}"));
    String line = "{\"url\":\"/v1/uncertainty\",\"body\":%s}%n";
    String lines = line.formatted(ASKED) + line.formatted("{\"texts\":[\"a\",\"b\"]}");
    List<String> answers =
        send(request("/v1/batch")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)))
            .text()
            .lines()
            .toList();
    assertThat(answers).hasSize(3);
    assertThat(JSON.readTree(answers.get(0)).at("/error/code").asString())
        .isEqualTo("entailment_unavailable");
    assertThat(JSON.readTree(answers.get(1)).at("/status").asInt()).isEqualTo(200);
  }
}
