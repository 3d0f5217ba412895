package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code reported_at} at every endpoint that takes log-probabilities. */
class ReportedAtCallsTest extends CallTest {
  /** Of 2/3, 1/6, 1/6, which is reported as 1/2, 1/4, 1/4 at T = 2. */
  private static final double ENTROPY = Math.log(1.5) * 2 / 3 + Math.log(6) / 3;

  /** ln 0.5 and ln 0.25, of four tokens. */
  private static final String LIST = "\"top_logprobs\":[[-0.6931471805599453,-1.3862943611198906]]";

  private static final String RESPONSE =
      "\"openai\":{\"choices\":[{\"index\":0,\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.6931471805599453,"
          + "\"top_logprobs\":[{\"token\":\"a\",\"logprob\":-0.6931471805599453},{\"token\":\"b\",\"logprob\":-1.3862943611198906}]}]}}]}";

  private static String call(String input, String more) {
    return "{" + input + "," + more.replace('\'', '"') + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"probs\":[0.5,0.25,0.25]",
        "\"logprobs\":[-0.6931471805599453,-1.3862943611198906,-1.3862943611198906]",
        "\"vocab_size\":3,\"top_logprobs\":[[-0.6931471805599453,-1.3862943611198906,-1.3862943611198906]]"
      })
  void whatIsWhollyKnownIsExact(String input) {
    JsonNode item =
        post("/v1/entropy", call(input, "'reported_at':{'temperature':2}")).ok().at("/data/0");
    assertThat(item.get("entropy").asDouble()).isCloseTo(ENTROPY, within(1e-14));
    assertThat(item.get("exact").asBoolean()).isTrue();
    assertThat(item.at("/top/prob").asDouble()).isCloseTo(2.0 / 3, within(1e-14));
  }

  /** At T = 2 and wanted at 2 again, nothing changes; wanted at 1/2, it is the fourth power. */
  @Test
  void anotherTemperatureMayBeWanted() {
    for (String input :
        new String[] {"\"probs\":[0.5,0.25,0.25]", RESPONSE + ",\"vocab_size\":3"}) {
      String at = "'reported_at':{'temperature':2},'temperature':";
      double same =
          post("/v1/entropy", call(input, at + "2")).ok().at("/data/0/entropy").asDouble();
      assertThat(same).isCloseTo(1.5 * Math.log(2), within(1e-5));
      double cold =
          post("/v1/entropy", call(input, at + "0.5")).ok().at("/data/0/entropy").asDouble();
      double rest = 1.0 / 18;
      assertThat(cold)
          .isCloseTo(-16 * rest * Math.log(16 * rest) - 2 * rest * Math.log(rest), within(1e-4));
    }
  }

  /**
   * 1/2 and 1/4 of four tokens at T = 2: the tail of 1/4 is one token or two of 1/8, so that 4 : 1
   * stand beside 1 or 1/2.
   */
  @ParameterizedTest
  @ValueSource(strings = {LIST, RESPONSE})
  void theBestKGiveARange(String input) {
    JsonNode item =
        post(
                "/v1/entropy",
                call(input, "'reported_at':{'temperature':2},'vocab_size':4,'mass_error':0"))
            .ok()
            .at("/data/0");
    assertThat(item.has("mass_seen")).isFalse();
    assertThat(item.get("mass_seen_low").asDouble()).isCloseTo(5.0 / 6, within(1e-12));
    assertThat(item.get("mass_seen_high").asDouble()).isCloseTo(5 / 5.5, within(1e-12));
    assertThat(item.at("/top/prob_low").asDouble()).isCloseTo(4.0 / 6, within(1e-12));
    double even =
        -4 / 5.5 * Math.log(4 / 5.5)
            - 1 / 5.5 * Math.log(1 / 5.5)
            - 0.5 / 5.5 * Math.log(0.25 / 5.5);
    assertThat(item.get("entropy_low").asDouble()).isLessThanOrEqualTo(even + 1e-12);
    assertThat(item.get("entropy_high").asDouble()).isGreaterThanOrEqualTo(ENTROPY - 1e-12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'top_p':0.9", "'top_k':2", "'min_p':0.1", "'temperature':0.7,'top_p':0.9"})
  void behindAFilterOnlyRatiosAreKnown(String filter) {
    String more = "'reported_at':{" + filter + "},'vocab_size':4";
    JsonNode item = post("/v1/entropy", call(LIST, more)).ok().at("/data/0");
    assertThat(item.has("mass_seen")).isFalse();
    assertThat(item.has("mass_seen_low")).isFalse();
    assertThat(item.has("entropy_high")).isFalse();
    assertThat(item.get("entropy_low").asDouble()).isPositive();
    JsonNode kept = post("/v1/truncation", call(LIST, more + ",'min_p':0.6")).ok().at("/data/0");
    assertThat(kept.get("certified").asBoolean()).isFalse();
  }

  /** 0.6 and 0.4 of what a filter left of a whole row: the third token may be as probable. */
  @Test
  void aWholeRowBehindAFilterIsAList() {
    JsonNode item =
        post("/v1/entropy", call("\"probs\":[0.4,0,0.6]", "'reported_at':{'top_k':2}"))
            .ok()
            .at("/data/0");
    assertThat(item.get("entropy_low").asDouble())
        .isCloseTo(-0.6 * Math.log(0.6) - 0.4 * Math.log(0.4), within(1e-9));
    assertThat(item.has("entropy_high")).isFalse();
    assertThat(item.at("/top/id").asInt()).isEqualTo(2);
  }

  @Test
  void aFilterThatIsOffChangesNothing() {
    String plain = post("/v1/entropy", call(LIST, "'vocab_size':4")).ok().text();
    String off = "'vocab_size':4,'reported_at':{'top_p':1,'top_k':-1,'min_p':0,'temperature':1}";
    assertThat(post("/v1/entropy", call(LIST, off)).ok().text()).isEqualTo(plain);
  }

  /** A kept set is certain where every tail leads to it; its mass is a range. */
  @Test
  void aKeptSetMayBeCertifiedAllTheSame() {
    JsonNode item =
        post(
                "/v1/truncation",
                call(LIST, "'reported_at':{'temperature':2},'vocab_size':4,'min_p':0.5"))
            .ok()
            .at("/data/0");
    assertThat(item.get("certified").asBoolean()).isTrue();
    assertThat(item.get("kept_count").asInt()).isEqualTo(1);
    assertThat(item.get("kept_mass_low").asDouble()).isCloseTo(4.0 / 6, within(1e-12));
    assertThat(item.get("kept_mass_high").asDouble()).isCloseTo(4 / 5.5, within(1e-12));
  }

  @Test
  void switchingDecidesOnTheModelsOwnEntropy() {
    String more =
        "'reported_at':{'temperature':2},'vocab_size':4,'config':{'threshold':1,'window':1}";
    assertThat(
            post("/v1/ead", call(RESPONSE, more)).ok().at("/data/0/next/smoothed_high").asDouble())
        .isBetween(ENTROPY - 1e-12, 1.0);
    String observed =
        "\"observations\":[{\"top_logprobs\":[-0.6931471805599453,-1.3862943611198906]}]";
    assertThat(
            post("/v1/ead", call(observed, more)).ok().at("/data/0/next/smoothed_high").asDouble())
        .isBetween(ENTROPY - 1e-12, 1.0);
    String step = "'reported_at':{'temperature':2},'vocab_size':4,'min_p':0.5";
    assertThat(post("/v1/step", call(LIST, step)).ok().at("/data/0/entropy_high").asDouble())
        .isBetween(ENTROPY - 1e-12, 1.0);
  }

  @Test
  void aScoreSaysWhichOfItsNumbersAreTheModelsOwn() {
    Reply answer =
        post("/v1/score", call(RESPONSE, "'reported_at':{'temperature':2},'vocab_size':4"));
    assertThat(answer.ok().at("/data/0/entropy_high").asDouble()).isBetween(ENTROPY, 1.0);
    assertThat(answer.at("/data/0/mass_seen_low").asDouble()).isCloseTo(5.0 / 6, within(1e-4));
    assertThat(answer.at("/warnings").toString()).contains("reported_logprobs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "logits":[1,2],"reported_at":{"temperature":2}        | conflicting_inputs     | /reported_at
          "entropies":[1],"reported_at":{"temperature":2}       | conflicting_inputs     | /reported_at
          "probs":[1],"reported_at":{}                          | missing_input          | /reported_at
          "probs":[1],"reported_at":{"temperature":0}           | parameter_out_of_range | /reported_at/temperature
          "probs":[1],"reported_at":{"temperature":101}         | parameter_out_of_range | /reported_at/temperature
          "probs":[1],"reported_at":{"top_p":1.5}               | parameter_out_of_range | /reported_at/top_p
          "probs":[1],"reported_at":{"temprature":1}            | unknown_field          | /reported_at/temprature
          "probs":[1],"reported_at":2                           | wrong_type             | /reported_at
          "top_logprobs":[{"sampled_logprob":-1}],"reported_at":{"temperature":2} | missing_input | /top_logprobs/0
          "top_logprobs":[-1],"temperature":2                   | conflicting_inputs     | /temperature
          "top_logprobs":[-1],"temperature":0,"reported_at":{"temperature":2} | parameter_out_of_range | /temperature
          """)
  void whatCannotHaveBeenReportedIsRefused(String body, String code, String pointer) {
    post("/v1/entropy", "{" + body + "}").problem(422, code).pointing(pointer);
  }
}
