package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses of inference servers at the endpoints that take them. */
class DialectTest extends ServiceTest {
  private static final Path FOLDER = Path.of("src/test/resources/dialects");
  private static final int VOCAB = 128_256;

  /** The rows that the steps of a response have, as {@code top_logprobs} would say it. */
  private static ObjectNode rows(JsonNode steps) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode rows = body.putArray("top_logprobs");
    for (JsonNode step : steps) {
      if (!step.has("top_logprobs") || step.get("top_logprobs").isEmpty()) {
        continue;
      }
      ObjectNode row = rows.addObject();
      row.set("top_logprobs", step.get("top_logprobs"));
      if (step.path("sampled_logprob").isNumber()) {
        row.set("sampled_logprob", step.get("sampled_logprob"));
      }
      row.put("complete", step.path("complete").asBoolean(false));
    }
    return body.put("vocab_size", VOCAB).put("mass_error", 0);
  }

  private void sameRows(JsonNode found, JsonNode steps) {
    ObjectNode expected = rows(steps);
    if (expected.get("top_logprobs").isEmpty()) {
      assertThat(found).isEmpty();
      return;
    }
    JsonNode data = post("/v1/entropy", expected.toString()).ok().at("/data");
    assertThat(found.size()).isEqualTo(data.size());
    for (int i = 0; i < data.size(); i++) {
      for (String name : List.of("entropy_low", "entropy_high", "entropy", "mass_seen")) {
        assertThat(found.get(i).get(name).asDouble())
            .as(name + " of row " + i)
            .isCloseTo(data.get(i).get(name).asDouble(), within(1e-9));
      }
    }
  }

  private static ObjectNode ask(JsonNode response) {
    ObjectNode body = JSON.createObjectNode();
    body.set("openai", response);
    return body.put("vocab_size", VOCAB).put("mass_error", 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai-chat-outside.json",
        "openai-chat-top-zero.json",
        "openai-stream-two-choices.json",
        "vllm-completion-stream.json",
        "vllm-chat-named.json"
      })
  void aResponseIsScoredAndMeasured(String file) throws IOException {
    JsonNode fixture = JSON.readTree(Files.readString(FOLDER.resolve(file)));
    ObjectNode body = ask(fixture.get("response"));
    if (fixture.has("dialect")) {
      body.set("dialect", fixture.get("dialect"));
    }
    JsonNode score = post("/v1/score", body.toString()).ok().json();
    assertThat(score.get("dialect")).isEqualTo(fixture.get("recognised_as"));
    var codes = new TreeSet<String>();
    score.path("warnings").forEach(w -> codes.add(w.get("code").asString()));
    assertThat(codes)
        .isEqualTo(
            new TreeSet<>(fixture.get("warnings").valueStream().map(JsonNode::asString).toList()));
    JsonNode steps = fixture.get("steps");
    assertThat(score.get("data").size()).isEqualTo(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      JsonNode item = score.at("/data/" + i);
      JsonNode step = steps.get(i);
      for (String name : List.of("token", "id", "choice")) {
        assertThat(item.path(name)).as(name).isEqualTo(step.path(name));
      }
      assertThat(item.has("logprob")).isEqualTo(step.has("logprob"));
      assertThat(item.path("logprob").asDouble(0))
          .isCloseTo(step.path("logprob").asDouble(0), within(1e-12));
      assertThat(item.has("entropy_low")).isEqualTo(step.has("top_logprobs"));
    }
    sameRows(post("/v1/entropy", body.toString()).ok().at("/data"), steps);
  }

  @Test
  void everyEndpointThatTakesAnInputTakesAResponse() throws IOException {
    JsonNode response =
        JSON.readTree(Files.readString(FOLDER.resolve("openai-chat.json"))).get("response");
    JsonNode kept = post("/v1/truncation?top_p=0.5", ask(response).toString()).ok().at("/data/0");
    assertThat(kept.get("certified").asBoolean()).isTrue();
    assertThat(kept.get("kept_count").asInt()).isEqualTo(1);
    ObjectNode ead = ask(response);
    ead.putObject("config").put("threshold", 5).put("window", 1);
    assertThat(post("/v1/ead", ead.toString()).ok().at("/data/0/steps").size()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"text":"a","meta_info":{"completion_tokens":1}}           | 422 | missing_input | /openai | return_logprob
          {"choices":[]}                                             | 422 | missing_input | /openai/choices | ''
          {"choices":[{"logprobs":{"content":[{"token":"a","logprob":12.5,"top_logprobs":[]}]}}]} | 422 | not_a_distribution | /openai/choices/0/logprobs/content/0/logprob | logprobs-mode
          [[7,"a"]]                                                | 422 | wrong_type    | /openai/0 | ''
          "data: {broken\\n\\n"                                      | 400 | malformed_json | /openai | ''
          """)
  void whatIsNoResponseIsRefusedWithTheWayToOne(
      String response, int status, String code, String pointer, String hint) {
    Reply reply = post("/v1/score", "{\"openai\":" + response + ",\"vocab_size\":1000}");
    reply.problem(status, code).pointing(pointer);
    if (!hint.equals("''")) {
      assertThat(reply.at("/hint").asString()).contains(hint);
    }
  }

  @Test
  void unknownFieldsInsideAResponseAreLeftAlone() {
    post(
            "/v1/score",
            "{\"openai\":{\"done\":false,\"new_field\":{\"x\":[1]},\"logprobs\":[{\"token\":\"a\",\"logprob\":-1,\"other\":2,\"top_logprobs\":[]}]}}")
        .ok();
    post("/v1/score", "{\"openai\":{\"done\":false,\"logprobs\":[]},\"dialct\":\"auto\"}")
        .problem(422, "unknown_field");
    post("/v1/score", "{\"openai\":{\"done\":false,\"logprobs\":[]},\"dialect\":\"gpt\"}")
        .problem(422, "parameter_out_of_range");
    post("/v1/entropy", "{\"probs\":[1],\"dialect\":\"auto\"}").ok();
    post("/v1/entropy", "{\"probs\":[1],\"dialect\":\"gpt\"}")
        .problem(422, "parameter_out_of_range");
  }

  @Test
  void aResponseOfManyAnswersIsScoredAnswerByAnswer() throws IOException {
    JsonNode response =
        JSON.readTree(Files.readString(FOLDER.resolve("openai-chat-two-choices.json")))
            .get("response");
    ObjectNode body = ask(response);
    body.putObject("flags").put("entropy_above", 1.0).put("logprob_below", -1);
    JsonNode score = post("/v1/score", body.toString()).ok().json();
    assertThat(score.at("/sequence/mean_logprob").asDouble()).isEqualTo(-0.3);
    assertThat(score.at("/sequence/perplexity").asDouble()).isEqualTo(Math.exp(0.3));
    assertThat(score.at("/choices/1/logprob").asDouble()).isEqualTo(-1.2);
    assertThat(score.at("/choices/1/weakest").toString()).isEqualTo("[1]");
    assertThat(score.at("/data/0/flags/logprob_below").asString()).isEqualTo("no");
    assertThat(score.at("/data/1/flags/logprob_below").asString()).isEqualTo("yes");
    assertThat(score.at("/data/0/flags/entropy_above").asString()).isEqualTo("undetermined");
  }

  @Test
  void rowsOfSeveralAnswersAreNamedAsSuch() throws IOException {
    JsonNode response =
        JSON.readTree(Files.readString(FOLDER.resolve("openai-chat-two-choices.json")))
            .get("response");
    assertThat(post("/v1/entropy", ask(response).toString()).ok().at("/warnings").toString())
        .contains("several_answers", "read as openai_chat");
  }

  @Test
  void modelSwitchingSaysWhatWasMended() throws IOException {
    ObjectNode body =
        ask(JSON.readTree(Files.readString(FOLDER.resolve("vllm-sentinel.json"))).get("response"));
    body.putObject("config").put("threshold", 1);
    assertThat(post("/v1/ead", body.toString()).ok().at("/warnings").toString())
        .contains("sentinel", "recognised");
    JsonNode two =
        post(
                "/v1/ead",
                """
                {"config":{"threshold":1},"vocab_size":9,"sequences":[{"observations":[1]},
                 {"observations":[1,{"top_logprobs":[-0.6931471805599453,-0.6931471805599453,-9999]}]}]}
                """)
            .ok()
            .json();
    assertThat(two.at("/data/0").has("warnings")).isFalse();
    assertThat(two.at("/data/1/warnings/0/code").asString()).isEqualTo("sentinel");
    assertThat(two.at("/data/1/warnings/0/index").asInt()).isEqualTo(1);
    assertThat(two.has("warnings")).isFalse();
  }

  /** A stream is read event by event, and no further than the limit on rows. */
  @Test
  void aLongStreamIsCutAtTheLimitOnRows() {
    String event =
        "data:"
            + " {\"choices\":[{\"delta\":{},\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-1}]}}]}\n\n";
    Reply reply =
        post(
            "/v1/score",
            ask(JSON.valueToTree(event.repeat(4096) + event + "data: never read\n\n")).toString());
    reply.problem(413, "limit_exceeded").pointing("/openai");
    assertThat(reply.at("/detail").asString()).contains("max_rows is 4096, found 4097");
    post("/v1/score", ask(JSON.valueToTree(event.repeat(4096))).toString()).ok();
  }
}
