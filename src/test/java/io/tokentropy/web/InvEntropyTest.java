package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/inv-entropy} beside its reference vectors: refusals, warnings, items and texts. */
class InvEntropyTest extends CallTest {
  private static final String PATH = "/v1/inv-entropy";

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {}                                                             | 422 | missing_input          | ''
          {"sim_x":[[1,1],[1,1]]}                                        | 422 | missing_input          | ''
          {"simx":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]]}                   | 422 | missing_input          | ''
          {"sim_x":[[1,1],[1,1]],"embeddings_y":[[1],[1]]}               | 422 | conflicting_inputs     | ''
          {"sim_x":[],"sim_y":[]}                                        | 422 | missing_input          | /sim_x
          {"sim_x":[[1]],"sim_y":[[1]]}                                  | 422 | parameter_out_of_range | /sim_x
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1,1],[1,1,1],[1,1,1]]}      | 422 | shape_mismatch         | /sim_y
          {"sim_x":[[1,1],[1]],"sim_y":[[1,1],[1,1]]}                    | 422 | shape_mismatch         | /sim_x/1
          {"sim_x":[[1,-0.1],[1,1]],"sim_y":[[1,1],[1,1]]}               | 422 | parameter_out_of_range | /sim_x/0/1
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[0,0]]}                  | 422 | parameter_out_of_range | /sim_y/1
          {"sim_x":[[1,NaN],[1,1]],"sim_y":[[1,1],[1,1]]}                | 422 | not_finite             | /sim_x/0/1
          {"sim_x":[[1,null],[1,1]],"sim_y":[[1,1],[1,1]]}               | 422 | wrong_type             | /sim_x/0/1
          {"embeddings_x":[[1,2],[1]],"embeddings_y":[[1],[1]]}          | 422 | ragged_rows            | /embeddings_x/1
          {"embeddings_x":[[1,2],[0,0]],"embeddings_y":[[1],[1]]}        | 422 | parameter_out_of_range | /embeddings_x/1
          {"texts_x":["a"," "],"texts_y":["b","c"]}                      | 422 | parameter_out_of_range | /texts_x/1
          {"texts_x":["a",3],"texts_y":["b","c"]}                        | 422 | wrong_type             | /texts_x/1
          {"texts_x":["a","b"],"texts_y":["b","c"],"long_texts":"cut"}   | 422 | parameter_out_of_range | /long_texts
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1,1],[1,1,1],[1,1,1]],"groups":[[0,1],[1,2]]} | 422 | parameter_out_of_range | /groups/1/0
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1,1],[1,1,1],[1,1,1]],"groups":[[0],[1]]}     | 422 | shape_mismatch | /groups
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1,1],[1,1,1],[1,1,1]],"groups":[[0,1,2]]}     | 422 | shape_mismatch | /groups
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1,1],[1,1,1],[1,1,1]],"answers_per_prompt":2} | 422 | shape_mismatch | /sim_y
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"answers_per_prompt":1} | 422 | conflicting_inputs | /answers_per_prompt
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"bootstrap":{"draws":3}}  | 422 | conflicting_inputs | /bootstrap
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"bootstrap":{"draws":0}} | 422 | parameter_out_of_range | /bootstrap/draws
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"bootstrap":{"draws":1001}} | 413 | limit_exceeded | /bootstrap/draws
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"bootstrap":{"sead":1}} | 422 | unknown_field | /bootstrap/sead
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"picks":[[0]]} | 422 | shape_mismatch | /picks/0
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"picks":[[0,1]]} | 422 | parameter_out_of_range | /picks/0/1
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"groups":[[0],[1]],"picks":[[0,0]],"exhaustive":true} | 422 | conflicting_inputs | ''
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"pooled":true}    | 422 | conflicting_inputs     | /pooled
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"mapping":"cos"}  | 422 | parameter_out_of_range | /mapping
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"return":["all"]} | 422 | parameter_out_of_range | /return/0
          {"items":[]}                                                   | 422 | missing_input          | /items
          {"sim_x":[[1,1],[1,1]],"sim_y":[[1,1],[1,1]],"nonsense":1}     | 422 | unknown_field          | /nonsense
          """)
  void aBadRequestIsRefusedWithItsPlace(String body, int status, String code, String pointer) {
    post(PATH, body).problem(status, code).pointing(pointer.equals("''") ? "" : pointer);
  }

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {}                                                  | 422 | missing_input          | EMPTY
          {"scores":[]}                                       | 422 | missing_input          | /scores
          {"scores":[[1]]}                                    | 422 | parameter_out_of_range | /scores/0
          {"scores":[[1,2],[1]]}                              | 422 | ragged_rows            | /scores/1
          {"scores":[[1,2]],"temperatures":[1]}               | 422 | shape_mismatch         | /temperatures
          {"scores":[[1,2]],"temperatures":[1,0.5]}           | 422 | parameter_out_of_range | /temperatures/1
          """)
  void badScoresAreRefused(String body, int status, String code, String pointer) {
    post("/v1/evaluation/tsu", body)
        .problem(status, code)
        .pointing(pointer.equals("EMPTY") ? "" : pointer);
  }

  private static ArrayNode ones(int n) {
    ArrayNode matrix = JSON.createArrayNode();
    for (int i = 0; i < n; i++) {
      ArrayNode row = matrix.addArray();
      for (int j = 0; j < n; j++) {
        row.add(1);
      }
    }
    return matrix;
  }

  private static ObjectNode square(int n) {
    ObjectNode body = JSON.createObjectNode();
    body.set("sim_x", ones(n));
    body.set("sim_y", ones(n));
    return body;
  }

  @Test
  void sizesAreAllowedUpToTheirLimit() {
    assertThat(post(PATH, square(1024).toString()).ok().at("/data/0/inv_entropy").asDouble())
        .isCloseTo(Math.log(1024), within(1e-12));
    Reply refused = post(PATH, square(1025).toString()).problem(413, "limit_exceeded");
    assertThat(refused.pointing("/sim_x").text()).contains("TOKENTROPY_MAX_INV_ENTROPY_N");
    ObjectNode whole = square(256);
    whole.putArray("return").add("matrices");
    assertThat(post(PATH, whole.toString()).ok().at("/data/0/x_given_y").size()).isEqualTo(256);
    whole = square(257);
    whole.putArray("return").add("matrices");
    post(PATH, whole.toString()).problem(413, "limit_exceeded").pointing("/sim_x");
  }

  @Test
  void tooManyCombinationsAreRefusedByTheLimitOfDraws() {
    ObjectNode body = JSON.createObjectNode();
    body.set("sim_x", ones(10));
    body.set("sim_y", ones(20));
    body.put("answers_per_prompt", 2).put("exhaustive", true);
    post(PATH, body.toString()).problem(413, "limit_exceeded").pointing("/exhaustive");
  }

  @Test
  void oneBadItemDoesNotSpoilTheOthers() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode items = body.putArray("items");
    items.add(square(4));
    items.add(JSON.createObjectNode().put("sim_x", "no"));
    ObjectNode zero = square(3);
    ((ArrayNode) zero.get("sim_y").get(1)).removeAll().add(0).add(0).add(0);
    items.add(zero);
    items.add(square(5));
    JsonNode answer = post(PATH, body.toString()).ok().json();
    assertThat(answer.at("/data/0/n").asInt()).isEqualTo(4);
    assertThat(answer.at("/data/1/error/code").asString()).isEqualTo("wrong_type");
    assertThat(answer.at("/data/2/error/errors/0/pointer").asString())
        .isEqualTo("/items/2/sim_y/1");
    assertThat(answer.at("/data/3/uniform_value").asDouble()).isEqualTo(Math.log(5));
    assertThat(codes(answer)).contains("different_n", "duplicate_prompts");
  }

  private static String codes(JsonNode answer) {
    return answer
        .path("warnings")
        .valueStream()
        .map(w -> w.get("code").asString())
        .collect(Collectors.joining(" "));
  }

  @Test
  void optionsOfTheRequestHoldForItemsThatHaveNone() {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode zero = square(3);
    ((ArrayNode) zero.get("sim_y").get(1)).removeAll().add(0).add(0).add(0);
    body.putArray("items").add(zero).add(zero.deepCopy().put("zero_row", "self"));
    body.put("zero_row", "uniform");
    JsonNode data = post(PATH, body.toString()).ok().at("/data");
    assertThat(data.get(0).get("inv_entropy").asDouble()).isCloseTo(Math.log(3), within(1e-12));
    assertThat(data.get(1).has("inv_entropy")).isTrue();
  }

  @Test
  void twoPromptsAreAnsweredWithAWarning() {
    JsonNode answer =
        post(PATH, "{\"sim_x\":[[1,0.5],[0.5,1]],\"sim_y\":[[1,0],[0,1]]}").ok().json();
    assertThat(answer.at("/data/0/inv_entropy").asDouble())
        .isCloseTo(0.5406201441442192, within(1e-12));
    assertThat(codes(answer)).isEqualTo("few_prompts not_monotone");
  }

  @Test
  void bitsAreNatsOverLnTwo() {
    String body = "{\"sim_x\":[[1,0.5],[0.5,1]],\"sim_y\":[[1,0],[0,1]]}";
    JsonNode nats = post(PATH, body).at("/data/0");
    JsonNode bits = post(PATH + "?unit=bit", body).at("/data/0");
    for (String name :
        new String[] {
          "inv_entropy", "ni_entropy", "jensen_shannon", "uniform_value", "excess", "upper_bound"
        }) {
      assertThat(bits.get(name).asDouble())
          .as(name)
          .isCloseTo(nats.get(name).asDouble() / Math.log(2), within(1e-12));
    }
    assertThat(bits.get("max_py_x")).isEqualTo(nats.get("max_py_x"));
  }

  @Test
  void textsOfAnExampleAreEmbeddedAndOrdered() throws IOException {
    Path folder = Path.of("src/examples/inv-entropy");
    JsonNode agree = post(PATH, Files.readString(folder.resolve("agree.json"))).ok().json();
    JsonNode scatter = post(PATH, Files.readString(folder.resolve("scatter.json"))).ok().json();
    assertThat(agree.get("embedding_model").asString()).contains("all-MiniLM-L6-v2");
    double low = agree.at("/data/0/excess").asDouble();
    double high = scatter.at("/data/0/excess").asDouble();
    assertThat(low).isPositive();
    assertThat(high / low).isBetween(3.0, 8.0);
    assertThat(high - low).isCloseTo(0.0011, within(0.0003));
  }

  @Test
  void identicalPromptsScoreTheLogarithmOfN() {
    JsonNode answer =
        post(
                PATH,
                "{\"texts_x\":[\"Why?\",\"Why?\",\"Why?\",\"Why?\"],"
                    + "\"texts_y\":[\"Because.\",\"Nobody knows.\",\"It rained.\",\"Seven.\"]}")
            .ok()
            .json();
    assertThat(answer.at("/data/0/inv_entropy").asDouble()).isEqualTo(Math.log(4));
    assertThat(codes(answer)).contains("duplicate_prompts");
  }

  @Test
  void aLongTextIsAllowedUpToItsLimit() {
    String most = "w".repeat(8192);
    String body = "{\"texts_x\":[\"%s\",\"b\",\"c\"],\"texts_y\":[\"a\",\"b\",\"c\"]}";
    post(PATH, body.formatted(most)).ok();
    post(PATH, body.formatted(most + "c")).problem(413, "limit_exceeded").pointing("/texts_x/0");
  }

  private static String differingAfter(int words, String longTexts) {
    String same = "word ".repeat(words);
    return """
    {"texts_x":["Who came?","Who was it that came?","Tell me who came."],
     "texts_y":["%1$speace","%1$smurder","%1$speace"],"long_texts":"%2$s"}\
    """
        .formatted(same, longTexts);
  }

  @Test
  void aTextThatTheModelCannotTakeWholeIsRefused() {
    post(PATH, differingAfter(509, "refuse")).ok();
    Reply refused =
        post(PATH, differingAfter(510, "refuse"))
            .problem(422, "parameter_out_of_range")
            .pointing("/texts_y/0");
    assertThat(refused.at("/detail").asString()).contains("511 word pieces", "at most 510");
    assertThat(refused.at("/hint").asString()).contains("long_texts");
  }

  @ParameterizedTest(name = "after {0} words, {1}: {2}")
  @CsvSource({"200, refuse, true", "1000, mean, true", "1000, truncate, false"})
  void whatDiffersLateCountsUnlessItIsCut(int words, String longTexts, boolean counts) {
    JsonNode answer = post(PATH, differingAfter(words, longTexts)).ok().json();
    double alike = Math.log(3);
    assertThat(Math.abs(answer.at("/data/0/ni_entropy").asDouble() - alike) > 1e-12)
        .isEqualTo(counts);
  }

  @Test
  void textsThatWereNotTakenWholeAreNamed() {
    ObjectNode body = (ObjectNode) JSON.readTree(differingAfter(1000, "mean"));
    ObjectNode items = JSON.createObjectNode().put("long_texts", "truncate");
    items.putArray("items").add(body).add(body.deepCopy().without("long_texts"));
    JsonNode warnings = post(PATH, items.toString()).ok().at("/warnings");
    assertThat(
            warnings
                .valueStream()
                .filter(warning -> warning.get("code").asString().equals("long_text"))
                .map(warning -> warning.get("index") + " " + warning.get("message").asString()))
        .containsExactly(
            "0 for texts of more than 510 word pieces the mean of their windows stands:"
                + " /items/0/texts_y/0 (1001), /items/0/texts_y/1 (1001), /items/0/texts_y/2"
                + " (1001)",
            "1 for texts of more than 510 word pieces their beginning stands: /items/1/texts_y/0"
                + " (1001), /items/1/texts_y/1 (1001), /items/1/texts_y/2 (1001)");
  }

  /** The table of the documentation, from the closed form of the paper's section 2.5. */
  @Test
  void theTableOfTheDocumentationIsRight() throws IOException {
    double[] levels = {0, 0.2, 0.5, 1};
    int rows = 0;
    for (String line : Files.readAllLines(Path.of("src/docs/reading-inv-entropy.md"))) {
      if (!line.matches("\\| \\d+ \\| 0\\.\\d .*")) {
        continue;
      }
      String[] cells = line.split("\\|");
      int n = Integer.parseInt(cells[1].strip());
      double ex = Double.parseDouble(cells[2].strip());
      for (int k = 0; k < levels.length; k++) {
        String cell = cells[3 + k].strip();
        JsonNode item = twoLevel(n, ex, levels[k]);
        assertThat(Double.parseDouble(cell.replace(" *", "")))
            .as(line)
            .isCloseTo(item.get("inv_entropy").asDouble(), within(5.1e-5));
        assertThat(cell.endsWith("*")).as(line).isEqualTo(!item.get("monotone").asBoolean());
      }
      rows++;
    }
    assertThat(rows).isEqualTo(15);
  }

  private JsonNode twoLevel(int n, double ex, double ey) {
    ObjectNode body = JSON.createObjectNode();
    body.set("sim_x", level(n, ex));
    body.set("sim_y", level(n, ey));
    return post(PATH, body.toString()).ok().at("/data/0");
  }

  private static ArrayNode level(int n, double eps) {
    ArrayNode matrix = JSON.createArrayNode();
    IntStream.range(0, n)
        .forEach(
            i -> {
              ArrayNode row = matrix.addArray();
              IntStream.range(0, n).forEach(j -> row.add(i == j ? 1 : 1 - eps));
            });
    return matrix;
  }

  /** The table of three questions, from the request that the documentation names. */
  @Test
  void theThreeQuestionsOfTheDocumentationScoreAsItSays() throws IOException {
    JsonNode data =
        post(PATH, Files.readString(Path.of("src/examples/inv-entropy/three-questions.json")))
            .ok()
            .at("/data");
    List<String[]> rows =
        Files.readAllLines(Path.of("src/docs/reading-inv-entropy.md")).stream()
            .filter(line -> line.matches("\\| .*\\? \\|.*"))
            .map(line -> line.split(" *\\| *"))
            .toList();
    assertThat(rows).hasSize(3);
    for (int i = 0; i < 3; i++) {
      String[] names = {"inv_entropy", "excess", "excess_high", "scaled"};
      for (int k = 0; k < names.length; k++) {
        double shown = Double.parseDouble(rows.get(i)[3 + k]);
        assertThat(data.get(i).get(names[k]).asDouble())
            .as(names[k])
            .isCloseTo(shown, within(k == 3 ? 0.0051 : 0.000051));
      }
    }
  }
}
