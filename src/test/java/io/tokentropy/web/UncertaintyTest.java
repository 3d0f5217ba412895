package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/uncertainty}: what it takes for input, what it tells, and what it refuses. */
class UncertaintyTest extends CallTest {
  private static final String PATH = "/v1/uncertainty";

  private static Reply ask(String body) {
    return post(PATH, body.replace('\'', '"'));
  }

  private static JsonNode item(String body) {
    return ask(body).ok().at("/data/0");
  }

  @Test
  void textsAloneAllowWhatCompares() {
    JsonNode item = item("{'texts':['a b','a b','c']}");
    assertThat(item.propertyNames())
        .containsExactly(
            "index",
            "n",
            "similarity_from",
            "semantic_classes",
            "semantic_entropy",
            "spectral",
            "kle",
            "lexical",
            "consistency");
    assertThat(item.at("/similarity_from").asString()).isEqualTo("jaccard");
    assertThat(item.at("/semantic_classes/classes").toString()).isEqualTo("[0,0,1]");
    assertThat(item.at("/consistency/exact_match").asDouble()).isEqualTo(0.5);
  }

  @Test
  void oneAnswerAllowsWhatItsTokensTell() {
    JsonNode item = item("{'logprobs':[-1,-3]}");
    assertThat(item.propertyNames()).containsExactly("index", "n", "sequence", "mc_entropy");
    assertThat(item.at("/mc_entropy").has("standard_error")).isFalse();
  }

  @Test
  void everyFigureSaysItsDirectionRangeAndEstimator() {
    JsonNode item =
        item(
            "{'texts':['a','b'],'logprobs':[[-1,-2],[-1]],'similarity_without_token':[[0.5,0.5],[0]],"
                + "'entail':[[1,0.6],[0.7,1]],'contra':[[0,0.1],[0.2,0]]}");
    assertThat(item.propertyNames()).hasSize(3 + 11);
    item.properties().stream()
        .filter(measure -> measure.getValue().isObject())
        .forEach(
            measure ->
                measure
                    .getValue()
                    .properties()
                    .forEach(
                        field -> {
                          if (field.getValue().isDouble()
                              && !field.getKey().equals("nearest_to_threshold")) {
                            explained(measure.getValue(), field.getKey(), field.getValue());
                          }
                        }));
  }

  private static void explained(JsonNode measure, String name, JsonNode value) {
    boolean score = measure.at("/score").asString().equals(name);
    JsonNode about = score ? measure : measure.path("about").path(name);
    assertThat(about.path("higher_means").asString()).as(name).startsWith("more_");
    assertThat(about.path("estimator").asString()).as(name).isNotBlank();
    JsonNode range = about.path("range");
    assertThat(value.asDouble()).as(name).isGreaterThanOrEqualTo(range.path("low").asDouble(-1e9));
    assertThat(value.asDouble()).as(name).isLessThanOrEqualTo(range.path("high").asDouble(1e9));
  }

  @Test
  void aResponseWithSeveralChoicesIsEnough() {
    JsonNode item =
        item(
            "{'openai':{'object':'chat.completion','choices':["
                + choice(1, " London", "{'token':'Lon','logprob':-2},{'token':'don','logprob':-1}")
                + ","
                + choice(0, "Paris", "{'token':'Paris','logprob':-0.5}")
                + "]}}");
    assertThat(item.at("/n").asInt()).isEqualTo(2);
    assertThat(item.at("/sequence/sum_logprobs").toString()).isEqualTo("[-0.5,-3.0]");
    assertThat(item.at("/mc_entropy/length_normalized").asDouble()).isEqualTo(1.0);
    assertThat(item.has("semantic_entropy")).isTrue();
  }

  private static String choice(int index, String text, String tokens) {
    return "{'index':%d,'message':{'content':'%s'},'logprobs':{'content':[%s]}}"
        .formatted(index, text, tokens);
  }

  @Test
  void aResponseWithoutLogprobsIsItsTexts() {
    JsonNode item =
        ask("{'choices':[{'index':0,'message':{'content':'Paris'}},"
                + "{'index':1,'message':{'content':'paris'}}]}")
            .ok()
            .at("/data/0");
    assertThat(item.has("sequence")).isFalse();
    assertThat(item.at("/lexical/mean_rouge_l").asDouble()).isEqualTo(1);
    assertThat(item.at("/consistency/exact_match").asDouble()).isZero();
  }

  @Test
  void oneResponseACallIsOneAnswerEach() {
    String one = "{'choices':[{'index':0,'message':{'content':'%s'}}]}";
    JsonNode item =
        item(
            "{'responses':[%s,%s],'measures':['semantic_classes']}"
                .formatted(one.formatted("yes"), one.formatted("no")));
    assertThat(item.at("/semantic_classes/classes").toString()).isEqualTo("[0,1]");
  }

  @Test
  void embeddingsTellWhatWordsDoNot() {
    String body = "{'texts':['The cat sat.','A cat was sitting.','Stock prices fell.']%s}";
    JsonNode words = item(body.formatted(""));
    Reply embedded = ask(body.formatted(",'similarity_from':'embedding'")).ok();
    assertThat(embedded.at("/embedding_model").asString()).isNotBlank();
    assertThat(words.at("/semantic_classes/count").asInt()).isEqualTo(3);
    assertThat(embedded.at("/data/0/semantic_classes/count").asInt()).isEqualTo(2);
  }

  @Test
  void bitsAreNatsByLn2AndLogprobsStayNatural() {
    String body = "{'logprobs':[[-1],[-2]],'classes':[0,1]%s}";
    JsonNode nats = item(body.formatted(""));
    JsonNode bits = item(body.formatted(",'unit':'bit'"));
    for (String field : new String[] {"/mc_entropy/entropy", "/semantic_entropy/entropy"}) {
      assertThat(bits.at(field).asDouble())
          .isCloseTo(nats.at(field).asDouble() / Math.log(2), within(1e-12));
    }
    assertThat(bits.at("/sequence/sum_logprob").asDouble()).isEqualTo(-1);
  }

  @Test
  void longAnswersDoNotVanish() {
    Reply reply =
        ask(
            "{'sequence_logprobs':[-2000,-2001],'similarity':[[1,0.5],[0.5,1]],"
                + "'measures':['semantic_entropy','sentence_sar'],'unit':'nat'}");
    double share = 1 / (1 + Math.exp(-1));
    double entropy = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    assertThat(reply.ok().at("/data/0/semantic_entropy/entropy").asDouble())
        .isCloseTo(entropy, within(1e-12));
    assertThat(reply.at("/data/0/sentence_sar/sentence_sar").asDouble()).isBetween(1990.0, 2001.0);
  }

  @Test
  void equalTextsInTwoClassesCountInBoth() {
    JsonNode item =
        item(
            "{'texts':['a','a'],'classes':[0,1],'logprobs':[[-1],[-1]],'measures':['semantic_entropy']}");
    assertThat(item.at("/semantic_entropy/entropy").asDouble())
        .isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void aPerplexityTooLargeForANumberIsLeftOutAndSaidSo() {
    Reply reply = ask("{'logprobs':[[-800]]}").ok();
    assertThat(reply.at("/data/0/sequence").has("perplexity")).isFalse();
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("unbounded");
  }

  @Test
  void oneNumberAnAnswerIsReadAsItsSumAndSaidSo() {
    Reply reply = ask("{'logprobs':[-1,-2],'classes':[0,1],'measures':['mc_entropy']}").ok();
    assertThat(reply.at("/data/0/mc_entropy/entropy").asDouble()).isEqualTo(1.5);
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("read_as_sequences");
  }

  @Test
  void theJudgedAnswerIsTheCallersChoice() {
    String body = "{'texts':['a','b','b'],'measures':['consistency'],'answer':%d}";
    assertThat(item(body.formatted(0)).at("/consistency/exact_match").asDouble()).isZero();
    assertThat(item(body.formatted(1)).at("/consistency/exact_match").asDouble()).isEqualTo(0.5);
  }

  @Test
  void anItemThatIsRefusedDoesNotSpoilTheOthers() {
    Reply reply =
        ask("{'measures':['lexical'],'items':[{'texts':['a','b']},{'texts':['a']},{'texts':[1]}]}");
    assertThat(reply.ok().at("/data/0/lexical/uncertainty").asDouble()).isEqualTo(1);
    assertThat(reply.at("/data/1/error/errors/0/pointer").asString()).isEqualTo("/items/1");
    assertThat(reply.at("/data/2/error/errors/0/pointer").asString()).isEqualTo("/items/2/texts/0");
  }

  @Test
  void anOptionAloneIsThatOfTheOneMeasureThatHasIt() {
    String body = "{'similarity':[[1,0.5],[0.5,1]],%s}";
    JsonNode flat = item(body.formatted("'t':1"));
    JsonNode nested = item(body.formatted("'options':{'kle':{'t':1}}"));
    assertThat(flat).isEqualTo(nested);
    assertThat(flat).isNotEqualTo(item(body.formatted("'t':2")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {}                                                              | missing_input          |
          {'texts':[]}                                                    | missing_input          | /texts
          {'text':['a','b']}                                              | unknown_field          | /text
          {'texts':['a']}                                                 | missing_input          |
          {'texts':['a','b'],'measures':['entropy']}                      | parameter_out_of_range | /measures/0
          {'texts':['a','b'],'measures':[]}                               | missing_input          | /measures
          {'texts':['a','b'],'measures':['sequence']}                     | missing_input          |
          {'texts':['a','b'],'classes':[0]}                               | shape_mismatch         | /classes
          {'texts':['a','b'],'similarity_from':'given'}                   | missing_input          |
          {'texts':['a','b'],'answer':2}                                  | parameter_out_of_range | /answer
          {'texts':['a',''],'similarity_from':'embedding'}                | parameter_out_of_range | /texts/1
          {'texts':['a','b'],'threshold':0.5}                             | conflicting_inputs     | /threshold
          {'texts':['a','b'],'affinity':'entail','measures':['kle']}      | conflicting_inputs     | /affinity
          {'texts':['a','b'],'options':{'kle':{'t':-1}}}                  | parameter_out_of_range | /options/kle/t
          {'texts':['a','b'],'options':{'kle':{'x':1}}}                   | unknown_field          | /options/kle/x
          {'similarity':[[1,0.5],[0.4,1]]}                                | parameter_out_of_range | /similarity/0/1
          {'similarity':[[1,-0.5],[-0.5,1]]}                              | parameter_out_of_range | /similarity/0/1
          {'similarity':[[1,1.5],[1.5,1]]}                                | parameter_out_of_range | /similarity/0/1
          {'similarity':[[1,0.5],[0.5]]}                                  | shape_mismatch         | /similarity/1
          {'similarity':[[1]],'similarity_from':'jaccard'}                | conflicting_inputs     | /similarity
          {'entail':[[1,0],[0,1]]}                                        | missing_input          |
          {'entail':[[1,0],[0,1]],'contra':[[0,0]]}                       | shape_mismatch         | /contra
          {'entail':[[1,0.7],[0,1]],'contra':[[0,0.4],[0,0]]}             | not_a_distribution     | /contra/0/1
          {'entail':[[1,2],[0,1]],'contra':[[0,0],[0,0]]}                 | not_a_distribution     | /entail/0/1
          {'logprobs':[[-1],[]]}                                          | missing_input          | /logprobs/1
          {'logprobs':[[-1],[0.5]]}                                       | not_a_distribution     | /logprobs/1/0
          {'logprobs':[[-1]],'lengths':[1]}                               | conflicting_inputs     | /lengths
          {'logprobs':[[-1]],'samples':[[-1]]}                            | conflicting_inputs     | /samples
          {'sequence_logprobs':[-1,-2],'lengths':[1]}                     | shape_mismatch         | /lengths
          {'sequence_logprobs':[-1,-2],'lengths':[1,0]}                   | parameter_out_of_range | /lengths/1
          {'classes':[0,1],'sequence_logprobs':[-1,-2],'length_normalized':true} | missing_input   |
          {'logprobs':[[-1,-2]],'similarity_without_token':[[0.5]]}       | shape_mismatch         | /similarity_without_token/0
          {'logprobs':[[-1]],'similarity_without_token':[[1.5]]}          | parameter_out_of_range | /similarity_without_token/0/0
          {'openai':{'choices':[]},'texts':['a']}                         | conflicting_inputs     | /texts
          {'openai':{'choices':[]}}                                       | missing_input          | /openai/choices
          {'items':[]}                                                    | missing_input          | /items
          """)
  void isRefused(String body, String code, String pointer) {
    Reply reply = ask(body).problem(422, code);
    reply.pointing(pointer == null ? "" : pointer);
  }
}
