package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sets of labels, and how a request for them can be wrong. */
class ConformalTest extends CallTest {
  private static final String CALIBRATE = "/v1/conformal/calibrate";
  private static final String PREDICT = "/v1/conformal/predict";

  private static final String ROWS =
      """
      "rows":[{"probs":[0.75,0.125,0.125],"label":0},{"probs":[0.5,0.25,0.25],"label":1},
      {"probs":[0.125,0.25,0.625],"label":2},{"probs":[0.5,0.375,0.125],"label":1}]\
      """;

  private static ObjectNode profile(String fields) {
    return (ObjectNode) post(CALIBRATE, "{" + ROWS + "," + fields + "}").ok().at("/data/0");
  }

  private static Reply predict(JsonNode profile, String fields) {
    return post(PREDICT, "{\"profile\":" + profile + "," + fields + "}");
  }

  @Test
  void aProfileIsSentBackWhole() {
    Reply reply =
        predict(
            profile("\"alpha\":0.4,\"score\":\"raps\",\"lambda\":0.25,\"k_reg\":1"),
            "\"rows\":[{\"probs\":[0.5,0.375,0.125]}]");
    assertThat(reply.ok().at("/data/0/labels").toString()).isEqualTo("[0]");
    assertThat(reply.at("/coverage_lower").asDouble()).isEqualTo(0.6);
    assertThat(reply.at("/guarantee").asString()).startsWith("Marginal").contains("exchangeable");
  }

  /** rank 5 of 4: all labels, and 9 rows would do. */
  @Test
  void tooFewRowsKeepEveryLabelAndSayHowManyAreNeeded() {
    Reply reply = post(CALIBRATE, "{" + ROWS + ",\"alpha\":0.1}").ok();
    assertThat(reply.at("/data/0/n_needed").asInt()).isEqualTo(9);
    assertThat(reply.at("/warnings/0/message").asString())
        .isEqualTo(
            "4 rows are too few for alpha 0.1: qhat is unbounded and every set holds all labels;"
                + " at least 9 are needed");
    assertThat(predict(reply.at("/data/0"), "\"rows\":[{\"probs\":[1,0,0]}]").ok().at("/sets"))
        .hasToString("[[0,1,2]]");
  }

  @Test
  void aChangedProfileIsRefusedByTheFieldThatDoesNotFollow() {
    String rows = "\"rows\":[{\"probs\":[0.5,0.375,0.125]}]";
    ObjectNode profile = profile("\"alpha\":0.4");
    predict(profile.deepCopy().put("qhat", 0.7), rows)
        .problem(422, "invalid_state")
        .pointing("/profile/qhat");
    predict(profile.deepCopy().put("alpha", 0.1), rows)
        .problem(422, "invalid_state")
        .pointing("/profile/rank");
    ObjectNode without = profile.deepCopy();
    without.remove("qhat");
    predict(without, rows).problem(422, "invalid_state").pointing("/profile/qhat");
    predict(profile.deepCopy().put("kind", "calibration"), rows)
        .problem(422, "parameter_out_of_range")
        .pointing("/profile/kind");
    predict(profile.deepCopy().put("version", 2), rows)
        .problem(422, "parameter_out_of_range")
        .pointing("/profile/version");
    predict(profile, rows + ",\"score\":\"aps\"")
        .problem(422, "conflicting_inputs")
        .pointing("/score");
    predict(profile, "\"rows\":[{\"probs\":[0.5,0.5]}]")
        .problem(422, "shape_mismatch")
        .pointing("/rows");
  }

  @Test
  void drawsInCalibrationNeedDrawsInPrediction() {
    String rows = "\"rows\":[{\"probs\":[0.5,0.375,0.125]}]";
    ObjectNode drawn = profile("\"alpha\":0.4,\"score\":\"aps\",\"u\":[0.1,0.2,0.3,0.4]");
    assertThat(drawn.get("randomized").asBoolean()).isTrue();
    predict(drawn, rows).problem(422, "missing_input");
    predict(drawn, rows + ",\"u\":[0.5]").ok();
    predict(profile("\"alpha\":0.4,\"score\":\"aps\""), rows + ",\"u\":[0.5]")
        .problem(422, "conflicting_inputs")
        .pointing("/u");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          parameter_out_of_range | /alpha        | "alpha":0,"rows":[{"probs":[1,0],"label":0}]
          parameter_out_of_range | /alpha        | "alpha":1,"rows":[{"probs":[1,0],"label":0}]
          parameter_out_of_range | /alpha        | "alpha":10,"rows":[{"probs":[1,0],"label":0}]
          missing_input          | ''            | "rows":[{"probs":[1,0],"label":0}]
          parameter_out_of_range | /rows/0/label | "alpha":0.1,"rows":[{"probs":[1,0],"label":2}]
          parameter_out_of_range | /rows/0/label | "alpha":0.1,"rows":[{"probs":[1,0],"label":-1}]
          wrong_type             | /rows/0/label | "alpha":0.1,"rows":[{"probs":[1,0],"label":0.5}]
          missing_input          | /rows/0       | "alpha":0.1,"rows":[{"probs":[1,0]}]
          ragged_rows            | /rows/1/probs | "alpha":0.1,"rows":[{"probs":[1,0],"label":0},{"probs":[1],"label":0}]
          shape_mismatch         | /rows/0/probs | "alpha":0.1,"rows":[{"probs":[[1,0],[1,0]],"label":0}]
          missing_input          | /rows/0/top_logprobs | "alpha":0.1,"rows":[{"top_logprobs":[-1],"label":0}]
          missing_input          | /rows         | "alpha":0.1,"rows":[]
          not_a_distribution     | /rows/0/probs | "alpha":0.1,"rows":[{"probs":[1,1],"label":0}]
          shape_mismatch         | /u            | "alpha":0.1,"rows":[{"probs":[1,0],"label":0}],"u":[1,1]
          parameter_out_of_range | /u/0          | "alpha":0.1,"rows":[{"probs":[1,0],"label":0}],"u":[1.5]
          parameter_out_of_range | /lambda       | "alpha":0.1,"rows":[{"probs":[1,0],"label":0}],"lambda":-1
          parameter_out_of_range | /k_reg        | "alpha":0.1,"rows":[{"probs":[1,0],"label":0}],"k_reg":-1
          parameter_out_of_range | /score        | "alpha":0.1,"rows":[{"probs":[1,0],"label":0}],"score":"rap"
          unknown_field          | /rows/0/lable | "alpha":0.1,"rows":[{"probs":[1,0],"label":0,"lable":0}]
          """)
  void aBadCalibrationIsRefusedWhereItIsWrong(String code, String pointer, String fields) {
    post(CALIBRATE, "{" + fields + "}")
        .problem(422, code)
        .pointing(pointer.equals("''") ? "" : pointer);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          missing_input      | ''            | "rows":[{"probs":[1,0]}]
          conflicting_inputs | /rule         | "rows":[{"probs":[1,0]}],"qhat":0.5,"rule":"inclusive"
          unknown_field      | /rows/0/label | "rows":[{"probs":[1,0],"label":0}],"qhat":0.5
          parameter_out_of_range | /alpha    | "rows":[{"probs":[1,0]}],"qhat":0.5,"alpha":2
          wrong_type         | /profile      | "rows":[{"probs":[1,0]}],"profile":7
          missing_input      | /profile      | "rows":[{"probs":[1,0]}],"profile":{}
          """)
  void aBadPredictionIsRefusedWhereItIsWrong(String code, String pointer, String fields) {
    post(PREDICT, "{" + fields + "}")
        .problem(422, code)
        .pointing(pointer.equals("''") ? "" : pointer);
  }

  private static Reply watch(JsonNode profile, String fields) {
    return post("/v1/conformal/watch", "{\"profile\":" + profile + "," + fields + "}");
  }

  @Test
  void aWatchGoesOnWhereItsStateLeftIt() {
    ObjectNode profile = profile("\"alpha\":0.4");
    Reply whole = watch(profile, "\"scores\":[0.5,0.9,0.8,0.1]").ok();
    Reply first = watch(profile, "\"scores\":[0.5,0.9]").ok();
    Reply second = watch(profile, "\"scores\":[0.8,0.1],\"state\":" + first.at("/data/0/state"));
    assertThat(second.ok().text()).isEqualTo(whole.text());
    assertThat(whole.at("/data/0/misses").asInt()).isEqualTo(2);
    assertThat(watch(profile, "\"scores\":[]").ok().at("/data/0/evidence").asDouble()).isEqualTo(1);
  }

  @Test
  void aWatchOfAnotherProfileOrRateIsRefused() {
    ObjectNode profile = profile("\"alpha\":0.4");
    ObjectNode state = (ObjectNode) watch(profile, "\"scores\":[0.5]").ok().at("/data/0/state");
    String going = "\"scores\":[],\"state\":";
    watch(profile("\"alpha\":0.6"), going + state)
        .problem(422, "invalid_state")
        .pointing("/state/rank");
    watch(profile, "\"false_alarm\":0.05," + going + state)
        .problem(422, "invalid_state")
        .pointing("/state/false_alarm");
    watch(profile, going + state.deepCopy().put("misses", 2))
        .problem(422, "invalid_state")
        .pointing("/state/misses");
    watch(profile, going + state.deepCopy().put("greatest", 0.1))
        .problem(422, "invalid_state")
        .pointing("/state/greatest");
    watch(profile("\"alpha\":0.1"), "\"scores\":[]")
        .problem(422, "missing_input")
        .pointing("/profile");
    watch(profile, "\"scores\":[],\"false_alarm\":1")
        .problem(422, "parameter_out_of_range")
        .pointing("/false_alarm");
  }
}
