package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A confidence beside a score, where a profile comes along, and how the profile can be wrong. */
class ConfidenceTest extends CallTest {
  /** 1.05 bit and less is right four times in five, more once in five. */
  private static final String PROFILE =
      """
      {'kind':'calibration','version':1,'score':{'path':'/v1/entropy','field':'data.entropy','unit':'bit'},
       'method':'histogram','higher_means':'more_uncertain','n':20,'right':10,'score_low':0.1,'score_high':2,
       'map':{'edges':[1.05],'confidences':[0.8,0.2]},
       'after':{'ece':0.15,'brier':0.175,'auroc':0.76},'after_by':'5-fold cross-validation'}\
      """;

  private static Reply call(String path, String fields, String profile) {
    return post(path, ("{" + fields + ",'profile':" + profile + "}").replace('\'', '"'));
  }

  private static Reply entropy(String fields) {
    return call("/v1/entropy", fields, PROFILE);
  }

  @Test
  void oneBitIsWorthWhatOneBitWasWorth() {
    Reply reply = entropy("'unit':'bit','probs':[[0.5,0.5,0,0],[0.25,0.25,0.25,0.25]]").ok();
    assertThat(reply.at("/data/0/confidence").asDouble()).isEqualTo(0.8);
    assertThat(reply.at("/data/1/confidence").asDouble()).isEqualTo(0.2);
    assertThat(reply.at("/sequence/confidence").isMissingNode()).isTrue();
    assertThat(reply.at("/warnings").isMissingNode()).isTrue();
    assertThat(reply.at("/profile"))
        .isEqualTo(
            JSON.readTree(
                """
                {"score":{"path":"/v1/entropy","field":"data.entropy","unit":"bit"},"method":"histogram","n":20,
                 "right":10,"score_low":0.1,"score_high":2.0,"after":{"ece":0.15,"brier":0.175,"auroc":0.76},
                 "after_by":"5-fold cross-validation"}\
                """));
  }

  /** Half of the mass unseen, spread over up to seven tokens: between 1 and 2.4 bits. */
  @Test
  void aRangeOfScoresIsARangeOfConfidences() {
    Reply reply =
        entropy("'unit':'bit','vocab_size':8,'top_logprobs':[[-0.6931471805599453]]").ok();
    assertThat(reply.at("/data/0/entropy_low").asDouble()).isLessThan(1.05);
    assertThat(reply.at("/data/0/entropy").asDouble()).isGreaterThan(1.05);
    assertThat(reply.at("/data/0/confidence").asDouble()).isEqualTo(0.2);
    assertThat(reply.at("/data/0/confidence_low").asDouble()).isEqualTo(0.2);
    assertThat(reply.at("/data/0/confidence_high").asDouble()).isEqualTo(0.8);
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("outside_the_fit");
  }

  /** 0 bits is below all that was fitted, the entropy of five equal tokens above. */
  @Test
  void scoresOutsideTheFitAreCounted() {
    Reply reply =
        entropy("'unit':'bit','logits':[[0,null,null,null,null],[0,0,0,0,0],[0,0,null,null,null]]")
            .ok();
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("outside_the_fit");
    assertThat(reply.at("/warnings/0/message").asString()).startsWith("2 of the scores are");
  }

  @Test
  void aMapThatSaysNothingSaysSoAgain() {
    Reply reply =
        call(
                "/v1/entropy",
                "'unit':'bit','probs':[[0.5,0.5]]",
                PROFILE.replace("'brier':0.175", "'brier':0.25"))
            .ok();
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("uninformative");
  }

  /** One row has no sequence. */
  @Test
  void withoutTheScoreThereIsAWarningAndNoConfidence() {
    Reply reply =
        call(
                "/v1/entropy",
                "'unit':'bit','probs':[[0.5,0.5]]",
                PROFILE.replace("data.entropy", "sequence.mean"))
            .ok();
    assertThat(reply.text()).doesNotContain("\"confidence");
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("no_score");
  }

  @ParameterizedTest(name = "{0} {1}: {2} for {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          missing_input          | /profile               | 'score':{'path':'/v1/entropy','field':'data.entropy','unit':'bit'}, |
          parameter_out_of_range | /profile/score/path    | '/v1/entropy'                     | '/v1/score'
          parameter_out_of_range | /profile/score/field   | 'data.entropy'                    | 'data.entropie'
          conflicting_inputs     | /profile/score/unit    | 'data.entropy'                    | 'data.normalized'
          conflicting_inputs     | /profile/score/unit    | ,'unit':'bit'                     |
          parameter_out_of_range | /profile/score/unit    | 'bit'                             | 'bits'
          unknown_field          | /profile/score/units   | 'unit'                            | 'units'
          conflicting_inputs     | /profile/higher_means  | more_uncertain                    | more_confident
          parameter_out_of_range | /profile/kind          | 'calibration'                     | 'conformal'
          parameter_out_of_range | /profile/version       | 'version':1                       | 'version':2
          parameter_out_of_range | /profile/after/brier   | 0.175                             | 1.75
          parameter_out_of_range | /profile/after/ece     | 0.15                              | 15
          unknown_field          | /profile/after/mce     | 'ece'                             | 'mce'
          conflicting_inputs     | /profile/map/slope     | 'histogram'                       | 'platt'
          """)
  void aProfileForAnotherMatterIsRefused(String code, String pointer, String from, String to) {
    String profile = PROFILE.replace(from, to == null ? "" : to);
    if ("'platt'".equals(to)) {
      profile =
          profile.replace(
              "{'edges':[1.05],'confidences':[0.8,0.2]}",
              "{'center':1,'scale':1,'slope':2,'intercept':0}");
    }
    call("/v1/entropy", "'unit':'bit','probs':[[0.5,0.5]]", profile)
        .problem(422, code)
        .pointing(pointer);
  }

  @Test
  void theUnitOfTheAnswerIsTheUnitOfTheFit() {
    Reply reply = entropy("'probs':[[0.5,0.5]]");
    reply.problem(422, "conflicting_inputs").pointing("/profile/score/unit");
    assertThat(reply.at("/hint").asString()).isEqualTo("Send unit: bit.");
  }

  /** What /v1/entropy said of 40 rows is fitted, and goes along with the next call. */
  @ParameterizedTest
  @ValueSource(strings = {"platt", "isotonic", "histogram"})
  void aProfileThatNamesItsScoreGoesFromTheFitToTheNextCall(String method) {
    ObjectNode fit = JSON.createObjectNode().put("method", method);
    fit.putObject("score").put("path", "/v1/entropy").put("field", "data.margin");
    var scores = fit.putArray("scores");
    var correct = fit.putArray("correct");
    for (int i = 0; i < 40; i++) {
      scores.add(i / 40.0);
      correct.add(i % 5 == 0 ? i < 20 : i >= 20);
    }
    JsonNode profile = post("/v1/calibration/fit", fit.toString()).ok().at("/data/0");
    assertThat(profile.at("/higher_means").asString()).isEqualTo("more_confident");
    ObjectNode body = JSON.createObjectNode();
    body.putArray("probs").addArray().add(0.95).add(0.05);
    body.withArray("probs").addArray().add(0.55).add(0.45);
    body.putArray("measures").add("margin");
    body.set("profile", profile);
    Reply reply = post("/v1/entropy", body.toString()).ok();
    assertThat(reply.at("/data/0/confidence").asDouble()).isGreaterThan(0.6);
    assertThat(reply.at("/data/1/confidence").asDouble()).isLessThan(0.4);
    assertThat(reply.at("/profile/after")).isEqualTo(profile.at("/after"));
    post("/v1/calibration/apply", "{\"scores\":[0.5],\"profile\":" + profile + "}").ok();
    fit.put("higher_means", "more_uncertain");
    post("/v1/calibration/fit", fit.toString())
        .problem(422, "conflicting_inputs")
        .pointing("/higher_means");
  }

  /** An item that is refused has no score, and the others have their confidence. */
  @Test
  void aBadItemDoesNotCostTheOthersTheirConfidence() {
    Reply reply =
        call(
                "/v1/ensemble",
                "'unit':'bit','items':[{'probs':[[0.5,0.5]],'weights':[1,1]},{'probs':[[0.5,0.5]]}]",
                PROFILE
                    .replace("/v1/entropy", "/v1/ensemble")
                    .replace("data.entropy", "data.total"))
            .ok();
    assertThat(reply.at("/data/0/error/code").asString()).isEqualTo("shape_mismatch");
    assertThat(reply.at("/data/1/confidence").asDouble()).isEqualTo(0.8);
  }

  private static final String RESPONSE =
      """
      'openai':{'choices':[
       {'index':0,'message':{'content':'Yes'},'logprobs':{'content':[{'token':'Yes','logprob':-0.5,
        'top_logprobs':[{'token':'Yes','logprob':-0.5},{'token':'No','logprob':-1.5}]}]}},
       {'index':1,'message':{'content':'No'},'logprobs':{'content':[{'token':'No','logprob':-1.5,
        'top_logprobs':[{'token':'Yes','logprob':-0.5},{'token':'No','logprob':-1.5}]}]}}]},'vocab_size':8\
      """;

  /** Bodies that together bring every score that can have a confidence. */
  private static final Map<String, List<String>> BODIES =
      Map.of(
          "/v1/entropy",
          List.of(
              """
              'logits':[[2,1,0],[1,1,0]],'k':2,'order':2,'prefix_len':1,'group':1,'tail':1,'measures':['varentropy',
              'margin','min_entropy','renyi','tsallis','gini','collision','kl_from_uniform','self_certainty',
              'fisher_rao','logtoku','deepconf']\
              """),
          "/v1/score",
          List.of(RESPONSE + ",'spans':[{'name':'all','start':0,'end':3}]"),
          "/v1/labels",
          List.of(
              RESPONSE + ",'labels':['Yes','No']",
              "'candidates':[{'name':'a','logprobs':[-1]},{'name':'b','logprobs':[-2]}]"),
          "/v1/inv-entropy",
          List.of(
              "'sim_x':[[1,0.5,0.5],[0.5,1,0.5],[0.5,0.5,1]],'sim_y':[[1,0.2,0.1],[0.2,1,0.3],[0.1,0.3,1]]"),
          "/v1/ensemble",
          List.of("'probs':[[0.5,0.5],[0.25,0.75]]"),
          "/v1/uncertainty",
          List.of(
              """
              'texts':['a b','a b','c'],'logprobs':[[-0.5,-0.2],[-0.5,-0.3],[-2]],
              'similarity':[[1,0.9,0.1],[0.9,1,0.2],[0.1,0.2,1]],'similarity_without_token':[[0.9,0.5],[0.9,0.5],[0.3]],
              'entail':[[1,0.8,0.1],[0.8,1,0.1],[0.1,0.1,1]],'contra':[[0,0.1,0.5],[0.1,0,0.5],[0.5,0.5,0]]\
              """));

  /** Each score that a profile can name stands in an answer, and has a confidence there. */
  @Test
  void everyScoreThatCanBeNamedIsFound() {
    assertThat(known("/score/path", "?", "?")).isEqualTo(new TreeSet<>(BODIES.keySet()));
    BODIES.forEach(
        (path, bodies) -> {
          var found = new TreeSet<String>();
          Set<String> named = known("/score/field", path, "?");
          for (String field : named) {
            String profile =
                """
                {'kind':'calibration','version':1,'score':{'path':'%s','field':'%s'},'method':'histogram',
                 'score_low':-1e9,'score_high':1e9,'map':{'edges':[],'confidences':[0.5]}}\
                """
                    .formatted(path, field);
            for (String body : bodies) {
              String text = call(path, body, profile).ok().text();
              boolean there = text.contains("\"confidence\":0.5");
              assertThat(text.contains("no_score")).isNotEqualTo(there);
              if (there) {
                found.add(field);
              }
            }
          }
          assertThat(found).isEqualTo(named);
        });
  }

  /** The names that a refusal of another one lists. */
  private static Set<String> known(String pointer, String path, String field) {
    Reply reply =
        post(
            "/v1/calibration/fit",
            "{\"score\":{\"path\":\"" + path + "\",\"field\":\"" + field + "\"}}");
    reply.problem(422, "parameter_out_of_range").pointing(pointer);
    String list = reply.at("/errors/0/detail").asString().replaceFirst(".*known here: ", "");
    return new TreeSet<>(Arrays.asList(list.split(", ")));
  }

  /** Two answers of one response: the profile for the first is that for each. */
  @Test
  void everyAnswerOfAResponseHasItsConfidence() {
    Reply reply =
        call(
                "/v1/score",
                RESPONSE,
                """
                {'kind':'calibration','version':1,'score':{'path':'/v1/score','field':'sequence.mean_logprob'},
                 'method':'isotonic','score_low':-2,'score_high':0,'map':{'scores':[-2,-1,0],'confidences':[0,0.5,1]}}\
                """)
            .ok();
    assertThat(reply.at("/sequence/confidence").asDouble()).isEqualTo(0.75);
    assertThat(reply.at("/choices/0/confidence").asDouble()).isEqualTo(0.75);
    assertThat(reply.at("/choices/1/confidence").asDouble()).isEqualTo(0.25);
  }
}
