package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers round: bounds allow for it, the answer says by how much, and noise below 0 is 0. */
class RoundingTest extends CallTest {
  private static final String LIST = "\"top_logprobs\":[[-0.1,-3]],\"vocab_size\":1000";

  private static final String CHAT =
      "{\"choices\":[{\"index\":0,\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.1,"
          + "\"top_logprobs\":[{\"token\":\"a\",\"logprob\":-0.1},{\"token\":\"b\",\"logprob\":-3}]}]}}]}";

  private static final String LLAMACPP =
      "{\"completion_probabilities\":[{\"id\":1,\"token\":\"a\",\"logprob\":-0.1,\"top_logprobs\":["
          + "{\"id\":1,\"token\":\"a\",\"logprob\":-0.1},{\"id\":2,\"token\":\"b\",\"logprob\":-3}]}]}";

  @Test
  void aListIsTakenAsItStands() {
    Reply exact = post("/v1/entropy", "{" + LIST + "}").ok();
    assertThat(exact.json().has("mass_error")).isFalse();
    Reply rounded = post("/v1/entropy", "{" + LIST + ",\"mass_error\":1e-4}").ok();
    assertThat(rounded.at("/mass_error").asDouble()).isEqualTo(1e-4);
    assertThat(rounded.at("/data/0/entropy_low").asDouble())
        .isLessThan(exact.at("/data/0/entropy_low").asDouble());
    assertThat(rounded.at("/data/0/entropy_high").asDouble())
        .isGreaterThan(exact.at("/data/0/entropy_high").asDouble());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/entropy", "/v1/score"})
  void aServersRoundingIsThatOfItsDialect(String path) {
    assertThat(post(path, "{\"openai\":" + CHAT + "}").ok().at("/mass_error").asDouble())
        .isEqualTo(2e-6);
    assertThat(post(path, "{\"openai\":" + LLAMACPP + "}").ok().at("/mass_error").asDouble())
        .isEqualTo(2e-5);
    assertThat(
            post(path, "{\"mass_error\":0,\"openai\":" + CHAT + "}").ok().json().has("mass_error"))
        .isFalse();
  }

  /** Ids beside the tokens show that it was llama.cpp, at whatever path it was asked. */
  @ParameterizedTest
  @ValueSource(strings = {"message", "delta", "text"})
  void llamacppRoundsAsMuchInTheShapesOfOpenAi(String shape) {
    String tokens = LLAMACPP.replace("{\"completion_probabilities\":", "").replaceAll("}$", "");
    String chat =
        "{\"choices\":[{\"index\":0,\"%s\":%s,\"logprobs\":{\"content\":%s}}]}"
            .formatted(shape, shape.equals("text") ? "\"a\"" : "{\"content\":\"a\"}", tokens);
    for (String dialect : List.of("auto", "openai_chat")) {
      Reply reply =
          post("/v1/score", "{\"dialect\":\"" + dialect + "\",\"openai\":" + chat + "}").ok();
      assertThat(reply.at("/dialect").asString()).isEqualTo("openai_chat");
      assertThat(reply.at("/mass_error").asDouble()).isEqualTo(2e-5);
    }
  }

  /** Two tokens that rounding could put in the other order: no cut between them is certain. */
  @Test
  void aCutThatRoundingCouldMoveIsNotCertified() {
    String list = "{\"top_logprobs\":[[-1,-1.0000001,-1.5]],\"vocab_size\":9,\"top_k\":1";
    assertThat(post("/v1/truncation", list + "}").ok().at("/data/0/certified").asBoolean())
        .isTrue();
    Reply rounded = post("/v1/truncation", list + ",\"mass_error\":1e-6}").ok();
    assertThat(rounded.at("/data/0/certified").asBoolean()).isFalse();
  }

  /** A list that sums to 1 within a double is not all of the row. */
  @Test
  void aMassOfOneDoesNotCloseAList() {
    String list =
        "{\"top_logprobs\":[[-0.6931471805599453,-0.6931471805599453]],\"top_p\":1,\"vocab_size\":";
    assertThat(post("/v1/truncation", list + "9}").ok().at("/data/0/certified").asBoolean())
        .isFalse();
    assertThat(post("/v1/truncation", list + "2}").ok().at("/data/0/certified").asBoolean())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"-1e-9, parameter_out_of_range", "0.02, parameter_out_of_range"})
  void onlyRoundingIsAllowedFor(double error, String code) {
    post("/v1/entropy", "{" + LIST + ",\"mass_error\":" + error + "}")
        .problem(422, code)
        .pointing("/mass_error");
  }

  /** The entropy of a sure row comes out of a GPU a little below 0. */
  @Test
  void floatNoiseBelowZeroIsZero() {
    Reply entropy = post("/v1/entropy", "{\"entropies\":[-5e-7,1,-0.0]}").ok();
    assertThat(entropy.text()).doesNotContain("-0.0");
    assertThat(entropy.at("/data/0/entropy").asDouble()).isZero();
    assertThat(entropy.at("/warnings/0/code").asString()).isEqualTo("float_noise");
    assertThat(entropy.at("/warnings/0/index").asInt()).isZero();
    assertThat(entropy.at("/warnings").size()).isEqualTo(1);
    post("/v1/entropy", "{\"entropies\":[-2e-6]}")
        .problem(422, "parameter_out_of_range")
        .pointing("/entropies/0");
    Reply ead = post("/v1/ead", "{\"config\":{\"threshold\":1},\"observations\":[1,-5e-7]}").ok();
    assertThat(ead.at("/warnings/0/index").asInt()).isEqualTo(1);
    post("/v1/ead/calibrate", "{\"target_large_fraction\":0.5,\"traces\":[[-5e-7,1,2,3,1]]}").ok();
  }
}
