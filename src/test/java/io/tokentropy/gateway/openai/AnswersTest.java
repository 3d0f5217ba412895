package io.tokentropy.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.gateway.Ended;
import io.tokentropy.gateway.Listener;
import io.tokentropy.gateway.MadeUpEngine;
import io.tokentropy.gateway.Question;
import io.tokentropy.gateway.Questions;
import io.tokentropy.gateway.StopStrings;
import io.tokentropy.gateway.Switched;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import io.tokentropy.gateway.openai.Asked.Form;
import io.tokentropy.json.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers of two made-up models, as clients of OpenAI's API read them. */
class AnswersTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Head HEAD = new Head("7", 1_700_000_000, "pair");

  private final MadeUpEngine small = MadeUpEngine.ofWords(1, 60);
  private final MadeUpEngine large = MadeUpEngine.ofWords(2, 60);

  private static Form form(Shape shape, boolean stream, int logprobs) {
    return new Form(
        shape, stream, true, logprobs < 0 ? OptionalInt.empty() : OptionalInt.of(logprobs), true);
  }

  private static Question question(int choices, List<String> stops) {
    return new Question(
        new Prompt.Text("question"),
        OptionalInt.of(40),
        new Sampling(
            OptionalDouble.of(1),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Map.of(),
            List.of()),
        new StopStrings(stops),
        choices,
        OptionalLong.of(5),
        Questions.ead(0.9),
        Deadline.after(Duration.ofMinutes(5)));
  }

  private List<Ended> run(Question question, Listener listener) throws Exception {
    return new Switched(Questions.pair(small, large), question, listener).run();
  }

  private JsonNode whole(Form form, Question question) throws Exception {
    var answer = new WholeAnswer(HEAD, form);
    List<Ended> ended = run(question, answer);
    return JSON.readTree(answer.body(ended, OptionalDouble.of(0.1)).toBytes());
  }

  /** The events of a stream, the last of which must be the one that says so. */
  private List<JsonNode> stream(Form form, Question question) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var answer = new StreamedAnswer(HEAD, form, bytes);
    assertThat(answer.hasBegun()).isFalse();
    answer.done(run(question, answer), OptionalDouble.of(0.1));
    var events = new ArrayList<JsonNode>();
    String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\n\n");
    for (int i = 0; i < lines.length - 1; i++) {
      assertThat(lines[i]).startsWith("data: {");
      events.add(JSON.readTree(lines[i].substring(6)));
    }
    assertThat(lines[lines.length - 1]).isEqualTo("data: [DONE]");
    return events;
  }

  private static String joined(List<JsonNode> events, int choice, Shape shape) {
    var text = new StringBuilder();
    for (JsonNode event : events) {
      for (JsonNode part : event.get("choices")) {
        if (part.get("index").asInt() == choice) {
          JsonNode more =
              shape == Shape.CHAT ? part.path("delta").path("content") : part.path("text");
          text.append(more.asString(""));
        }
      }
    }
    return text.toString();
  }

  private static List<JsonNode> logprobs(List<JsonNode> events, int choice) {
    return events.stream()
        .flatMap(event -> StreamSupport.stream(event.get("choices").spliterator(), false))
        .filter(part -> part.get("index").asInt() == choice && part.has("logprobs"))
        .flatMap(part -> StreamSupport.stream(part.at("/logprobs/content").spliterator(), false))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void aStreamIsTheWholeAnswerInParts(Shape shape) throws Exception {
    Question question = question(3, List.of("c0"));
    JsonNode whole = whole(form(shape, false, -1), question);
    List<JsonNode> events = stream(form(shape, true, -1), question);
    for (int i = 0; i < 3; i++) {
      JsonNode choice = whole.get("choices").get(i);
      String text = choice.at(shape == Shape.CHAT ? "/message/content" : "/text").asString();
      assertThat(joined(events, i, shape)).isEqualTo(text);
      assertThat(text).isNotEmpty().doesNotContain("c0");
      int index = i;
      assertThat(
              events.stream()
                  .flatMap(event -> StreamSupport.stream(event.get("choices").spliterator(), false))
                  .filter(part -> part.get("index").asInt() == index)
                  .map(part -> part.get("finish_reason"))
                  .filter(reason -> !reason.isNull())
                  .map(JsonNode::asString))
          .containsExactly(choice.get("finish_reason").asString());
    }
    assertThat(events).allSatisfy(event -> assertThat(event.get("id")).isEqualTo(whole.get("id")));
    JsonNode last = events.getLast();
    assertThat(last.get("choices")).isEmpty();
    assertThat(last.get("usage")).isEqualTo(whole.get("usage"));
    assertThat(last.at("/tokentropy/tokens")).isEqualTo(whole.at("/tokentropy/tokens"));
    assertThat(whole.at("/usage/completion_tokens").asInt())
        .isEqualTo(whole.at("/tokentropy/tokens").asInt());
    assertThat(
            StreamSupport.stream(whole.at("/tokentropy/stints").spliterator(), false)
                .mapToInt(stint -> stint.get("tokens").asInt())
                .sum())
        .isEqualTo(whole.at("/usage/completion_tokens").asInt());
    assertThat(
            whole.at("/tokentropy/upstream/small/requests").asInt()
                + whole.at("/tokentropy/upstream/large/requests").asInt())
        .isEqualTo((small.requests().size() + large.requests().size()) / 2);
  }

  @Test
  void aClientSeesTheLogProbabilitiesThatItAskedFor() throws Exception {
    Question question = question(1, List.of());
    JsonNode none = whole(form(Shape.CHAT, false, -1), question);
    assertThat(none.at("/choices/0/logprobs").isNull()).isTrue();
    JsonNode two = whole(form(Shape.CHAT, false, 2), question);
    JsonNode content = two.at("/choices/0/logprobs/content");
    assertThat(content).hasSize(two.at("/usage/completion_tokens").asInt());
    var text = new StringBuilder();
    for (JsonNode token : content) {
      text.append(token.get("token").asString());
      assertThat(token.get("top_logprobs")).hasSize(2);
      assertThat(token.get("logprob").asDouble()).isNegative();
      assertThat(token.get("bytes")).hasSize(2);
    }
    assertThat(text.toString()).isEqualTo(two.at("/choices/0/message/content").asString());
    assertThat(logprobs(stream(form(Shape.CHAT, true, 2), question), 0))
        .containsExactlyElementsOf(content);
    JsonNode alone = whole(form(Shape.CHAT, false, 0), question);
    assertThat(alone.at("/choices/0/logprobs/content/0/top_logprobs")).isEmpty();
  }

  @Test
  void completionsListWhereTokensBegin() throws Exception {
    JsonNode logprobs =
        whole(form(Shape.COMPLETION, false, 3), question(1, List.of())).at("/choices/0/logprobs");
    assertThat(logprobs.get("tokens")).hasSameSizeAs(logprobs.get("token_logprobs"));
    assertThat(logprobs.at("/text_offset/0").asInt()).isZero();
    assertThat(logprobs.at("/text_offset/3").asInt()).isEqualTo(6);
    assertThat(logprobs.at("/top_logprobs/0")).hasSize(3);
  }

  @Test
  void whatATokenOfAStopStringWasIsNotTold() throws Exception {
    Question question = question(1, List.of());
    String text =
        whole(form(Shape.CHAT, false, -1), question).at("/choices/0/message/content").asString();
    String stop = text.substring(7, 10);
    JsonNode stopped = whole(form(Shape.CHAT, false, 0), question(1, List.of(stop)));
    String shown = stopped.at("/choices/0/message/content").asString();
    assertThat(shown).isEqualTo(text.substring(0, text.indexOf(stop)));
    assertThat(stopped.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    assertThat(stopped.at("/choices/0/logprobs/content"))
        .as("tokens of two characters, of which one may be cut")
        .hasSize((shown.length() + 1) / 2);
    assertThat(stopped.at("/usage/completion_tokens").asInt())
        .isEqualTo((shown.length() + stop.length() + 1) / 2);
  }

  @Test
  void anErrorIsTheLastThingInAStream() {
    var bytes = new ByteArrayOutputStream();
    var answer = new StreamedAnswer(HEAD, form(Shape.CHAT, true, -1), bytes);
    answer.failed(new Answer().put("message", "it failed"));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("data: {\"error\":{\"message\":\"it failed\"}}\n\n");
  }

  @Test
  void silenceIsBroken() {
    var bytes = new ByteArrayOutputStream();
    var answer = new StreamedAnswer(HEAD, form(Shape.CHAT, true, -1), bytes);
    answer.alive(Duration.ofHours(1).toNanos());
    assertThat(bytes.size()).isZero();
    answer.alive(0);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(": keep-alive\n\n");
  }

  @Test
  void aClientThatIsGoneEndsTheQuestion() {
    var gone =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("gone");
          }
        };
    var answer = new StreamedAnswer(HEAD, form(Shape.CHAT, true, -1), gone);
    assertThatThrownBy(() -> run(question(2, List.of()), answer))
        .isInstanceOf(UncheckedIOException.class);
  }
}
