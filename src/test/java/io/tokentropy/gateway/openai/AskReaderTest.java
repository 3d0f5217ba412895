package io.tokentropy.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a pair that switches. */
class AskReaderTest {
  private static final String MESSAGES =
      "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";

  private static Fields fields(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return new Reader(new JsonLimits(16, 40, 64)).read(body, body.length);
  }

  private static Asked chat(String more) {
    Fields fields = fields("{" + MESSAGES + more + "}");
    NotSwitchable.in(fields, Shape.CHAT);
    Asked asked = new AskReader(Shape.CHAT, 8).read(fields, false);
    fields.done();
    return asked;
  }

  private static Asked completion(String json) {
    Fields fields = fields(json);
    Asked asked = new AskReader(Shape.COMPLETION, 8).read(fields, false);
    fields.done();
    return asked;
  }

  @Test
  void whatIsAbsentIsTheServersOwn() {
    Asked asked = chat("");
    assertThat(asked.prompt())
        .isEqualTo(new Prompt.Chat(List.of(new Prompt.Message("user", "Hi"))));
    assertThat(asked.maxTokens()).isEmpty();
    assertThat(asked.sampling().temperature()).isEmpty();
    assertThat(asked.choices()).isEqualTo(1);
    assertThat(asked.form().stream()).isFalse();
    assertThat(asked.form().logprobs()).isEmpty();
  }

  @Test
  void everythingIsRead() {
    Asked asked =
        chat(
            """
            , "max_completion_tokens": 7, "temperature": 0.5, "top_p": 0.9, "top_k": 40,
            "min_p": 0.05, "logit_bias": {"11": -100}, "stop_token_ids": [2], "stop": ["a", "b"],
            "n": 2, "seed": 3, "stream": true, "stream_options": {"include_usage": true},
            "logprobs": true, "top_logprobs": 4, "user": "me", "tools": [], "presence_penalty": 0,
            "response_format": {"type": "text"}\
            """);
    assertThat(asked.maxTokens()).hasValue(7);
    assertThat(asked.sampling().temperature()).hasValue(0.5);
    assertThat(asked.sampling().topK()).hasValue(40);
    assertThat(asked.sampling().logitBias()).isEqualTo(Map.of(11, -100.0));
    assertThat(asked.sampling().stopTokenIds()).containsExactly(2);
    assertThat(asked.choices()).isEqualTo(2);
    assertThat(asked.seed()).hasValue(3);
    assertThat(asked.form().stream()).isTrue();
    assertThat(asked.form().usage()).isTrue();
    assertThat(asked.form().logprobs()).hasValue(4);
  }

  @Test
  void aPromptIsATextOrIds() {
    assertThat(completion("{\"prompt\": \"In the\"}").prompt())
        .isEqualTo(new Prompt.Text("In the"));
    assertThat(completion("{\"prompt\": [\"In the\"]}").prompt())
        .isEqualTo(new Prompt.Text("In the"));
    assertThat(((Prompt.Ids) completion("{\"prompt\": [5, 6]}").prompt()).ids())
        .containsExactly(5, 6);
    assertThat(completion("{\"prompt\": \"a\"}").maxTokens()).hasValue(16);
    assertThat(completion("{\"prompt\": \"a\", \"logprobs\": 3}").form().logprobs()).hasValue(3);
  }

  @Test
  void partsThatAreTextAreOneText() {
    Fields fields =
        fields(
            """
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"},
            {"type": "text", "text": "b"}]}]}\
            """);
    assertThat(NotSwitchable.in(fields, Shape.CHAT)).isNull();
    assertThat(new AskReader(Shape.CHAT, 8).read(fields, false).prompt())
        .isEqualTo(new Prompt.Chat(List.of(new Prompt.Message("user", "ab"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\": 9                                    | /n",
        "\"n\": 0                                    | /n",
        "\"max_tokens\": 0                           | /max_tokens",
        "\"max_tokens\": 5, \"max_completion_tokens\": 6 | /max_tokens",
        "\"temperature\": -1                         | /temperature",
        "\"top_p\": 2                                | /top_p",
        "\"stop\": \"\"                              | /stop",
        "\"stop\": [\"a\", 1]                        | /stop/1",
        "\"top_logprobs\": 3                         | /top_logprobs",
        "\"logprobs\": true, \"top_logprobs\": 21    | /top_logprobs",
        "\"logit_bias\": {\"a\": 1}                  | /logit_bias/a",
        "\"stream_options\": {\"x\": 1}              | /stream_options/x",
        "\"temprature\": 1                           | /temprature",
        "\"seed\": 1.5                               | /seed",
      })
  void whatCannotBeUsedIsRefusedWhereItStands(String more, String pointer) {
    assertThatThrownBy(() -> chat(", " + more))
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.pointer()).isEqualTo(pointer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\": [{\"type\": \"function\"}]",
        "\"tool_choice\": \"required\"",
        "\"response_format\": {\"type\": \"json_object\"}",
        "\"structured_outputs\": {\"regex\": \"a\"}",
        "\"grammar\": \"root\"",
        "\"presence_penalty\": 0.5",
        "\"frequency_penalty\": 1",
        "\"repetition_penalty\": 1.1",
        "\"best_of\": 2",
        "\"echo\": true",
        "\"suffix\": \"end\"",
        "\"prompt_logprobs\": 1",
        "\"use_beam_search\": true",
        "\"reasoning_effort\": \"low\"",
      })
  void whatTwoModelsCannotDoTogetherIsNamed(String more) {
    String name = more.substring(1, more.indexOf('"', 1));
    assertThat(NotSwitchable.in(fields("{" + MESSAGES + ", " + more + "}"), Shape.CHAT))
        .isEqualTo(name);
  }

  @Test
  void imagesToolsAndSeveralPromptsAreNamed() {
    assertThat(
            NotSwitchable.in(
                fields(
                    """
                    {"messages": [{"role": "user", "content": [{"type": "image_url",
                    "image_url": {"url": "x"}}]}]}\
                    """),
                Shape.CHAT))
        .isEqualTo("messages/0");
    assertThat(
            NotSwitchable.in(
                fields(
                    "{\"messages\": [{\"role\": \"tool\", \"content\": \"a\", \"tool_call_id\":"
                        + " \"1\"}]}"),
                Shape.CHAT))
        .isEqualTo("messages/0");
    assertThat(NotSwitchable.in(fields("{\"prompt\": [\"a\", \"b\"]}"), Shape.COMPLETION))
        .isEqualTo("prompt");
    assertThat(NotSwitchable.in(fields("{\"prompt\": [1, 2]}"), Shape.COMPLETION)).isNull();
  }
}
