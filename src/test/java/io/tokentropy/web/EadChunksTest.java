package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/ead} and its calibration on what real servers give: chunks, gaps, and intervals. */
class EadChunksTest extends CallTest {
  private static final String CONFIG = "{\"threshold\":1,\"window\":1,\"on_escalate\":\"redo\"}";

  private static ObjectNode call(String config, List<Double> chunk, JsonNode state) {
    ObjectNode call = JSON.createObjectNode();
    call.set("config", JSON.readTree(config));
    call.set("observations", JSON.valueToTree(chunk));
    if (state != null) {
      call.set("state", state);
    }
    return call;
  }

  /** Chunks of up to eight tokens: cut at every switch, they are the steps of one long call. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void callsThatStopAtASwitchAreOneLongCall(long seed) {
    var random = new SplittableRandom(seed);
    List<Double> seen = random.doubles(80, 0, 2).boxed().toList();
    String config =
        "{\"threshold\":1,\"window\":%d,\"min_large\":%d,\"on_escalate\":\"%s\"}"
            .formatted(
                random.nextInt(1, 4), random.nextInt(3), random.nextBoolean() ? "redo" : "next");
    JsonNode whole = post("/v1/ead", call(config, seen, null).toString()).ok().at("/data/0");
    var steps = new ArrayList<JsonNode>();
    JsonNode part = null;
    for (int at = 0; at < seen.size(); ) {
      int to = Math.min(seen.size(), at + random.nextInt(1, 9));
      ObjectNode call = call(config, seen.subList(at, to), part == null ? null : part.get("state"));
      call.put("stop_at_switch", true);
      part = post("/v1/ead", call.toString()).ok().at("/data/0");
      assertThat(part.get("consumed").asInt()).isEqualTo(part.get("steps").size());
      part.get("steps").forEach(steps::add);
      at += part.get("consumed").asInt();
    }
    assertThat(steps).isEqualTo(whole.get("steps").valueStream().toList());
    assertThat(part.get("state")).isEqualTo(whole.get("state"));
  }

  /** 0.2 and 2.0 count; the third token was written on top of the one that is dropped. */
  @Test
  void oneCallSaysHowManyTokensOfAChunkCountAndWhetherTheLastIsDropped() {
    JsonNode item =
        post(
                "/v1/ead",
                "{\"observations\":[0.2,2.0,0.1],\"stop_at_switch\":true,\"return\":[\"next\"],\"config\":"
                    + CONFIG
                    + "}")
            .ok()
            .at("/data/0");
    assertThat(item.get("consumed").asInt()).isEqualTo(2);
    assertThat(item.at("/next/model").asString()).isEqualTo("large");
    assertThat(item.at("/next/redo").asBoolean()).isTrue();
    assertThat(item.at("/summary/wasted").asInt()).isEqualTo(1);
    assertThat(item.has("steps")).isFalse();
  }

  @Test
  void aChunkWithoutSwitchIsConsumedWhole() {
    JsonNode item =
        post(
                "/v1/ead",
                "{\"observations\":[0.2,0.4],\"stop_at_switch\":true,\"config\":" + CONFIG + "}")
            .ok()
            .at("/data/0");
    assertThat(item.get("consumed").asInt()).isEqualTo(2);
    assertThat(item.get("next").has("redo")).isFalse();
  }

  /**
   * Redo as a caller does it: the token that large writes instead is an observation of large, and
   * then the summary has it: 2 small, 1 large, 1 dropped.
   */
  @Test
  void theTokenThatIsWrittenAgainIsATokenOfTheLargeModel() {
    Reply first = post("/v1/ead", call(CONFIG, List.of(0.2, 2.0), null).toString()).ok();
    Reply second =
        post("/v1/ead", call(CONFIG, List.of(0.3), first.at("/data/0/state")).toString()).ok();
    Reply third =
        post("/v1/ead", call(CONFIG, List.of(0.4), second.at("/data/0/state")).toString()).ok();
    JsonNode summary = third.at("/data/0/summary");
    assertThat(second.at("/data/0/steps/0/model").asString()).isEqualTo("large");
    assertThat(summary.get("tokens").asInt()).isEqualTo(3);
    assertThat(summary.get("large").asInt()).isEqualTo(1);
    assertThat(summary.get("wasted").asInt()).isEqualTo(1);
  }

  private static String token(String text, boolean alternatives) {
    return "{\"token\":\"%s\",\"logprob\":-0.1,\"top_logprobs\":[%s]}"
        .formatted(
            text,
            alternatives
                ? "{\"token\":\"%s\",\"logprob\":-0.1},{\"token\":\"z\",\"logprob\":-3}"
                    .formatted(text)
                : "");
  }

  @Test
  void aTokenWithoutAlternativesIsATokenWithoutSignal() {
    String response =
        "{\"choices\":[{\"index\":0,\"logprobs\":{\"content\":["
            + String.join(",", token("a", true), token("b", false), token("c", true))
            + "]}}]}";
    JsonNode item =
        post(
                "/v1/ead",
                "{\"openai\":%s,\"vocab_size\":100,\"config\":%s}".formatted(response, CONFIG))
            .ok()
            .at("/data/0");
    assertThat(item.get("steps")).hasSize(3);
    assertThat(item.at("/steps/1/reason").asString()).isEqualTo("no_signal");
    assertThat(item.at("/summary/tokens").asInt()).isEqualTo(3);
  }

  @Test
  void aResponseWithoutAnyAlternativesIsStillItsTokens() {
    String response =
        "{\"choices\":[{\"index\":0,\"logprobs\":{\"content\":["
            + String.join(",", token("a", false), token("b", false))
            + "]}}]}";
    assertThat(
            post("/v1/ead", "{\"openai\":%s,\"config\":%s}".formatted(response, CONFIG))
                .ok()
                .at("/data/0/summary/tokens")
                .asInt())
        .isEqualTo(2);
  }

  /** Four tokens of both models, of which the second is uncertain: half of them for large. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'traces':[{'small':[0.5,2,0.5,0.5],'large':[0.1,1.5,0.2,0.1]}]",
        "'small':[[0.5,2,0.5,0.5]],'large':[[0.1,1.5,0.2,0.1]]",
        "'traces':[{'small':{'entropies':[0.5,2,0.5,0.5]},'large':[{'lower':0.1,'upper':0.3},1.5,0.2,0.1]}]"
      })
  void theShareOfBothModelsIsFoundByTheRuleItself(String traces) {
    Reply answer =
        post(
                "/v1/ead/calibrate",
                ("{" + traces + ",'target_large_fraction':0.5,'config':{'window':1,'on_escalate':")
                        .replace('\'', '"')
                    + "\"redo\",\"cost_ratio\":0.25}}")
            .ok();
    JsonNode item = answer.at("/data/0");
    assertThat(item.get("basis").asString()).isEqualTo("both_models");
    assertThat(item.get("achieved").asDouble()).isEqualTo(0.5);
    assertThat(item.get("threshold").asDouble()).isBetween(0.5, 1.5);
    assertThat(item.at("/summary/relative_cost").asDouble()).isCloseTo(0.6875, within(1e-12));
    assertThat(answer.json().has("warnings")).isFalse();
  }

  @Test
  void tracesOfTheSmallModelAloneSayWhatTheyCannotPromise() {
    Reply answer =
        post(
                "/v1/ead/calibrate",
                "{\"traces\":[[{\"lower\":1,\"upper\":2},null,0.5]],\"window\":1,\"target_large_fraction\":0.5}")
            .ok();
    assertThat(answer.at("/data/0/basis").asString()).isEqualTo("small_only");
    assertThat(answer.at("/data/0/samples").asInt()).isEqualTo(2);
    assertThat(answer.at("/data/0/threshold").asDouble()).isEqualTo(0.5);
    assertThat(answer.at("/warnings/0/code").asString()).isEqualTo("small_only");
  }

  @Test
  void aResponseIsATrace() {
    String response =
        "{\"choices\":[{\"index\":0,\"logprobs\":{\"content\":["
            + String.join(",", token("a", true), token("b", true))
            + "]}}]}";
    for (String trace : List.of(response, "{\"openai\":" + response + "}")) {
      JsonNode item =
          post(
                  "/v1/ead/calibrate",
                  "{\"traces\":[%s],\"window\":2,\"target_large_fraction\":0.5,\"vocab_size\":100}"
                      .formatted(trace))
              .ok()
              .at("/data/0");
      assertThat(item.get("samples").asInt()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"traces":[[1]],"small":[[1]],"large":[[1]]}             | conflicting_inputs | /traces
          {"small":[[1]]}                                          | missing_input      | EMPTY
          {"small":[[1]],"large":[[1],[2]]}                        | shape_mismatch     | /large
          {"traces":[{"small":[1,2],"large":[1]}]}                 | shape_mismatch     | /traces/0/large
          {"traces":[{"small":[1]}]}                               | missing_input      | /traces/0
          {"traces":[{"small":[1],"large":[1],"x":1}]}             | unknown_field      | /traces/0/x
          {"traces":[]}                                            | missing_input      | /traces
          {"traces":[{"temperature":1}]}                           | missing_input      | /traces/0
          {"traces":[[1]],"config":{"threshold":1}}                | conflicting_inputs | /config/threshold
          {"traces":[[1]],"config":{"window":1},"window":2}        | conflicting_inputs | /window
          {"traces":[[1]],"window":0}                              | parameter_out_of_range | /window
          {"traces":[[-1]]}                                        | parameter_out_of_range | /traces/0/0
          {"traces":[[null]]}                                      | missing_input      | /traces
          """)
  void whatCannotBeCalibratedIsRefusedWithItsPlace(String body, String code, String pointer) {
    String call = "{\"target_large_fraction\":0.5," + body.substring(1);
    post("/v1/ead/calibrate", call)
        .problem(422, code)
        .pointing(pointer.equals("EMPTY") ? "" : pointer);
  }

  @Test
  void aWindowBeyondTheLimitNamesTheSetting() {
    post("/v1/ead", "{\"observations\":[1],\"config\":{\"threshold\":1,\"window\":1025}}")
        .problem(413, "limit_exceeded")
        .pointing("/config/window");
    post("/v1/ead", "{\"observations\":[1],\"config\":{\"threshold\":1,\"window\":1024}}").ok();
  }
}
