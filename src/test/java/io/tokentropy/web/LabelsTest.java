package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How probable each of some answers is, and how a request for that can be wrong. */
class LabelsTest extends CallTest {
  private static final String PATH = "/v1/labels";

  /** A model that thinks first, then says B with 0.6 and A with 0.3; one token a line. */
  private static final String RESPONSE =
      """
      {"object":"chat.completion","choices":[{"index":0,"message":{"content":"x"},
       "logprobs":{"content":[%s]}}]}\
      """
          .formatted(
              String.join(
                  ",",
                  token("<think>", "<think>", 0.9, "So", 0.05),
                  token("A", "A", 0.8, "B", 0.1),
                  token("</think>", "</think>", 0.9, "So", 0.05),
                  token("\\n\\n", "\\n\\n", 0.9, "B", 0.05),
                  token("Answer:", "Answer:", 0.9, "So", 0.05),
                  token(" B", " B", 0.6, " A", 0.3)));

  private static String token(
      String text, String first, double prob, String second, double secondProb) {
    return """
    {"token":"%s","logprob":%s,"top_logprobs":[{"token":"%s","logprob":%s},\
    {"token":"%s","logprob":%s}]}\
    """
        .formatted(text, Math.log(prob), first, Math.log(prob), second, Math.log(secondProb));
  }

  private static Reply ask(String fields) {
    return post(PATH, "{" + fields + "}");
  }

  private static void requireNumber(Reply reply, String pointer, double expected) {
    assertThat(reply.at(pointer).asDouble()).as(pointer).isCloseTo(expected, within(1e-12));
  }

  /** Texts of a judge: 0.65 yes in two spellings, 0.2 no, 0.04 other, 0.11 unseen. */
  private static final String JUDGE =
      """
      "top_logprobs":[[{"token":"Yes","logprob":-0.5108256237659907},\
      {"token":"No","logprob":-1.6094379124341003},{"token":" yes","logprob":-2.995732273553991},\
      {"token":"Maybe","logprob":-3.2188758248682006}]],"vocab_size":1000\
      """;

  @Test
  void aJudgeIsAskedForYesOrNo() {
    Reply reply = ask(JUDGE + ",\"match\":\"fold\",\"labels\":[\"yes\",\"no\"]").ok();
    requireNumber(reply, "/data/0/labels/0/prob_low", 0.65);
    requireNumber(reply, "/data/0/labels/0/prob_high", 0.76);
    requireNumber(reply, "/data/0/labels/0/prob", 0.705);
    requireNumber(reply, "/data/0/labels/1/prob_low", 0.2);
    requireNumber(reply, "/data/0/labels/1/prob_high", 0.31);
    requireNumber(reply, "/data/0/other/prob_low", 0.04);
    requireNumber(reply, "/data/0/other/prob_high", 0.15);
    requireNumber(reply, "/data/0/margin_low", 0.34);
    requireNumber(reply, "/data/0/margin_high", 0.56);
    requireNumber(reply, "/data/0/given_labels/0/prob_low", 0.65 / 0.96);
    requireNumber(reply, "/data/0/given_labels/0/prob_high", 0.76 / 0.96);
    assertThat(reply.at("/data/0/best").asString()).isEqualTo("yes");
    assertThat(reply.at("/data/0/certified").asBoolean()).isTrue();
    assertThat(reply.at("/data/0/labels/0/seen/1/token").asString()).isEqualTo(" yes");
  }

  /** Probabilities 0.1, 0.2, 0.4, 0.2, 0.1; bad has 0.3, fair 0.4, good 0.2. */
  @Test
  void aRatingFromWholeRowsIsAPoint() {
    Reply reply =
        ask("""
        "probs":[[0.1,0.2,0.4,0.2,0.1]],"unit":"bit","labels":[
        {"name":"bad","tokens":[0,1],"score":1},{"name":"fair","tokens":[2],"score":3},
        {"name":"good","tokens":[3],"score":5}]\
        """)
            .ok();
    for (String end : new String[] {"", "_low", "_high"}) {
      requireNumber(reply, "/data/0/labels/0/prob" + end, 0.3);
      requireNumber(reply, "/data/0/given_labels/1/prob" + end, 0.4 / 0.9);
      requireNumber(reply, "/data/0/expected_score" + end, (0.3 + 3 * 0.4 + 5 * 0.2) / 0.9);
      requireNumber(reply, "/data/0/entropy" + end, 1.5304930567574824);
    }
    assertThat(reply.at("/data/0/best").asString()).isEqualTo("fair");
    requireNumber(reply, "/data/0/labels/0/seen/1/prob", 0.2);
    assertThat(reply.at("/data/0/labels/0/seen/1/id").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          `"first"`           | 4 | Answer:
          `"last"`            | 5 | ` B`
          `1`                 | 1 | A
          `{"after":"swer:"}` | 5 | ` B`
          `null`              | 4 | Answer:
          """)
  void aPositionChoosesTheToken(String position, int index, String token) {
    Reply reply =
        ask("\"labels\":[\"A\",\"B\"],\"position\":%s,\"openai\":%s".formatted(position, RESPONSE))
            .ok();
    assertThat(reply.at("/data/0/position").asInt()).isEqualTo(index);
    assertThat(reply.at("/data/0/token").asString()).isEqualTo(token);
    assertThat(reply.at("/dialect").asString()).isEqualTo("openai_chat");
  }

  @Test
  void theAnswerAfterATextIsRead() {
    Reply reply =
        ask("\"labels\":[\"A\",\"B\"],\"position\":{\"after\":\"Answer:\"},\"openai\":" + RESPONSE)
            .ok();
    assertThat(reply.at("/data/0/best").asString()).isEqualTo("B");
    assertThat(reply.at("/data/0/certified").asBoolean()).isTrue();
    assertThat(reply.at("/data/0/labels/1/prob_low").asDouble()).isCloseTo(0.6, within(2e-6));
  }

  @Test
  void everyAnswerOfAResponseIsAnItem() {
    String choice =
        """
        {"index":%d,"message":{"content":"x"},"logprobs":{"content":[%s]}}\
        """;
    Reply reply =
        ask("\"labels\":[\"A\",\"B\"],\"openai\":{\"object\":\"chat.completion\",\"choices\":["
                + choice.formatted(0, token("A", "A", 0.7, "B", 0.2))
                + ","
                + choice.formatted(1, token("B", "B", 0.5, "A", 0.3))
                + "]}")
            .ok();
    assertThat(reply.at("/data/0/best").asString()).isEqualTo("A");
    assertThat(reply.at("/data/1/best").asString()).isEqualTo("B");
    assertThat(reply.at("/data/1/choice").asInt()).isEqualTo(1);
  }

  /** e^-1 against e^-3: in all 0.8808, by token e^-1 against e^-1, by byte e^-0.25 and e^-0.3. */
  @ParameterizedTest
  @CsvSource({"sum, 0.8807970779778824", "mean, 0.5", "per_byte, 0.5124973964842103"})
  void candidatesAreComparedAsAsked(String normalize, double prob) {
    Reply reply =
        ask("""
        "normalize":"%s","candidates":[{"name":"four","logprobs":[-1]},
        {"name":"four times","logprobs":[null,-1,-2,0]}]\
        """
                .formatted(normalize))
            .ok();
    requireNumber(reply, "/data/0/prob", prob);
    assertThat(reply.at("/normalize").asString()).isEqualTo(normalize);
    assertThat(reply.at("/best").asString()).isEqualTo("four");
    assertThat(reply.at("/data/1/skipped").asInt()).isEqualTo(1);
    assertThat(reply.at("/data/1/bytes").asInt()).isEqualTo(10);
    requireNumber(reply, "/data/1/logprob", -3);
    requireNumber(reply, "/data/1/mean_logprob", -1);
  }

  @Test
  void aCandidateMayBeAResponse() {
    Reply reply =
        ask("\"normalize\":\"per_byte\",\"candidates\":[{\"name\":\"x\",\"openai\":"
                + RESPONSE
                + "},{\"name\":\"impossible\",\"logprobs\":[-1,\"-Infinity\"]}]")
            .ok();
    assertThat(reply.at("/data/0/tokens").asInt()).isEqualTo(6);
    assertThat(reply.at("/data/0/bytes").asInt())
        .isEqualTo("<think>A</think>\n\nAnswer: B".length());
    assertThat(reply.at("/data/1/prob").asDouble()).isZero();
    assertThat(reply.at("/data/1").has("logprob")).isFalse();
  }

  @Test
  void labelsThatCannotBeAreWarnedOf() {
    Reply reply = ask("\"probs\":[[1,0,0]],\"labels\":[{\"name\":\"a\",\"tokens\":[1]}]").ok();
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("no_label");
    assertThat(reply.at("/data/0").has("given_labels")).isFalse();
  }

  private static final String ROW = "\"probs\":[[0.5,0.5]],";

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "labels":["a"]                                              | 422 | missing_input          | ``
          "probs":[[1]]                                               | 422 | missing_input          | ``
          "probs":[[1]],"label":["a"]                                 | 422 | unknown_field          | /label
          ROW"labels":[]                                              | 422 | missing_input          | /labels
          ROW"labels":"yes"                                           | 422 | wrong_type             | /labels
          ROW"labels":[3]                                             | 422 | wrong_type             | /labels/0
          ROW"labels":[""]                                            | 422 | parameter_out_of_range | /labels/0
          ROW"labels":["a"]                                           | 422 | missing_input          | /labels/0
          ROW"labels":[{"tokens":[1]}]                                | 422 | missing_input          | /labels/0
          ROW"labels":[{"name":"a","tokens":[]}]                      | 422 | missing_input          | /labels/0/tokens
          ROW"labels":[{"name":"a","tokens":[-1]}]                    | 422 | wrong_type             | /labels/0/tokens/0
          ROW"labels":[{"name":"a","tokens":[2]}]                     | 422 | parameter_out_of_range | /labels/0
          ROW"labels":[{"name":"a","tokens":[0],"weight":1}]          | 422 | unknown_field          | /labels/0/weight
          ROW"labels":[{"name":"a","tokens":[0]},{"name":"b","tokens":[1,0]}] | 422 | conflicting_inputs | /labels/1
          ROW"labels":[{"name":"a","tokens":[0]},{"name":"a","tokens":[1]}]   | 422 | conflicting_inputs | /labels/1
          ROW"labels":["Yes"," Yes"]                                  | 422 | conflicting_inputs     | /labels/1
          ROW"labels":["yes","YES"],"match":"fold"                    | 422 | conflicting_inputs     | /labels/1
          ROW"labels":["yes"],"match":"folded"                        | 422 | parameter_out_of_range | /match
          ROW"labels":["yes"],"variants":"all"                        | 422 | parameter_out_of_range | /variants
          ROW"labels":[{"name":"a","tokens":[0],"score":1},{"name":"b","tokens":[1]}] | 422 | missing_input | /labels/1
          ROW"labels":[{"name":"a","tokens":[0]}],"position":1        | 422 | conflicting_inputs     | /position
          "entropies":[1],"labels":["a"]                              | 422 | missing_input          | /entropies/0
          "top_logprobs":[[-1,-2]],"labels":["a"]                     | 422 | missing_input          | /labels/0
          OPENAI"position":6                                          | 422 | parameter_out_of_range | /position
          OPENAI"position":"second"                                   | 422 | wrong_type             | /position
          OPENAI"position":{"after":"Verdict"}                        | 422 | missing_input          | /position/after
          OPENAI"position":{"after":""}                               | 422 | parameter_out_of_range | /position/after
          OPENAI"position":{"before":"x"}                             | 422 | missing_input          | /position
          OPENAI"temperature":2                                       | 422 | conflicting_inputs     | /temperature
          OPENAI"probs":[[1]]                                         | 422 | conflicting_inputs     | /openai
          "candidates":[]                                             | 422 | missing_input          | /candidates
          "candidates":[{"name":"a"}]                                 | 422 | missing_input          | /candidates/0
          "candidates":[{"name":"a","logprobs":[null]}]               | 422 | missing_input          | /candidates/0/logprobs
          "candidates":[{"name":"a","logprobs":[1]}]                  | 422 | not_a_distribution     | /candidates/0/logprobs/0
          "candidates":[{"name":"a","logprobs":["-inf"]}]             | 422 | all_masked             | /candidates
          "candidates":[{"name":"a","logprobs":[-1]},{"name":"a","logprobs":[-1]}] | 422 | conflicting_inputs | /candidates/1/name
          "candidates":[{"name":"a","logprobs":[-1]}],"labels":["a"]  | 422 | conflicting_inputs     | /labels
          "candidates":[{"name":"a","logprobs":[-1]}],"probs":[[1]]   | 422 | conflicting_inputs     | /probs
          "candidates":[{"name":"a","logprobs":[-1]}],"normalize":"x" | 422 | parameter_out_of_range | /normalize
          """)
  void badInputIsRefusedWhereItIs(String fields, int status, String code, String pointer) {
    ask(fields
            .replace("ROW", ROW)
            .replace("OPENAI", "\"labels\":[\"A\",\"B\"],\"openai\":" + RESPONSE + ","))
        .problem(status, code)
        .pointing(pointer);
  }

  @Test
  void aTokenOfTwoLabelsIsRefusedWithBothNames() {
    assertThat(ask(ROW + "\"labels\":[\"sure\",\" sure\"]").at("/detail").asString())
        .contains("\"sure\" and \" sure\"");
  }

  @Test
  void moreLabelsThanAllowedAreRefused() {
    String labels =
        IntStream.range(0, 257).mapToObj(i -> "\"l" + i + "\"").collect(Collectors.joining(","));
    ask(ROW + "\"labels\":[" + labels + "]").problem(413, "limit_exceeded").pointing("/labels");
    String tokens =
        IntStream.range(0, 4097).mapToObj(String::valueOf).collect(Collectors.joining(","));
    ask(ROW + "\"labels\":[{\"name\":\"a\",\"tokens\":[" + tokens + "]}]")
        .problem(413, "limit_exceeded")
        .pointing("/labels");
  }
}
