package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server answered, sent on as it is, without anything around it. */
class PastedResponseTest extends ServiceTest {
  private static final String CHAT =
      """
      {"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,
      "message":{"role":"assistant","content":"a"},"logprobs":{"content":[
      {"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[
      {"token":"a","logprob":-0.5,"bytes":[97]},{"token":"b","logprob":-1.5,"bytes":[98]}]}]},
      "finish_reason":"stop"}],"usage":{"completion_tokens":1}}\
      """;
  private static final String STREAM =
      """
      data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-2.0,"top_logprobs":[]}]}}]}

      data: {"choices":[{"index":0,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-0.1,"top_logprobs":[]}]}}]}

      data: [DONE]

      """;

  private Reply stream(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "text/event-stream")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void aResponseIsReadAsItIsInsideTheField() {
    for (String path : new String[] {"/v1/score", "/v1/entropy"}) {
      Reply alone = post(path + "?vocab_size=1000&unit=bit", CHAT).ok();
      Reply inside =
          post(path, "{\"vocab_size\":1000,\"unit\":\"bit\",\"openai\":" + CHAT + "}").ok();
      assertThat(alone.json()).isEqualTo(inside.json());
    }
  }

  @Test
  void theConfigurationOfASwitchStandsInTheQueryString() {
    Reply alone = post("/v1/ead?vocab_size=1000&threshold=0.5&window=1&return=next", CHAT).ok();
    Reply inside =
        post(
                "/v1/ead",
                "{\"vocab_size\":1000,\"config\":{\"threshold\":0.5,\"window\":1},"
                    + "\"return\":[\"next\"],\"openai\":"
                    + CHAT
                    + "}")
            .ok();
    assertThat(alone.json()).isEqualTo(inside.json());
    post("/v1/ead?threshold=0.5&windw=1", CHAT).problem(422, "unknown_field").pointing("/windw");
    post("/v1/ead?window=1", CHAT).problem(422, "missing_input");
    post("/v1/ead", "{\"observations\":[1],\"threshold\":1}").problem(422, "missing_input");
  }

  @Test
  void aStreamIsReadAsItCame() {
    Reply score = stream("/v1/score", STREAM).ok();
    assertThat(score.at("/sequence/tokens").asInt()).isEqualTo(2);
    assertThat(score.at("/sequence/mean_logprob").asDouble()).isEqualTo(-1.05);
    assertThat(stream("/v1/entropy?dialect=openai_chat", STREAM).ok().at("/data").size()).isZero();
    stream("/v1/ead?threshold=1", STREAM).ok();
    stream("/v1/truncation?top_k=1", STREAM).problem(415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"response\":\"a\",\"done\":false,\"logprobs\":[{\"token\":\"a\",\"logprob\":-0.3,\"top_logprobs\":[]}]}",
        "[{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.3,\"top_logprobs\":[]}]}}]}]",
        "{\"text\":\"a\",\"meta_info\":{\"output_token_logprobs\":[[-0.3,1,\"a\"]]}}",
      })
  void responsesOfOtherServersAndListsOfChunksAreBodiesToo(String response) {
    assertThat(post("/v1/score", response).ok().at("/sequence/mean_logprob").asDouble())
        .isEqualTo(-0.3);
  }

  @ParameterizedTest(name = "{0} {1}: {2} at {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          /v1/score   | {"vocab_size":9}                                  | missing_input | EMPTY
          /v1/score   | {"choices":[{"index":0,"message":{"content":"x"}}]} | missing_input | EMPTY
          /v1/score   | {"choices":[],"openai":{"choices":[]}}            | missing_input | /openai/choices
          /v1/entropy | {"logprobs":[[-0.5,-0.5]]}                        | not_a_distribution | /logprobs/0
          /v1/entropy | {"logits":[[1,2]],"choices":[]}                   | unknown_field | /choices
          /v1/entropy | [1,2]                                             | wrong_type    | EMPTY
          /v1/truncation | {"choices":[]}                                 | missing_input | EMPTY
          """)
  void whatIsNoResponseIsRefusedAsARequest(String path, String body, String code, String pointer) {
    post(path, body).problem(422, code).pointing(pointer.equals("EMPTY") ? "" : pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "application/jsonl", "application/x-jsonlines"})
  void aFileOfResponsesIsABatch(String type) {
    Reply reply =
        send(
            request("/v1/batch?url=/v1/score")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(CHAT.replace("\n", "") + "\n")));
    assertThat(reply.ok().header("Content-Type")).startsWith("application/x-ndjson");
    assertThat(JSON.readTree(reply.text().lines().findFirst().orElseThrow()).at("/status").asInt())
        .isEqualTo(200);
  }

  @Test
  void withoutTheSizeOfTheVocabularyTheMeanIsSaidToBeOneSided() {
    Reply without = post("/v1/score", CHAT).ok();
    assertThat(without.at("/sequence").has("mean_entropy")).isFalse();
    assertThat(without.at("/warnings/0/code").asString()).isEqualTo("no_upper_bound");
    assertThat(without.at("/warnings/0/message").asString()).contains("vocab_size", "mean_entropy");
    assertThat(post("/v1/score?vocab_size=9", CHAT).ok().json().has("warnings")).isFalse();
  }
}
