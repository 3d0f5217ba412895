package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Scores as confidences, and how a request for that can be wrong. */
class CalibrationTest extends CallTest {
  private static final String FIT = "/v1/calibration/fit";
  private static final String APPLY = "/v1/calibration/apply";

  /** 300 answers that are right with probability 1 − score². */
  private static ObjectNode drawn(String method) {
    var random = new Random(11);
    ObjectNode body = JSON.createObjectNode().put("method", method);
    ArrayNode scores = body.putArray("scores");
    ArrayNode correct = body.putArray("correct");
    for (int i = 0; i < 300; i++) {
      double score = random.nextDouble();
      scores.add(score);
      correct.add(random.nextDouble() >= score * score);
    }
    return body;
  }

  @ParameterizedTest
  @ValueSource(strings = {"platt", "isotonic", "histogram"})
  void aProfileComesBackAsConfidencesThatAreBetterThanTheScores(String method) {
    Reply fit = post(FIT, drawn(method).toString()).ok();
    JsonNode profile = fit.at("/data/0");
    assertThat(profile.at("/after/brier").asDouble())
        .isLessThan(profile.at("/before/brier").asDouble());
    assertThat(profile.at("/after/ece").asDouble())
        .isLessThan(profile.at("/before/ece").asDouble());
    assertThat(fit.at("/warnings").isMissingNode()).isTrue();
    Reply applied = post(APPLY, "{\"scores\":[0.1,0.9],\"profile\":" + profile + "}").ok();
    assertThat(applied.at("/data/0/confidence").asDouble()).isGreaterThan(0.75);
    assertThat(applied.at("/data/1/confidence").asDouble()).isLessThan(0.5);
  }

  @Test
  void scoresThatRunTheOtherWayAreRefusedWithTheFieldThatTurnsThem() {
    Reply reply = post(FIT, drawn("platt").put("higher_means", "more_confident").toString());
    reply.problem(422, "parameter_out_of_range").pointing("/higher_means");
    assertThat(reply.at("/hint").asString()).contains("higher_means: more_uncertain");
  }

  @Test
  void aMapNoBetterThanTheShareOfRightAnswersSaysSo() {
    ObjectNode body = JSON.createObjectNode().put("method", "histogram");
    ArrayNode scores = body.putArray("scores");
    ArrayNode correct = body.putArray("correct");
    for (int i = 0; i < 40; i++) {
      scores.add(i % 20);
      correct.add(i < 20 ? i % 2 : 1 - i % 2);
    }
    assertThat(post(FIT, body.toString()).ok().at("/warnings/0/code").asString())
        .isEqualTo("uninformative");
  }

  @Test
  void oneAnswerFarOutCannotTurnTheCurve() {
    ObjectNode body = drawn("platt");
    ((ArrayNode) body.get("scores")).add(1e6);
    ((ArrayNode) body.get("correct")).add(true);
    post(FIT, body.toString()).problem(422, "parameter_out_of_range").pointing("/method");
    post(FIT, body.put("method", "isotonic").toString()).ok();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          parameter_out_of_range | /scores       | {'scores':[1,2],'correct':[1,0]}
          shape_mismatch         | /correct      | {'scores':[1,2],'correct':[1]}
          parameter_out_of_range | /method       | {'scores':[1],'correct':[1],'method':'plat'}
          """,
      quoteCharacter = '\0')
  void aBadFitIsRefusedWhereItIsWrong(String code, String pointer, String body) {
    post(FIT, body.replace('\'', '"')).problem(422, code).pointing(pointer);
  }

  @Test
  void binsThatAreTooManyAreRefused() {
    post(FIT, drawn("histogram").put("bins", 61).toString())
        .problem(422, "parameter_out_of_range")
        .pointing("/bins");
    post(FIT, drawn("histogram").put("bins", 60).toString()).ok();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          parameter_out_of_range | /profile/kind             | conformal   | histogram | {'edges':[1],'confidences':[1,0]}
          shape_mismatch         | /profile/map/confidences  | calibration | histogram | {'edges':[1],'confidences':[1]}
          parameter_out_of_range | /profile/map/edges/1      | calibration | histogram | {'edges':[1,1],'confidences':[1,0,0]}
          parameter_out_of_range | /profile/map/confidences/0| calibration | histogram | {'edges':[],'confidences':[2]}
          shape_mismatch         | /profile/map/confidences  | calibration | isotonic  | {'scores':[],'confidences':[]}
          parameter_out_of_range | /profile/map/scores/0     | calibration | isotonic  | {'scores':[1e200],'confidences':[1]}
          missing_input          | /profile/map              | calibration | platt     | {'center':0,'scale':1,'slope':1}
          parameter_out_of_range | /profile/map/scale        | calibration | platt     | {'center':0,'scale':0,'slope':1,'intercept':0}
          unknown_field          | /profile/map/edges        | calibration | platt     | {'center':0,'scale':1,'slope':1,'intercept':0,'edges':[]}
          """,
      quoteCharacter = '\0')
  void aBadProfileIsRefusedWhereItIsWrong(
      String code, String pointer, String kind, String method, String map) {
    String profile =
        "{'kind':'%s','version':1,'method':'%s','score_low':0,'score_high':1,'map':%s}";
    String body =
        "{'scores':[1],'profile':" + String.format(Locale.ROOT, profile, kind, method, map) + "}";
    post(APPLY, body.replace('\'', '"')).problem(422, code).pointing(pointer);
  }

  /** As far out as a profile may say: still a probability. */
  @ParameterizedTest
  @ValueSource(strings = {"1e100", "-1e100", "0"})
  void theWidestProfileGivesProbabilities(String score) {
    String profile =
        """
        {"kind":"calibration","version":1,"method":"platt","score_low":0,"score_high":1,
        "map":{"center":-1e100,"scale":1e-100,"slope":1e100,"intercept":-1e100}}\
        """;
    assertThat(
            post(APPLY, "{\"scores\":[" + score + "],\"profile\":" + profile + "}")
                .ok()
                .at("/data/0/confidence")
                .asDouble())
        .isBetween(0.0, 1.0);
  }
}
