package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Parts of an answer. */
class SpansTest extends CallTest {
  private static final String PATH = "/v1/score";

  /** A chat whose tokens have these bytes and log-probabilities, and which says this. */
  private static ObjectNode chat(String content, List<byte[]> tokens, double... lnProbs) {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode choice = request.putObject("openai").putArray("choices").addObject();
    choice.put("index", 0).putObject("message").put("content", content);
    var list = choice.putObject("logprobs").putArray("content");
    for (int i = 0; i < tokens.size(); i++) {
      byte[] token = tokens.get(i);
      var bytes =
          list.addObject()
              .put("token", new String(token, StandardCharsets.UTF_8))
              .put("logprob", lnProbs[i])
              .putArray("bytes");
      for (byte each : token) {
        bytes.add(each & 0xFF);
      }
    }
    return request;
  }

  /** One whose tokens are the parts of a text between bars, of −1, −2, −3 ... nats. */
  private static ObjectNode chat(String tokens) {
    List<byte[]> parts =
        Arrays.stream(tokens.split("\\|"))
            .map(part -> part.getBytes(StandardCharsets.UTF_8))
            .toList();
    double[] lnProbs = new double[parts.size()];
    Arrays.setAll(lnProbs, i -> -1 - i);
    return chat(tokens.replace("|", ""), parts, lnProbs);
  }

  private static ObjectNode with(ObjectNode request, String fields) {
    request.setAll((ObjectNode) JSON.readTree("{" + fields.replace('\'', '"') + "}"));
    return request;
  }

  private static Reply ask(ObjectNode request) {
    return post(PATH, request.toString());
  }

  private static String spans(JsonNode answer) {
    var line = new StringBuilder();
    for (JsonNode span : answer.at("/spans")) {
      line.append(span.get("name").asString())
          .append('=')
          .append(span.path("text").asString(""))
          .append('(')
          .append(span.path("logprob").asString("-"))
          .append(span.get("partial").asBoolean() ? ")+ " : ") ");
    }
    return line.toString().strip();
  }

  @ParameterizedTest(name = "{1} of {0}: {2}")
  @CsvSource(
      delimiter = '\t',
      quoteCharacter = '\0',
      textBlock =
          """
          The |cat| sat	[{'name':'a','start':0,'end':4}]	a=The (-1.0)
          The |cat| sat	[{'name':'a','start':4,'end':5}]	a=c(-2.0)+
          The |cat| sat	[{'name':'a','start':0,'end':11}]	a=The cat sat(-6.0)
          The |cat| sat	[{'name':'a','text':'cat sat'}]	a=cat sat(-5.0)
          a|b|a|b	[{'name':'a','text':'b','occurrence':2}]	a=b(-4.0)
          The |cat| sat	[{'name':'a','pattern':'c.t'}]	a=cat(-2.0)
          n|=|1|2|;|m|=|3	[{'name':'a','pattern':'(\\\\w)=(\\\\d+)','group':2}]	a=12(-7.0)
          n|=|1|2|;|m|=|3	[{'name':'a','pattern':'\\\\w=\\\\d','occurrence':2}]	a=m=3(-21.0)
          é|😀|x	[{'name':'a','start':1,'end':2},{'name':'b','text':'x'}]	a=😀(-2.0) b=x(-3.0)
          {"|a|":| |"|yes|"|}	'json'	/a=yes(-6.0)
          {"a|":"|y|",|"n|":1|2}	'json'	/a=y(-3.0) /n=12(-13.0)+
          """)
  void aSpanHasTheTokensThatReachIntoIt(String tokens, String spans, String expected) {
    JsonNode answer = ask(with(chat(tokens), "'echo':true,'spans':" + spans)).ok().json();
    assertThat(spans(answer)).isEqualTo(expected);
    assertThat(answer.has("warnings") && answer.at("/warnings").toString().contains("realigned"))
        .isFalse();
  }

  @Test
  void aSpanHasTheFiguresOfItsTokens() {
    JsonNode span =
        ask(with(chat("a|b|c"), "'spans':[{'name':'x','start':1,'end':3}]")).ok().at("/spans/0");
    assertThat(span.toString())
        .isEqualTo(
            "{\"name\":\"x\",\"start\":1,\"end\":3,\"tokens\":2,\"first_token\":1,"
                + "\"mean_logprob\":-2.5,\"logprob\":-5.0,\"probability\":"
                + Math.exp(-5)
                + ",\"min_probability\":"
                + Math.exp(-3)
                + ",\"weakest\":[2,1],\"partial\":false}");
  }

  @Test
  void entropiesOfASpanHaveBothEnds() {
    String row = "{'token':'%s','logprob':-0.7,'top_logprobs':[{'token':'%s','logprob':-0.7}]}";
    ObjectNode request = JSON.createObjectNode();
    with(
        request,
        "'vocab_size':10,'unit':'bit','spans':[{'name':'x','text':'b'}],'openai':{'choices':[{'index':0,"
            + "'message':{'content':'ab'},'logprobs':{'content':["
            + row.formatted("a", "a")
            + ","
            + row.formatted("b", "b")
            + "]}}]}");
    JsonNode answer = ask(request).ok().json();
    for (String name : List.of("entropy", "entropy_low", "entropy_high")) {
      assertThat(answer.at("/spans/0/mean_" + name)).isEqualTo(answer.at("/data/1/" + name));
      assertThat(answer.at("/spans/0/max_" + name)).isEqualTo(answer.at("/data/1/" + name));
    }
  }

  @Test
  void aCharacterThatTokensSplitBelongsToAllOfThem() {
    byte[] face = "😀".getBytes(StandardCharsets.UTF_8);
    ObjectNode request =
        chat(
            "a😀b",
            List.of(
                new byte[] {'a'},
                Arrays.copyOf(face, 2),
                Arrays.copyOfRange(face, 2, 4),
                new byte[] {'b'}),
            -1,
            -2,
            -3,
            -4);
    JsonNode answer =
        ask(with(request, "'echo':true,'spans':[{'name':'a','text':'😀'}]")).ok().json();
    assertThat(spans(answer)).isEqualTo("a=😀(-5.0)");
  }

  @Test
  void aCleanedTextIsRealignedAndSaysSo() {
    ObjectNode request = chat("▁The|▁cat|</s>");
    ((ObjectNode) request.at("/openai/choices/0/message")).put("content", "The cat");
    JsonNode answer =
        ask(with(request, "'echo':true,'spans':[{'name':'a','text':'cat'}]")).ok().json();
    assertThat(spans(answer)).isEqualTo("a=cat(-2.0)");
    assertThat(answer.at("/warnings").findValuesAsString("code")).contains("realigned");
    ((ObjectNode) request.at("/openai/choices/0/message"))
        .put("content", "Something else".repeat(99));
    ask(request).problem(422, "shape_mismatch").pointing("/spans");
  }

  @Test
  void aTruncatedJsonGivesItsWholeLeaves() {
    JsonNode answer =
        ask(with(chat("{\"a\":|1|,\"b\":\"|x"), "'echo':true,'spans':'json'")).ok().json();
    assertThat(spans(answer)).isEqualTo("/a=1(-2.0)");
    assertThat(answer.at("/warnings").findValuesAsString("code")).contains("json_truncated");
  }

  @Test
  void theQueryAsksForLeavesOfAResponseAlone() {
    String response = chat("{\"a\":|1|}").get("openai").toString();
    assertThat(
            spans(
                post(PATH + "?spans=json&echo=true&exclude=whitespace,special", response)
                    .ok()
                    .json()))
        .isEqualTo("/a=1(-2.0)");
  }

  @ParameterizedTest(name = "{1} is {2} at {3}")
  @CsvSource(
      delimiter = '\t',
      quoteCharacter = '\0',
      textBlock =
          """
          abc	'spans':[{'name':'a','start':0,'end':4}]	parameter_out_of_range	/spans/0/end
          abc	'spans':[{'name':'a','start':-1,'end':2}]	parameter_out_of_range	/spans/0/start
          abc	'spans':[{'name':'a','start':2,'end':2}]	parameter_out_of_range	/spans/0/end
          abc	'spans':[{'name':'a','start':2}]	missing_input	/spans/0
          abc	'spans':[{'name':'a'}]	missing_input	/spans/0
          abc	'spans':[{'start':0,'end':1}]	missing_input	/spans/0
          abc	'spans':[{'name':'a','txt':'b'}]	unknown_field	/spans/0/txt
          abc	'spans':[{'name':'a','text':'b','x':1}]	unknown_field	/spans/0/x
          abc	'spans':[{'name':'a','text':'x'}]	missing_input	/spans/0/text
          abc	'spans':[{'name':'a','text':''}]	missing_input	/spans/0/text
          abc	'spans':[{'name':'a','text':'b','occurrence':2}]	missing_input	/spans/0/text
          abc	'spans':[{'name':'a','text':'b','occurrence':0}]	parameter_out_of_range	/spans/0/occurrence
          abc	'spans':[{'name':'a','text':'b','group':1}]	conflicting_inputs	/spans/0/group
          abc	'spans':[{'name':'a','pattern':'(?=b)'}]	parameter_out_of_range	/spans/0/pattern
          abc	'spans':[{'name':'a','pattern':'b','group':1}]	parameter_out_of_range	/spans/0/group
          abc	'spans':[{'name':'a','pattern':'x'}]	missing_input	/spans/0/pattern
          abc	'spans':[{'name':'a','text':'b','pattern':'b'}]	conflicting_inputs	/spans/0/pattern
          abc	'spans':[{'name':'a','text':'b'},{'name':'a','text':'c'}]	conflicting_inputs	/spans/1/name
          abc	'spans':[]	missing_input	/spans
          abc	'spans':'xml'	parameter_out_of_range	/spans
          abc	'spans':7	wrong_type	/spans
          abc	'spans':'json'	missing_input	/spans
          abc	'spans':'json','choice':1	parameter_out_of_range	/choice
          abc	'echo':true	missing_input	/echo
          abc	'exclude':['thoughts']	parameter_out_of_range	/exclude/0
          abc	'part':'answer'	parameter_out_of_range	/part
          abc	'part':'prompt'	missing_input	/openai
          abc	'stride':1	missing_input	/stride
          """)
  void badSpansAreRefusedWhereTheyStand(String tokens, String fields, String code, String pointer) {
    ask(with(chat(tokens), fields)).problem(422, code).pointing(pointer);
  }

  @Test
  void withoutTextsThereIsNothingToAlign() {
    String ids =
        "{'openai':{'text':'','meta_info':{'output_token_logprobs':[[-0.3,1,null]]}},'spans':[{'name':'a','text':'b'}]}";
    post(PATH, ids.replace('\'', '"')).problem(422, "missing_input").pointing("/spans");
  }

  @Test
  void aMisspeltFieldAroundAResponseIsNamed() {
    post(PATH, "{\"openia\":{\"choices\":[]}}").problem(422, "unknown_field").pointing("/openia");
    post(PATH, "{\"windws\":[]}").problem(422, "unknown_field").pointing("/windws");
    ask(with(chat("a"), "'sapns':'json'")).problem(422, "unknown_field").pointing("/sapns");
  }

  @Test
  void aLongPatternOnALongTextIsRefusedByALimit() {
    var tokens = new ArrayList<byte[]>();
    byte[] part = "ab".repeat(125).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 4000; i++) {
      tokens.add(part);
    }
    var request = chat("ab".repeat(500_000), tokens, new double[4000]);
    String pattern = "(a?b?)".repeat(1666);
    ask(with(request, "'spans':[{'name':'a','pattern':'" + pattern + "z'}]"))
        .problem(413, "limit_exceeded")
        .pointing("/spans/0/pattern");
    ask(with(request, "'spans':[{'name':'a','pattern':'" + "ab".repeat(10_000) + "'}]"))
        .problem(413, "limit_exceeded")
        .pointing("/spans/0/pattern");
    ask(with(request, "'spans':[{'name':'a','pattern':'[ab]*ab$'}]")).ok();
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  /** JSON cut into tokens anywhere: the sum over a cut of the text is that of the whole. */
  @ParameterizedTest
  @MethodSource("seeds")
  void spansThatMakeUpTheTextSumToTheWhole(long seed) {
    var random = new Random(seed);
    byte[] text = "{\"né\": \"😀 ok\", \"x\": [1.5, true]}".getBytes(StandardCharsets.UTF_8);
    var tokens = new ArrayList<byte[]>();
    for (int at = 0; at < text.length; ) {
      int end = Math.min(text.length, at + 1 + random.nextInt(6));
      tokens.add(Arrays.copyOfRange(text, at, end));
      at = end;
    }
    double[] lnProbs = new double[tokens.size()];
    Arrays.setAll(lnProbs, i -> -random.nextDouble());
    ObjectNode request = chat(new String(text, StandardCharsets.UTF_8), tokens, lnProbs);
    int length = (int) new String(text, StandardCharsets.UTF_8).codePoints().count();
    JsonNode leaves = ask(with(request, "'spans':'json'")).ok().json();
    assertThat(leaves.at("/spans").findValuesAsString("name"))
        .containsExactly("/né", "/x/0", "/x/1");
    for (JsonNode leaf : leaves.at("/spans")) {
      double product = 1;
      int first = leaf.get("first_token").asInt();
      for (int i = first; i < first + leaf.get("tokens").asInt(); i++) {
        product *= Math.exp(lnProbs[i]);
      }
      assertThat(leaf.get("probability").asDouble()).isCloseTo(product, within(1e-12));
      assertThat(leaf.get("probability").asDouble()).isLessThanOrEqualTo(1);
    }
    int cut = 1 + random.nextInt(length - 1);
    JsonNode halves =
        ask(with(
                request,
                "'spans':[{'name':'a','start':0,'end':"
                    + cut
                    + "},{'name':'b','start':"
                    + cut
                    + ",'end':"
                    + length
                    + "}]"))
            .ok()
            .json();
    double sum =
        halves.at("/spans/0/logprob").asDouble() + halves.at("/spans/1/logprob").asDouble();
    boolean shared = halves.at("/spans/0/partial").asBoolean();
    double twice = shared ? lnProbs[halves.at("/spans/1/first_token").asInt()] : 0;
    assertThat(sum - twice).isCloseTo(halves.at("/sequence/logprob").asDouble(), within(1e-12));
  }
}
