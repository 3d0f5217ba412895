package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Texts that were given to a model, and what of an answer does not count. */
class GivenTextTest extends CallTest {
  private static final String PATH = "/v1/score";

  /** SGLang's answer to a prompt: The cat sat, and what it wrote: down. */
  private static final String BOTH =
      "{'text':' down','meta_info':{'input_token_logprobs':[[null,11,'The'],[-3,12,' cat'],[-1,13,"
          + "' sat']],'output_token_logprobs':[[-0.5,14,' down']]}}";

  private static JsonNode score(String fields, String response) {
    return post(PATH, body(fields, response)).ok().json();
  }

  private static String body(String fields, String response) {
    return ("{" + fields + (fields.isEmpty() ? "" : ",") + "'openai':" + response + "}")
        .replace('\'', '"');
  }

  @ParameterizedTest(name = "{0}: {1} tokens, {2} nats, {3} skipped, part {4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
                              | 1 | -0.5 | 0 | completion
          'part':'completion' | 1 | -0.5 | 0 | completion
          'part':'prompt'     | 2 | -4.0 | 1 | prompt
          'part':'both'       | 3 | -4.5 | 1 | both
          'part':'both','exclude':['prompt'] | 1 | -0.5 | 0 | both
          """)
  void thePartIsTheCallers(String fields, int tokens, double lnProb, int skipped, String part) {
    JsonNode answer = score(fields == null ? "" : fields, BOTH);
    assertThat(answer.at("/sequence/tokens").asInt()).isEqualTo(tokens);
    assertThat(answer.at("/sequence/logprob").asDouble()).isEqualTo(lnProb);
    assertThat(answer.at("/sequence/skipped").asInt(0)).isEqualTo(skipped);
    assertThat(answer.at("/part").asString()).isEqualTo(part);
  }

  @Test
  void aTextIsMeasuredByItsBytesCharactersAndWords() {
    JsonNode sequence = score("'part':'prompt'", BOTH).at("/sequence");
    double bits = 4 / Math.log(2);
    assertThat(sequence.get("bits_per_byte").asDouble()).isCloseTo(bits / 8, within(1e-12));
    assertThat(sequence.get("bits_per_character").asDouble()).isCloseTo(bits / 8, within(1e-12));
    assertThat(sequence.get("perplexity").asDouble()).isCloseTo(Math.exp(2), within(1e-12));
    assertThat(sequence.get("perplexity_per_word").asDouble())
        .isCloseTo(Math.exp(2), within(1e-12));
  }

  @Test
  void aResponseThatScoresItsPromptAloneIsReadAsThatAndSaysSo() {
    String prompt = BOTH.replace("[[-0.5,14,' down']]", "[]");
    JsonNode answer = score("", prompt);
    assertThat(answer.at("/part").asString()).isEqualTo("prompt");
    assertThat(answer.at("/warnings").findValuesAsString("code")).contains("prompt_only");
    assertThat(answer.at("/sequence/logprob").asDouble()).isEqualTo(-4);
    post(PATH, body("'part':'completion'", prompt))
        .problem(422, "missing_input")
        .pointing("/openai");
    String answerAlone = BOTH.replace("[[null,11,'The'],[-3,12,' cat'],[-1,13,' sat']]", "[]");
    post(PATH, body("'part':'prompt'", answerAlone))
        .problem(422, "missing_input")
        .pointing("/openai");
  }

  @Test
  void spansAreOfThePartThatIsScored() {
    JsonNode answer = score("'part':'both','spans':[{'name':'a','text':'sat down'}]", BOTH);
    assertThat(answer.at("/spans/0/logprob").asDouble()).isEqualTo(-1.5);
    assertThat(answer.at("/spans/0/first_token").asInt()).isEqualTo(2);
    assertThat(answer.at("/data").findValuesAsString("part"))
        .containsExactly("prompt", "prompt", "prompt", "completion");
  }

  /** A window of SGLang's over the tokens from one to another of a long text. */
  private static String window(double[] lnProbs, int from, int to, String more) {
    String tokens =
        IntStream.range(from, to)
            .mapToObj(
                i -> "[" + (i == from ? "null" : "" + lnProbs[i]) + "," + i % 7 + ",' w" + i + "']")
            .collect(Collectors.joining(","));
    return "{'openai':{'text':'','meta_info':{'input_token_logprobs':["
        + tokens
        + "],'output_token_logprobs':[]}}"
        + more
        + "}";
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  /** All but the first token have context, so the windows sum to the whole text. */
  @ParameterizedTest
  @MethodSource("seeds")
  void windowsCountEachTokenOnce(long seed) {
    var random = new Random(seed);
    double[] lnProbs = new double[20 + random.nextInt(200)];
    Arrays.setAll(lnProbs, i -> -random.nextDouble());
    int stride = 1 + random.nextInt(19);
    int length = stride + 1 + random.nextInt(20);
    var byStride = new StringBuilder();
    var byContext = new StringBuilder();
    int end = 0;
    for (int from = 0; end < lnProbs.length; from += stride) {
      int to = Math.min(lnProbs.length, from + length);
      String comma = from == 0 ? "" : ",";
      byStride.append(comma).append(window(lnProbs, from, to, ""));
      byContext.append(comma).append(window(lnProbs, from, to, ",'context':" + (end - from)));
      end = to;
    }
    double sum = Arrays.stream(lnProbs).skip(1).sum();
    String first = "{'windows':[" + byStride + "],'stride':" + stride + "}";
    JsonNode answer = post(PATH, first.replace('\'', '"')).ok().json();
    assertThat(answer.at("/sequence/tokens").asInt()).isEqualTo(lnProbs.length - 1);
    assertThat(answer.at("/sequence/skipped").asInt()).isEqualTo(1);
    assertThat(answer.at("/sequence/logprob").asDouble()).isCloseTo(sum, within(1e-9));
    String second =
        "{'windows':[" + byContext.toString().replace("'context':-", "'context':") + "]}";
    assertThat(post(PATH, second.replace('\'', '"')).ok().json()).isEqualTo(answer);
  }

  @ParameterizedTest(name = "{0}: {1} at {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          'windows':[0-4,2-6],'stride':3        | shape_mismatch | /windows/1/openai
          'windows':[0-4,2-6],'stride':5        | shape_mismatch | /stride
          'windows':[0-4,1-4],'stride':1        | shape_mismatch | /windows/1/openai
          'windows':[0-4],'stride':0            | parameter_out_of_range | /stride
          'windows':[]                          | missing_input | /windows
          'windows':[0-4],'openai':{}           | conflicting_inputs | /windows
          'windows':[{'context':1}]             | missing_input | /windows/0
          'windows':[0-4c4]                     | parameter_out_of_range | /windows/0/context
          'windows':[0-4,2-6c1]                 | shape_mismatch | /windows/1/openai
          'windows':[0-4,2-6c2],'stride':2      | conflicting_inputs | /windows/1/context
          'windows':[0-4,2-6],'strid':2         | unknown_field | /strid
          """)
  void windowsThatDoNotFitAreRefused(String fields, String code, String pointer) {
    double[] lnProbs = {-1, -2, -3, -4, -5, -6};
    String body =
        Pattern.compile("(\\d)-(\\d)(?:c(\\d))?")
            .matcher(fields)
            .replaceAll(
                part ->
                    window(
                        lnProbs,
                        Integer.parseInt(part.group(1)),
                        Integer.parseInt(part.group(2)),
                        part.group(3) == null ? "" : ",'context':" + part.group(3)));
    post(PATH, ("{" + body + "}").replace('\'', '"')).problem(422, code).pointing(pointer);
  }

  private static String chat(String... tokens) {
    return "{'choices':[{'index':0,'message':{'content':'"
        + String.join("", tokens)
        + "'},'logprobs':{'content':["
        + Arrays.stream(tokens)
            .map(token -> "{'token':'" + token + "','logprob':-1,'top_logprobs':[]}")
            .collect(Collectors.joining(","))
        + "]}}]}";
  }

  @ParameterizedTest(name = "{0}: {1} left, {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          'thinking'                        | 3 | thinking 3
          'special'                         | 5 | special 1
          'whitespace'                      | 5 | whitespace 1
          'whitespace','special','thinking' | 1 | thinking 3 special 1 whitespace 1
          'prompt'                          | 6 |
          """)
  void whatIsExcludedIsCountedAndDoesNotCount(String reasons, int left, String counts) {
    JsonNode answer =
        score(
            "'exclude':[" + reasons + "]",
            chat("<think>", "ah", "</think>", " ", "yes", "<|end|>"));
    assertThat(answer.at("/sequence/tokens").asInt()).isEqualTo(left);
    assertThat(answer.at("/sequence/logprob").asDouble()).isEqualTo(-left);
    var said = new StringBuilder();
    for (JsonNode each : answer.at("/sequence").path("excluded")) {
      said.append(each.get("reason").asString()).append(' ').append(each.get("tokens")).append(' ');
    }
    assertThat(said.toString().strip()).isEqualTo(counts == null ? "" : counts);
  }

  @Test
  void spansAreNotLookedForInThinkingThatIsExcluded() {
    String response = chat("<think>", "{1}[1]", "yes", "</think>", "yes", "[2]");
    JsonNode all = score("'spans':[{'name':'a','text':'yes'}]", response);
    assertThat(all.at("/spans/0/first_token").asInt()).isEqualTo(2);
    JsonNode answer = score("'exclude':['thinking'],'spans':[{'name':'a','text':'yes'}]", response);
    assertThat(answer.at("/spans/0/first_token").asInt()).isEqualTo(4);
    assertThat(answer.at("/spans/0/start").asInt()).isEqualTo(24);
    JsonNode json = score("'exclude':['thinking'],'spans':'json','echo':true", response);
    assertThat(json.at("/spans/0/text").asString()).isEqualTo("2");
    assertThat(json.has("warnings") && json.toString().contains("several_json")).isFalse();
  }

  @Test
  void thinkingWithoutItsStartIsThinkingAndSaysSo() {
    JsonNode answer = score("'exclude':['thinking']", chat("ah", "</think>", "yes"));
    assertThat(answer.at("/sequence/tokens").asInt()).isEqualTo(1);
    assertThat(answer.at("/warnings").findValuesAsString("code")).contains("thinking_open");
  }

  @Test
  void thinkingInAFieldOfItsOwnIsBesideTheAnswer() {
    String response =
        chat("ah", "yes").replace("'content':'ahyes'", "'reasoning_content':'ah','content':'yes'");
    JsonNode answer =
        score("'exclude':['thinking'],'spans':[{'name':'a','start':0,'end':3}]", response);
    assertThat(answer.at("/sequence/excluded/0/tokens").asInt()).isEqualTo(1);
    assertThat(answer.at("/spans/0/first_token").asInt()).isEqualTo(1);
    assertThat(answer.toString()).doesNotContain("realigned");
  }
}
