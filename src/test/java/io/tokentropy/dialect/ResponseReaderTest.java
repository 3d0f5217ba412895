package io.tokentropy.dialect;

import static io.tokentropy.dialect.Samples.READER;
import static io.tokentropy.dialect.Samples.VOCAB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Responses of inference servers, as they send them, read as a whole. */
class ResponseReaderTest {
  private static Reading read(String json, @Nullable Dialect wanted) {
    return ResponseReader.read(
        Samples.value(json),
        READER,
        wanted,
        new Sent(OptionalInt.of(VOCAB), OptionalDouble.of(0)),
        Integer.MAX_VALUE);
  }

  private static InvalidInput refusal(String json) {
    return catchThrowableOfType(InvalidInput.class, () -> read(json, null));
  }

  /** The same token, with the row that its list is. */
  private static void same(Token token, JsonNode step, double tolerance) {
    assertThat(token.text()).isEqualTo(step.path("token").stringValue(null));
    assertThat(token.id()).isEqualTo(step.path("id").isInt() ? step.get("id").intValue() : null);
    assertThat(token.lnProb().isPresent()).isEqualTo(step.has("logprob"));
    token
        .lnProb()
        .ifPresent(
            lnProb ->
                assertThat(lnProb).isCloseTo(step.get("logprob").asDouble(), within(tolerance)));
    if (!step.has("top_logprobs") || step.get("top_logprobs").isEmpty()) {
      assertThat(token.row()).isNull();
      return;
    }
    PartialDistribution expected = row(step);
    PartialDistribution found = token.row();
    assertThat(found).isNotNull();
    assertThat(found.massSeen()).isCloseTo(expected.massSeen(), within(1e-9));
    assertThat(found.entropy().low()).isCloseTo(expected.entropy().low(), within(1e-9));
    assertThat(found.entropy().high()).isCloseTo(expected.entropy().high(), within(1e-9));
  }

  private static PartialDistribution row(JsonNode step) {
    return PartialDistribution.of(
        Arrays.stream(Samples.value(step.get("top_logprobs").toString()).asScores())
            .mapToObj(PartialDistribution.Entry::new)
            .toList(),
        step.path("sampled_logprob").isNumber()
            ? OptionalDouble.of(step.get("sampled_logprob").asDouble())
            : OptionalDouble.empty(),
        step.path("complete").asBoolean(false),
        OptionalInt.of(VOCAB));
  }

  @TestFactory
  Stream<DynamicTest> adapters() {
    return GoldenFile.read("ead.json").testsOf("adapter", ResponseReaderTest::adapter);
  }

  private static void adapter(JsonNode c) {
    var dialects = new ArrayList<Dialect>();
    dialects.add(null);
    dialects.add(Samples.dialect(c.at("/params/kind").asString()));
    for (Dialect dialect : dialects) {
      List<Token> tokens = read(c.at("/input/response").toString(), dialect).answer().tokens();
      JsonNode steps = c.at("/expected/steps");
      assertThat(tokens).hasSize(steps.size());
      for (int i = 0; i < tokens.size(); i++) {
        same(tokens.get(i), steps.get(i), 1e-9);
      }
    }
  }

  static Stream<Samples.Sample> samples() {
    return Samples.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void recordedShapes(Samples.Sample sample) {
    Reading reading = read(sample.response().toString(), sample.wanted()).answer();
    JsonNode fixture = sample.fixture();
    assertThat(reading.dialect().wire()).isEqualTo(fixture.get("recognised_as").asString());
    assertThat(codes(reading))
        .isEqualTo(
            new TreeSet<>(fixture.get("warnings").valueStream().map(JsonNode::asString).toList()));
    JsonNode steps = fixture.get("steps");
    assertThat(reading.tokens()).hasSize(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      Token token = reading.tokens().get(i);
      assertThat(token.choice()).isEqualTo(steps.get(i).path("choice").asInt(0));
      same(token, steps.get(i), 1e-12);
    }
  }

  @Test
  void thereAreManyRecordedShapes() {
    assertThat(samples()).hasSizeGreaterThanOrEqualTo(40);
  }

  /** What there is to say of a response: the notes, and what was mended in its rows. */
  private static TreeSet<String> codes(Reading reading) {
    var codes = new TreeSet<String>();
    reading.notes().forEach(note -> codes.add(note.code()));
    for (Token token : reading.tokens()) {
      if (token.row() != null) {
        token.row().repairs().forEach(r -> codes.add(r.name().toLowerCase(Locale.ROOT)));
      }
    }
    if (reading.tokens().isEmpty()) {
      codes.add("no_tokens");
    }
    return codes;
  }

  @ParameterizedTest(name = "{1} at {2}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"choices":[{"message":{"content":"a"},"logprobs":null}]} | MissingInput | /openai | top_logprobs
          {"choices":[{"text":"a","logprobs":null}]} | MissingInput | /openai | "logprobs": 5
          {"text":"a","meta_info":{"completion_tokens":1}} | MissingInput | /openai | return_logprob
          {"generated_text":"a"} | MissingInput | /openai | top_n_tokens
          {"content":"a","stop":true} | MissingInput | /openai | n_probs
          {"response":"a","done":true} | MissingInput | /openai | top_logprobs
          {"object":"response","output":[{"content":[{"text":"a"}]}]} | MissingInput | /openai | message.output_text.logprobs
          {"choices":[]} | MissingInput | /openai/choices | ''
          [{"choices":[]},{"choices":[]}] | MissingInput | /openai/0/choices | ''
          [] | MissingInput | /openai | ''
          {"hello":1} | WrongType | /openai | ''
          7 | WrongType | /openai | ''
          [7] | WrongType | /openai | ''
          {"error":{"message":"no such model","code":404}} | WrongType | /openai | ''
          [{"choices":[{"delta":{"role":"assistant","content":""}}]},{"choices":[{"delta":{"content":"a"}}]},{"choices":[],"usage":{}}] | MissingInput | /openai | vLLM
          {"choices":[{"delta":{"tool_calls":[{}]},"logprobs":null}]} | MissingInput | /openai | top_logprobs
          {"response":"a","done":false} | MissingInput | /openai | Ollama
          {"content":"a","stop":false} | MissingInput | /openai | n_probs
          {"type":"response.completed","response":{"output":[{"content":[{"text":"a","logprobs":[]}]}]}} | MissingInput | /openai | message.output_text.logprobs
          {"type":"response.output_text.delta","delta":"a","logprobs":[]} | MissingInput | /openai | message.output_text.logprobs
          "data: {\\"choices\\":[{\\"delta\\":{\\"content\\":\\"a\\"},\\"logprobs\\":null}]}\\n\\ndata: [DONE]\\n" | MissingInput | /openai | SGLang
          "data: {\\"error\\":{\\"message\\":\\"out of memory\\"}}\\n\\n" | WrongType | /openai | ''
          {"choices":[{"logprobs":{"content":[{"token":"a","logprob":12.5,"top_logprobs":[]}]}}]} | NotADistribution | /openai/choices/0/logprobs/content/0/logprob | logprobs-mode
          {"content":"a","completion_probabilities":[{"token":"a","prob":-0.5,"top_probs":[]}]} | NotADistribution | /openai/completion_probabilities/0/prob | ''
          {"content":"a","completion_probabilities":[{"token":"a","prob":1.5,"top_probs":[]}]} | NotADistribution | /openai/completion_probabilities/0/prob | ''
          [[7,"a"]] | WrongType | /openai/0 | ''
          {"choices":7} | WrongType | /openai/choices | ''
          "data: {broken\\n\\n" | MalformedJson | /openai | ''
          "data: {\\"choices\\":[]\\n" | MalformedJson | /openai | ''
          {"choices":[{"logprobs":{"content":[{"token":"a","top_logprobs":[]}]}}]} | MissingInput | /openai/choices/0/logprobs/content/0 | ''
          {"choices":[{"logprobs":{"content":[{"token":"a","logprob":12.5,"top_logprobs":[{"token":"a","logprob":12.5},{"token":"b","logprob":11}]}]}}]} | NotADistribution | /openai/choices/0/logprobs/content/0/logprob | ''
          {"choices":[{"logprobs":{"tokens":["a"],"token_logprobs":[-1,-2],"top_logprobs":[{"a":-1}]}}]} | ShapeMismatch | /openai/choices/0/logprobs | ''
          {"meta_info":{"output_token_logprobs":[[-0.3]],"output_top_logprobs":[]}} | WrongType | /openai/meta_info/output_token_logprobs/0 | ''
          """)
  void whatIsNoResponseIsRefusedWithTheWayToOne(
      String response, String kind, String pointer, String hint) {
    InvalidInput refusal = refusal(response);
    assertThat(refusal.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(refusal.pointer()).isEqualTo(pointer);
    if (!hint.equals("''")) {
      assertThat(refusal.hint()).contains(hint);
    }
  }

  @Test
  void theRefusalOfWhatNobodySendsNamesAllServers() {
    assertThat(refusal("{\"hello\":1}").detail())
        .isEqualTo(
            "/openai: found an object, expected a response of OpenAI, vLLM, SGLang, TGI, llama.cpp,"
                + " Ollama, Gemini, Cohere, watsonx or Bedrock, or a chunk of one");
  }

  /** An id and no text is a token, too. */
  @Test
  void tokensMayHaveNoText() {
    Reading reading =
        read(
            "{\"meta_info\":{\"output_token_logprobs\":[[-0.3,1]],\"output_top_logprobs\":[]}}",
            null);
    assertThat(reading.tokens())
        .containsExactly(
            new Token(
                0,
                Part.COMPLETION,
                null,
                1,
                null,
                false,
                false,
                OptionalDouble.of(-0.3),
                false,
                null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"meta_info":{},"details":{},"choices":[]}                   | SGLANG
          {"completion_probabilities":[],"generated_text":"","done":1} | LLAMACPP
          {"details":{},"choices":[],"output":[]}                      | TGI
          {"choices":[{"text":"a"}],"done":1,"token":{}}               | OPENAI_COMPLETION
          {"choices":[{"delta":{}}],"output":[],"logprobs":[]}         | OPENAI_CHAT
          {"type":"response.created","logprobs":[],"stop":false}       | OPENAI_RESPONSES
          {"done":false,"token":{"id":1},"content":""}                 | OLLAMA
          {"type":null,"token":{"id":1,"logprob":-1},"stop":false}     | TGI
          {"error":{},"content":"","stop":false}                       | LLAMACPP
          """)
  void theClearestSignTellsTheDialect(String chunk, Dialect dialect) {
    var reader = new EventReader(null, Sent.of(OptionalInt.empty()), "");
    try {
      reader.accept(new Event(Samples.value(chunk)));
      assertThat(reader.finish().dialect()).isEqualTo(dialect);
    } catch (InvalidInput.MissingInput e) {
      assertThat(e.hint()).contains(dialect.option());
    }
  }

  @Test
  void aBrokenStreamIsRefusedWithItsLine() {
    String good =
        "{\\\"done\\\":false,\\\"logprobs\\\":[{\\\"token\\\":\\\"a\\\",\\\"logprob\\\":-0.1,\\\"top_logprobs\\\":[]}]}\\n";
    InvalidInput cut = refusal("\"" + good + good + good.substring(0, 40) + "\"");
    assertThat(cut).isInstanceOf(InvalidInput.MalformedJson.class);
    assertThat(cut.pointer()).isEqualTo("/openai");
    assertThat(cut.detail()).contains("line 3 of the stream");
    InvalidInput logits = refusal("\"" + good + good.replace("-0.1", "0.5") + "\"");
    assertThat(logits).isInstanceOf(InvalidInput.NotADistribution.class);
    assertThat(logits.pointer()).isEqualTo("/openai");
    assertThat(logits.detail())
        .contains("line 2 of the stream", "/logprobs/0/logprob", "found 0.5");
  }

  /** One token more than is wanted tells that there are too many. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "2, 3", "3, 3", "9, 3"})
  void nothingIsReadAfterMoreTokensThanAreWanted(int most, int expected) {
    String event =
        "data:"
            + " {\"choices\":[{\"delta\":{},\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-1}]}}]}\n";
    String text = event.repeat(3) + (most < 3 ? "data: never read\n" : "");
    Reading reading =
        ResponseReader.read(
            new Value.Text("/openai", text), READER, null, Sent.of(OptionalInt.empty()), most);
    assertThat(reading.tokens()).hasSize(expected);
  }
}
