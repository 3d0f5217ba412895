package io.tokentropy.web.gateway;

import static io.tokentropy.upstream.ScriptedUpstream.events;
import static io.tokentropy.upstream.ScriptedUpstream.eventsAndCut;
import static io.tokentropy.upstream.ScriptedUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.json.Answer;
import io.tokentropy.upstream.ScriptedUpstream;
import io.tokentropy.web.Reply;
import io.tokentropy.web.ServiceTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Answers that carry a score, before two scripted servers: one of vLLM, which writes null where it
 * gives no log-probabilities, and one of llama.cpp, which leaves them out of chats.
 */
@Timeout(120)
class AttachTest extends ServiceTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXTS = "/v1/completions";
  private static final String ASKED =
      "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]%s}";

  /** Two answers of a token each, as a server writes them: with what is between, and without. */
  private static final String WHOLE =
      "{\"id\":\"c-1\", \"choices\" : [ {\"index\":0,\"message\":{\"role\":\"assistant\","
          + "\"content\":\"Yes\"},%s\"finish_reason\":\"stop\"},\n {\"index\":1,\"message\":"
          + "{\"role\":\"assistant\",\"content\":\"No\"},%s\"finish_reason\":\"stop\"} ],"
          + "\"model\":\"L\" }\n";

  private static final String CHUNK =
      "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"L\","
          + "\"choices\":[{\"index\":0,\"delta\":{%s},%s\"finish_reason\":null}]}";
  private static final String ROLE = CHUNK.formatted("\"role\":\"assistant\",\"content\":\"\"", "");
  private static final String YES = "\"content\":\"Yes\"";

  private static final ScriptedUpstream SMALL = new ScriptedUpstream();
  private static final ScriptedUpstream LARGE = new ScriptedUpstream();

  @DynamicPropertySource
  static void gateway(DynamicPropertyRegistry registry) {
    String upstreams = "tokentropy.upstreams.";
    for (String name : List.of("s", "l")) {
      registry.add(upstreams + name + ".url", () -> (name.equals("s") ? SMALL : LARGE).url());
      registry.add(upstreams + name + ".kind", () -> name.equals("s") ? "vllm" : "llamacpp");
      registry.add(upstreams + name + ".model", () -> name);
      registry.add(upstreams + name + ".vocab-size", () -> 100);
    }
    registry.add("tokentropy.gateway.enabled", () -> true);
    registry.add("tokentropy.gateway.check", () -> false);
    registry.add("tokentropy.gateway.pairs.demo.small", () -> "s");
    registry.add("tokentropy.gateway.pairs.demo.large", () -> "l");
    registry.add("tokentropy.gateway.pairs.demo.mode", () -> "attach");
  }

  @AfterAll
  static void stop() throws IOException {
    SMALL.close();
    LARGE.close();
  }

  @BeforeEach
  void answer() {
    String both = WHOLE.formatted(logprobs("Yes", 0.7), logprobs("No", 0.6));
    SMALL.on(CHAT, json(both));
    LARGE.on(CHAT, json(both));
  }

  /** The member of a choice, with three alternatives. */
  private static String logprobs(String token, double p) {
    return "\"logprobs\":{\"content\":[{\"token\":\"%s\",\"logprob\":%s,\"top_logprobs\":[%s,%s,%s]}]},"
        .formatted(
            token,
            Math.log(p),
            alternative(token, p),
            alternative("x", 0.2),
            alternative("y", 0.05));
  }

  private static String alternative(String token, double p) {
    return "{\"token\":\"%s\",\"logprob\":%s}".formatted(token, Math.log(p));
  }

  private static String asking(String model, String more) {
    return ASKED.formatted(model, more);
  }

  /** What {@code /v1/score} says of a response. */
  private String scored(String response, String options) {
    return post("/v1/score", "{\"openai\": " + response + ", \"vocab_size\": 100" + options + "}")
        .ok()
        .text();
  }

  private static String quoted(String text) {
    String object = new String(new Answer().put("t", text).toBytes(), StandardCharsets.UTF_8);
    return object.substring(5, object.length() - 1);
  }

  /** An answer as the client gets it. */
  private static String attached(String answer, String member) {
    int end = answer.lastIndexOf(" }");
    return answer.substring(0, end) + ",\"tokentropy\":{" + member + "}" + answer.substring(end);
  }

  @Test
  void aWholeAnswerIsThatOfTheServerWithItsScore() {
    String full = WHOLE.formatted(logprobs("Yes", 0.7), logprobs("No", 0.6));
    Reply reply = post(CHAT, asking("demo", "")).ok();
    assertThat(reply.text())
        .isEqualTo(attached(WHOLE.formatted("", ""), "\"score\":" + scored(full, "")));
    assertThat(reply.at("/tokentropy/score/choices/1/choice").asInt()).isEqualTo(1);
    assertThat(reply.header("X-Tokentropy-Mode")).isEqualTo("attach");
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(LARGE.asked(CHAT).getLast().body())
        .isEqualTo(asking("l", ",\"logprobs\":true,\"top_logprobs\":20"));
  }

  @Test
  void aServerThatWritesNullIsLeftToDoSo() {
    String nothing = "\"logprobs\":null,";
    Reply reply = post(CHAT, asking("demo:small", ", \"tokentropy\": {\"mode\": \"attach\"}")).ok();
    assertThat(reply.text()).startsWith(WHOLE.formatted(nothing, nothing).substring(0, 200));
    assertThat(SMALL.asked(CHAT).getLast().body()).doesNotContain("tokentropy");
  }

  @Test
  void theOptionsOfTheScoreAreThoseOfItsEndpoint() {
    String options =
        "\"spans\": [{\"name\": \"all\", \"pattern\": \"N.\"}], \"choice\": 1, \"unit\": \"bit\","
            + " \"flags\": {\"entropy_above\": 0.5}";
    String full = WHOLE.formatted(logprobs("Yes", 0.7), logprobs("No", 0.6));
    Reply reply = post(CHAT, asking("demo", ", \"tokentropy\": {\"score\": {" + options + "}}"));
    assertThat(reply.ok().text())
        .isEqualTo(attached(WHOLE.formatted("", ""), "\"score\":" + scored(full, ", " + options)));
    assertThat(reply.at("/tokentropy/score/spans/0/name").asString()).isEqualTo("all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | ", "1 | 0.7", "2 | 0.7 0.2", "20 | 0.7 0.2 0.05", "40 | 0.7 0.2 0.05"})
  void whoAsksForLogProbabilitiesSeesAsManyAsAreAsked(int most, String seen) {
    String own = ", \"logprobs\": true, \"top_logprobs\": " + most;
    Reply reply = post(CHAT, asking("demo", own)).ok();
    assertThat(
            reply
                .at("/choices/0/logprobs/content/0/top_logprobs")
                .valueStream()
                .map(each -> Math.exp(each.at("/logprob").asDouble()))
                .map(p -> Math.round(p * 100) / 100.0)
                .map(String::valueOf)
                .toList())
        .isEqualTo(seen == null ? List.of() : List.of(seen.split(" ")));
    assertThat(reply.at("/tokentropy/score/data/0/alternatives").asInt()).isEqualTo(3);
    assertThat(LARGE.asked(CHAT).getLast().body())
        .isEqualTo(asking("l", ", \"logprobs\": true, \"top_logprobs\": " + Math.max(20, most)));
  }

  @Test
  void theScoreOfAStreamIsTheEventBeforeItsLast() {
    String first = CHUNK.formatted(YES, logprobs("Yes", 0.7));
    String second = CHUNK.formatted("\"content\":\"!\"", logprobs("!", 0.75));
    LARGE.on(CHAT, events(ROLE, first, second));
    Reply reply = post(CHAT, asking("demo", ", \"stream\": true")).ok();
    String sent = "data: " + String.join("\n\ndata: ", ROLE, first, second, "[DONE]") + "\n\n";
    String score =
        "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"L\","
            + "\"choices\":[],\"tokentropy\":{\"score\":"
            + scored(quoted(sent), "")
            + "}}";
    assertThat(reply.text())
        .isEqualTo(
            "data: "
                + String.join(
                    "\n\ndata: ",
                    ROLE,
                    CHUNK.formatted(YES, ""),
                    CHUNK.formatted("\"content\":\"!\"", ""),
                    score,
                    "[DONE]")
                + "\n\n");
    assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
  }

  @Test
  void aStreamMayBeCutAnywhereOnItsWay() {
    String chunk = CHUNK.formatted(YES, logprobs("Yes", 0.7));
    LARGE.on(CHAT, events(ROLE, chunk));
    String usual = post(CHAT, asking("demo", ", \"stream\": true")).ok().text();
    LARGE.on(
        CHAT,
        (asked, wire) -> {
          wire.head(200, "text/event-stream");
          for (char each : ("data: " + ROLE + "\n\ndata: " + chunk + "\n\n").toCharArray()) {
            wire.piece(String.valueOf(each));
          }
          wire.piece("data: [DONE]\n\n");
          wire.end();
        });
    assertThat(post(CHAT, asking("demo", ", \"stream\": true")).ok().text()).isEqualTo(usual);
  }

  @Test
  void aStreamThatBreaksOffHasNoScoreAndNoEnd() throws IOException {
    LARGE.on(CHAT, eventsAndCut(ROLE, CHUNK.formatted(YES, logprobs("Yes", 0.7))));
    assertThat(BrokenStream.read(uri(CHAT), asking("demo", ", \"stream\": true")))
        .contains(CHUNK.formatted(YES, ""), "\"code\":\"upstream_unavailable\"")
        .doesNotContain("tokentropy", "[DONE]");
  }

  @Test
  void anErrorOfTheServerWithinAStreamIsPassedOnWithoutAScore() {
    String error = "{\"error\":{\"message\":\"out of memory\"}}";
    LARGE.on(CHAT, events(CHUNK.formatted(YES, logprobs("Yes", 0.7)), error));
    assertThat(post(CHAT, asking("demo", ", \"stream\": true")).ok().text())
        .isEqualTo(
            "data: " + CHUNK.formatted(YES, "") + "\n\ndata: " + error + "\n\ndata: [DONE]\n\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTextWithoutLogProbabilitiesIsAProblem(boolean stream) {
    LARGE.on(CHAT, stream ? events(ROLE, CHUNK.formatted(YES, "")) : json(WHOLE.formatted("", "")));
    Reply reply = post(CHAT, asking("demo", ", \"stream\": " + stream)).problem(502, "no_logprobs");
    assertThat(reply.at("/error/message").asString())
        .startsWith("the server \"l\" gave a text without log-probabilities; it needs a version");
  }

  @Test
  void callsOfToolsNeedNone() {
    String call = "\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\"}}]";
    LARGE.on(CHAT, events(ROLE, CHUNK.formatted(call, "")));
    Reply reply = post(CHAT, asking("demo", ", \"stream\": true")).ok();
    assertThat(reply.text()).contains(call, "\"tokentropy\":{").endsWith("data: [DONE]\n\n");
  }

  @Test
  void whatOnlyThisTextLacksIsToldBesideTheAnswer() {
    Reply reply =
        post(
                CHAT,
                asking(
                    "demo",
                    ", \"tokentropy\": {\"score\": {\"spans\": [{\"name\": \"a\", \"text\":"
                        + " \"Maybe\"}]}}"))
            .ok();
    assertThat(reply.at("/choices/0/message/content").asString()).isEqualTo("Yes");
    assertThat(reply.at("/tokentropy/error/code").asString()).isEqualTo("missing_input");
    assertThat(reply.at("/tokentropy/error/errors/0/pointer").asString())
        .isEqualTo("/tokentropy/score/spans/0/text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"mode\": \"switch\"}                                     | mode",
        "{\"mode\": \"attached\"}                                   | mode",
        "{\"scores\": {}}                                           | scores",
        "{\"score\": {\"unti\": \"bit\"}}                           | score/unti",
        "{\"score\": {\"unit\": \"bits\"}}                          | score/unit",
        "{\"score\": {\"openai\": {}}}                              | score/openai",
        "{\"score\": {\"windows\": []}}                             | score/windows",
        "{\"score\": {\"echo\": true}}                              | score/echo",
        "{\"score\": {\"vocab_size\": 0}}                           | score/vocab_size",
        "{\"score\": {\"spans\": [{\"name\": \"a\"}]}}              | score/spans/0",
        "{\"score\": {\"spans\": [{\"name\": \"a\", \"pattern\": \"(\"}]}} | score/spans/0/pattern",
      })
  void optionsThatSuitNoAnswerAreRefusedBeforeTheServerIsAsked(String options, String place) {
    int before = LARGE.asked().size();
    Reply reply = post(CHAT, asking("demo", ", \"tokentropy\": " + options));
    assertThat(reply.status()).as(reply.text()).isEqualTo(422);
    reply.pointing("/tokentropy/" + place);
    assertThat(LARGE.asked()).hasSize(before);
  }

  @Test
  void completionsAreScoredToo() {
    String answer = "{\"id\":\"t\",\"choices\":[{\"index\":0,\"text\":\"Yes\",\"logprobs\":%s}] }";
    String full =
        answer.formatted(
            "{\"tokens\":[\"Yes\"],\"token_logprobs\":[-0.5],\"top_logprobs\":[{\"Yes\":-0.5,"
                + "\"x\":-2}],\"text_offset\":[0]}");
    SMALL.on(TEXTS, json(full));
    String options = ", \"tokentropy\": {\"mode\": \"attach\"}";
    String body = "{\"model\": \"demo:small\", \"prompt\": \"Hi\"%s}";
    String score = "\"score\":" + scored(full, "");
    assertThat(post(TEXTS, body.formatted(options)).ok().text())
        .isEqualTo(attached(answer.formatted("null"), score));
    assertThat(SMALL.asked(TEXTS).getLast().body())
        .isEqualTo("{\"model\": \"s\", \"prompt\": \"Hi\",\"logprobs\":20}");
    assertThat(post(TEXTS, body.formatted(", \"logprobs\": 1" + options)).ok().text())
        .isEqualTo(attached(full, score));
    assertThat(SMALL.asked(TEXTS).getLast().body()).endsWith("\"logprobs\": 1}");
  }

  @Test
  void modeOffPassesTheRequestOnAsItIs() {
    Reply reply = post(CHAT, asking("demo", ", \"tokentropy\": {\"mode\": \"off\"}")).ok();
    assertThat(reply.header("X-Tokentropy-Mode")).isEqualTo("passthrough");
    assertThat(reply.text()).contains("top_logprobs").doesNotContain("tokentropy");
    assertThat(LARGE.asked(CHAT).getLast().body()).isEqualTo(asking("l", ""));
  }

  @Test
  void whatIsNoJsonIsNoAnswer() {
    LARGE.on(CHAT, json("oops"));
    post(CHAT, asking("demo", "")).problem(502, "upstream_unavailable");
  }

  @Test
  void theGatewaySaysThatThePairAttaches() {
    assertThat(get("/v1/gateway").at("/pairs/0/mode").asString()).isEqualTo("attach");
  }
}
