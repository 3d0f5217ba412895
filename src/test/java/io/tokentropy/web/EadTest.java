package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/ead} beside its reference vectors: refusals, states, and several sequences at once.
 */
class EadTest extends ServiceTest {
  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"observations":[1]}                                          | 422 | missing_input          | EMPTY
          {"observations":[1],"config":{}}                              | 422 | missing_input          | /config
          {"config":{"threshold":1}}                                    | 422 | missing_input          | EMPTY
          {"observations":[1],"config":{"threshold":1,"cost_ratio":1e308}} | 422 | parameter_out_of_range | /config/cost_ratio
          {"observations":[1],"config":{"threshold":1,"window":0}}      | 422 | parameter_out_of_range | /config/window
          {"observations":[1],"config":{"threshold":1,"normalize":true}} | 422 | missing_input         | /config/normalize
          {"observations":[-0.5],"config":{"threshold":1}}              | 422 | parameter_out_of_range | /observations/0
          {"observations":[1,20],"vocab_size":128256,"config":{"threshold":1}} | 422 | parameter_out_of_range | /observations/1
          {"observations":[{"lower":2,"upper":1}],"config":{"threshold":1}} | 422 | parameter_out_of_range | /observations/0/upper
          {"observations":[{"lower":2}],"config":{"threshold":1}}       | 422 | missing_input          | /observations/0
          {"observations":[{"entropy":2,"lower":1,"upper":3}],"config":{"threshold":1}} | 422 | conflicting_inputs | /observations/0
          {"observations":[{"top_logprobs":[-0.1,-0.1]}],"config":{"threshold":1}} | 422 | not_a_distribution | /observations/0/top_logprobs
          {"observations":[{"top_logprobs":[-0.7,-9.2]}],"vocab_size":100,"config":{"threshold":1}} | 422 | inconsistent_top_logprobs | /observations/0/top_logprobs
          {"observations":[{"entropy":1,"force":"big"}],"config":{"threshold":1}} | 422 | parameter_out_of_range | /observations/0/force
          {"observations":[{"entropie":1}],"config":{"threshold":1}}    | 422 | unknown_field          | /observations/0/entropie
          {"observations":["1"],"config":{"threshold":1}}               | 422 | wrong_type             | /observations/0
          {"observations":[1],"config":{"threshold":1},"return":["all"]} | 422 | parameter_out_of_range | /return/0
          {"observations":[1],"config":{"threshold":1},"state":{}}      | 422 | missing_input          | /state
          {"observations":[1],"config":{"threshold":1},"state":{"v":2}} | 422 | invalid_state          | /state/v
          {"observations":[1],"config":{"threshold":1},"state":{"v":1,"config":"00"}} | 422 | invalid_state | /state/config
          {"sequences":[]}                                              | 422 | missing_input          | /sequences
          """)
  void aBadRequestIsRefusedWithItsPlace(String body, int status, String code, String pointer) {
    post("/v1/ead", body).problem(status, code).pointing(pointer.equals("EMPTY") ? "" : pointer);
  }

  @Test
  void aMissingThresholdIsAnsweredWithTheWayToOne() {
    assertThat(post("/v1/ead", "{\"observations\":[1],\"config\":{}}").at("/hint").asString())
        .contains("/v1/ead/calibrate");
  }

  private ObjectNode state() {
    return (ObjectNode)
        post(
                "/v1/ead",
                "{\"observations\":[0.1,2,2,0.2],\"config\":{\"threshold\":1,\"window\":2}}")
            .ok()
            .at("/data/0/state");
  }

  private Reply resume(JsonNode state, String config) {
    return post(
        "/v1/ead", "{\"observations\":[0.3],\"config\":" + config + ",\"state\":" + state + "}");
  }

  @Test
  void aStateGoesOnUnderTheSameConfigHoweverItIsWritten() {
    assertThat(
            resume(state(), "{\"window\":2.0,\"threshold\":1.0}")
                .ok()
                .at("/data/0/steps/0/step")
                .asInt())
        .isEqualTo(4);
    resume(state(), "{\"threshold\":1.5,\"window\":2}")
        .problem(422, "invalid_state")
        .pointing("/state/config");
  }

  @Test
  void aBadSequenceDoesNotSpoilTheOthers() {
    Reply reply =
        post(
                "/v1/ead",
                """
                {"config": {"threshold": 1, "window": 1}, "return": ["next"], "sequences": [
                  {"id": "a", "observations": [2]}, {"id": "b", "observations": [-1]},
                  {"id": "c", "observations": [0.5]}]}\
                """)
            .ok();
    assertThat(reply.at("/data/0/next/model").asString()).isEqualTo("large");
    assertThat(reply.at("/data/0").has("steps")).isFalse();
    assertThat(reply.at("/data/1/id").asString()).isEqualTo("b");
    assertThat(reply.at("/data/1/error/code").asString()).isEqualTo("parameter_out_of_range");
    assertThat(reply.at("/data/1/error/errors/0/pointer").asString())
        .isEqualTo("/sequences/1/observations/0");
    assertThat(reply.at("/data/2/next/model").asString()).isEqualTo("small");
  }

  /**
   * Without vocab_size a list has no upper bound, so a choice below the threshold cannot be
   * certain.
   */
  @Test
  void anUnboundedEntropyIsNotCertifiedAndItsStateTravels() {
    Reply reply =
        post(
                "/v1/ead",
                "{\"observations\":[{\"top_logprobs\":[-0.1,-3.0]}],\"config\":{\"threshold\":5,\"window\":1}}")
            .ok();
    assertThat(reply.at("/data/0/next/certified").asBoolean()).isFalse();
    assertThat(reply.at("/data/0/next/path_certified").asBoolean()).isFalse();
    assertThat(reply.at("/data/0/state/window/0/1").isNull()).isTrue();
    post(
            "/v1/ead",
            "{\"observations\":[0.2],\"config\":{\"threshold\":5,\"window\":1},\"state\":"
                + reply.at("/data/0/state")
                + "}")
        .ok();
  }

  @Test
  void anyInputIsAnObservation() {
    Reply reply =
        post(
                "/v1/ead",
                "{\"logits\":[[0,0,0,0],[9,0,0,0]],\"unit\":\"bit\",\"config\":{\"threshold\":1,\"window\":1}}")
            .ok();
    assertThat(reply.at("/data/0/steps/0/smoothed").asDouble()).isEqualTo(2.0);
    assertThat(reply.at("/data/0/steps/1/reason").asString()).isEqualTo("deescalate");
  }

  @Test
  void decisionsAreCounted() {
    post("/v1/ead", "{\"observations\":[9],\"config\":{\"threshold\":1,\"window\":1}}").ok();
    assertThat(get("/metrics").ok().text())
        .contains(
            "tokentropy_ead_decisions_total{reason=\"escalate\"}",
            "tokentropy_ead_tokens_total{model=\"none\",tier=\"small\"}",
            "tokentropy_ead_uncertified_total");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"traces\":[[1,2]]} | missing_input | EMPTY",
        "{\"target_large_fraction\":0.5} | missing_input | EMPTY",
        "{\"traces\":[[1,2]],\"target_large_fraction\":1.5} | parameter_out_of_range |"
            + " /target_large_fraction",
        "{\"traces\":[[]],\"target_large_fraction\":0.5} | missing_input | /traces",
        "{\"traces\":[[1,-2]],\"target_large_fraction\":0.5,\"window\":1} | parameter_out_of_range"
            + " | /traces/0/1",
        "{\"traces\":[[1,2]],\"target_large_fraction\":0.5,\"window\":0} | parameter_out_of_range |"
            + " /window",
        "{\"traces\":[[1,2]],\"target_large_fraction\":0.5,\"fill\":\"half\"} |"
            + " parameter_out_of_range | /fill",
      })
  void aBadCalibrationIsRefusedWithItsPlace(String body, String code, String pointer) {
    post("/v1/ead/calibrate", body)
        .problem(422, code)
        .pointing(pointer.equals("EMPTY") ? "" : pointer);
  }
}
