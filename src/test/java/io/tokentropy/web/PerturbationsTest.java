package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.web.call.PlainCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/perturbations}. */
class PerturbationsTest extends CallTest {
  private static final String PATH = "/v1/perturbations";

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {}                                                     | 422 | missing_input          | ''
          {"text":3}                                             | 422 | wrong_type             | /text
          {"text":""}                                            | 422 | parameter_out_of_range | /text
          {"text":"?!"}                                          | 422 | parameter_out_of_range | /text
          {"text":"Who is it?"}                                  | 422 | parameter_out_of_range | /text
          {"text":"这是什么"}                                     | 422 | parameter_out_of_range | /text
          {"text":"golfer","map":{"dog":["cat"]}}                | 422 | parameter_out_of_range | /text
          {"text":"golfer","map":{"golfer":["Golfer"]}}          | 422 | parameter_out_of_range | /text
          {"text":"golfer","map":["golfer"]}                     | 422 | wrong_type             | /map
          {"text":"golfer","map":{"golfer":[1]}}                 | 422 | wrong_type             | /map/golfer/0
          {"text":"golfer","map":{"golfer":[" "]}}               | 422 | parameter_out_of_range | /map/golfer/0
          {"text":"golfer","map":{},"substitutes":"wordnet"}     | 422 | conflicting_inputs     | /map
          {"text":"golfer","substitutes":"caller"}               | 422 | missing_input          | ''
          {"text":"golfer","substitutes":"llm"}                  | 422 | parameter_out_of_range | /substitutes
          {"text":"golfer","method":"llm"}                       | 422 | parameter_out_of_range | /method
          {"text":"golfer","count":0}                            | 422 | parameter_out_of_range | /count
          {"text":"golfer","interval":0}                         | 422 | parameter_out_of_range | /interval
          {"text":"golfer","delta":1.1}                          | 422 | parameter_out_of_range | /delta
          {"text":"golfer","key_ratio":-1}                       | 422 | parameter_out_of_range | /key_ratio
          {"text":"golfer","similarity":"server"}                | 422 | parameter_out_of_range | /similarity
          {"text":"golfer","similarity":"overlap","key_rule":"closest"} | 422 | parameter_out_of_range | /key_rule
          {"text":"golfer","map":{"golfer":["x"]},"key_rule":"rarest"}  | 422 | parameter_out_of_range | /key_rule
          {"text":"golfer","key_words":[]}                       | 422 | missing_input          | /key_words
          {"text":"one golfer","key_words":["golfer","one"]}     | 422 | parameter_out_of_range | /key_words/1
          {"text":"golfer","similarity":"overlap","long_texts":"mean"}  | 422 | parameter_out_of_range | /long_texts
          {"text":"golfer","generations":51}                     | 413 | limit_exceeded         | /generations
          {"text":"golfer","population_limit":501}               | 413 | limit_exceeded         | /population_limit
          {"text":"golfer","pairs":121}                          | 413 | limit_exceeded         | /pairs
          {"text":"golfer","pairs":100,"generations":50,"population_limit":500} | 413 | limit_exceeded | ''
          {"text":"golfer","nonsense":1}                         | 422 | unknown_field          | /nonsense
          """)
  void aBadRequestIsRefusedWithItsPlace(String body, int status, String code, String pointer) {
    post(PATH, body).problem(status, code).pointing(pointer.equals("''") ? "" : pointer);
  }

  private static ObjectNode body(String text) {
    return JSON.createObjectNode().put("text", text).put("similarity", "overlap");
  }

  private static List<String> texts(JsonNode answer) {
    var texts = new ArrayList<String>();
    answer.get("perturbations").forEach(each -> texts.add(each.get("text").asString()));
    return texts;
  }

  /** The reference vector of the first population, as a call. */
  @Test
  void withoutGenerationsTheFirstPopulationIsAnswered() {
    ObjectNode body = body("which golfer won").put("generations", 0).put("fill", false);
    ObjectNode map = body.putObject("map");
    map.putArray("golfer").add("linksman").add("driver").add("golfer");
    map.putArray("won").add("win");
    JsonNode answer = post(PATH, body.toString()).ok().json();
    assertThat(texts(answer))
        .containsExactly(
            "which linksman won",
            "which driver won",
            "which won",
            "which golfer win",
            "which golfer");
    assertThat(answer.at("/key_words").valueStream().map(JsonNode::asString))
        .containsExactly("golfer", "won");
    assertThat(answer.at("/stopped_by").asString()).isEqualTo("limit");
    assertThat(answer.at("/warnings/0/code").asString()).isEqualTo("fewer_perturbations");
    assertThat(answer.at("/perturbations/0/similarity").asDouble())
        .isCloseTo(5.0 / 6, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlap", "builtin"})
  void theSameSeedGivesTheSameBytesFromAnotherService(String similarity) {
    String body =
        body("Which golfers won the Masters?")
            .put("similarity", similarity)
            .put("generations", 4)
            .put("pairs", 3)
            .put("seed", 12)
            .toString();
    String one = post(PATH, body).ok().text();
    assertThat(post(PATH, body).ok().text()).isEqualTo(one);
    if (similarity.equals("overlap")) {
      assertThat(new PlainCalls().post(PATH, body).ok().text()).isEqualTo(one);
    }
    assertThat(texts(post(PATH, body.replace("12", "13")).ok().json()))
        .isNotEqualTo(texts(JSON.readTree(one)));
  }

  @Test
  void theModelSaysHowCloseTextsAreAndWhichWordsAreKeyWords() {
    ObjectNode body =
        body("Which golfers won the Masters?").put("similarity", "builtin").put("generations", 2);
    JsonNode answer = post(PATH, body.toString()).ok().json();
    assertThat(answer.at("/provenance/embedding_model").asString()).contains("MiniLM");
    assertThat(answer.at("/key_words").valueStream().map(JsonNode::asString))
        .containsExactly("golfers", "Masters");
    String first = answer.at("/perturbations/0/text").asString();
    JsonNode compared =
        post(
                "/v1/inv-entropy",
                "{\"texts_x\":[\"Which golfers won the Masters?\",\"@\"],\"texts_y\":[\"a\",\"b\"],\"return\":[\"matrices\"]}"
                    .replace("@", first))
            .ok()
            .at("/data/0/transition_x/0");
    double similarity = answer.at("/perturbations/0/similarity").asDouble();
    assertThat(compared.get(1).asDouble() / compared.get(0).asDouble())
        .isCloseTo(similarity, within(1e-12));
  }

  @Test
  void withoutAModelTextsAreComparedByTheirWords() {
    JsonNode answer = new PlainCalls().post(PATH, "{\"text\":\"Which golfers won?\"}").ok().json();
    assertThat(answer.at("/provenance/similarity").asString()).isEqualTo("overlap");
    assertThat(answer.at("/provenance").has("embedding_model")).isFalse();
    assertThat(answer.at("/provenance/wordnet").asString()).isEqualTo("3.1");
  }

  @Test
  void aTextOfOneWordAndOneOf512AreAnsweredAndOneOf513IsNot() {
    JsonNode one = post(PATH, body("golfer").toString()).ok().json();
    assertThat(texts(one)).hasSize(9).doesNotContain("golfer", "");
    String[] some =
        "Which golfers won the old tournament of the king near a small house".split(" ");
    String text =
        IntStream.range(0, 512)
            .mapToObj(i -> some[i % some.length])
            .collect(Collectors.joining(" "));
    JsonNode many = post(PATH, body(text).toString()).ok().json();
    assertThat(texts(many)).hasSize(9).doesNotHaveDuplicates().doesNotContain(text);
    assertThat(texts(many)).noneMatch(each -> each.contains("_"));
    post(PATH, body(text + " more").toString()).problem(413, "limit_exceeded").pointing("/text");
  }

  @Test
  void aFirstPopulationThatIsTooFarIsSaidToBe() {
    JsonNode answer = post(PATH, body("Which golfers won?").put("delta", 1).toString()).ok().json();
    assertThat(answer.at("/stopped_by").asString()).isEqualTo("delta");
    assertThat(answer.at("/generations").asInt()).isZero();
    assertThat(answer.at("/populations").size()).isEqualTo(1);
    assertThat(answer.at("/warnings").valueStream().map(each -> each.get("code").asString()))
        .contains("far_from_original");
  }

  @Test
  void aTextThatTheModelCannotTakeWholeIsRefusedUnlessItIsSaidWhatBecomesOfIt() {
    String text = "golfer ".repeat(511);
    ObjectNode body =
        body(text)
            .put("similarity", "builtin")
            .put("generations", 0)
            .put("population_limit", 1)
            .put("key_rule", "all")
            .put("pairs", 1);
    Reply refused = post(PATH, body.toString()).problem(422, "parameter_out_of_range");
    assertThat(refused.pointing("/text").text()).contains("word pieces", "long_texts");
    JsonNode answer = post(PATH, body.put("long_texts", "truncate").toString()).ok().json();
    assertThat(answer.at("/warnings").valueStream().map(each -> each.get("code").asString()))
        .contains("long_text");
  }

  @Test
  void namedKeyWordsChangeFirst() {
    ObjectNode body = body("Which golfers won the Masters?").put("generations", 0);
    body.putArray("key_words").add("Won");
    JsonNode answer = post(PATH, body.toString()).ok().json();
    assertThat(answer.at("/key_words").valueStream().map(JsonNode::asString))
        .containsExactly("won");
    assertThat(texts(answer))
        .allMatch(text -> text.toLowerCase(Locale.ROOT).matches("which golfers .*the masters\\?"));
  }
}
