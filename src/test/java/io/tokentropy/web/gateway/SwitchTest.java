package io.tokentropy.web.gateway;

import static io.tokentropy.upstream.ScriptedUpstream.cut;
import static io.tokentropy.upstream.ScriptedUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ScriptedUpstream;
import io.tokentropy.upstream.ScriptedUpstream.Script;
import io.tokentropy.web.Reply;
import io.tokentropy.web.ServiceTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A pair that switches, before two scripted servers of llama.cpp: the small one writes {@code a}
 * and is never sure, the large one writes {@code B} and always is, so that they take turns.
 */
@Timeout(120)
class SwitchTest extends ServiceTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASKED =
      "{\"model\": \"demo\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
          + " \"max_tokens\": 5%s}";

  private static final ScriptedUpstream SMALL = new ScriptedUpstream();
  private static final ScriptedUpstream LARGE = new ScriptedUpstream();

  @DynamicPropertySource
  static void gateway(DynamicPropertyRegistry registry) {
    String upstreams = "tokentropy.upstreams.";
    for (String name : List.of("s", "l")) {
      registry.add(upstreams + name + ".url", () -> (name.equals("s") ? SMALL : LARGE).url());
      registry.add(upstreams + name + ".kind", () -> "llamacpp");
      registry.add(upstreams + name + ".model", () -> name);
      registry.add(upstreams + name + ".vocab-size", () -> 100);
    }
    registry.add("tokentropy.gateway.enabled", () -> true);
    registry.add("tokentropy.gateway.check", () -> false);
    String pair = "tokentropy.gateway.pairs.demo.";
    registry.add(pair + "small", () -> "s");
    registry.add(pair + "large", () -> "l");
    registry.add(pair + "mode", () -> "switch");
    registry.add(pair + "ead.profile", () -> "ead-paper");
    registry.add(pair + "ead.threshold", () -> 0.5);
    registry.add(pair + "ead.window", () -> 1);
    registry.add(pair + "ead.max-large-fraction", () -> 0.75);
    registry.add(pair + "ead.cost-ratio", () -> 0.1);
  }

  @AfterAll
  static void stop() throws IOException {
    SMALL.close();
    LARGE.close();
  }

  @BeforeEach
  void answer() {
    SMALL.on("/completion", completion("a", 5, 0.5, Integer.MAX_VALUE));
    LARGE.on("/completion", completion("B", 6, 0.98, Integer.MAX_VALUE));
    for (ScriptedUpstream each : List.of(SMALL, LARGE)) {
      each.on("/apply-template", json("{\"prompt\": \"user: Hi\"}"));
      each.on("/tokenize", json("{\"tokens\": [1, 2, 3]}"));
    }
  }

  private static final Pattern LENGTH = Pattern.compile("\"n_predict\":(\\d+)");

  /** As many tokens as are asked for, of two alternatives each; or the connection breaks before. */
  private static Script completion(String text, int id, double p, int most) {
    return (asked, wire) -> {
      int length =
          LENGTH.matcher(asked.body()).results().map(SwitchTest::number).findFirst().orElseThrow();
      wire.head(200, "text/event-stream");
      for (int i = 1; i <= Math.min(length, most); i++) {
        wire.event(
            """
            {"index":0,"content":"%s","tokens":[%d],"stop":false,"tokens_predicted":%d,\
            "tokens_evaluated":3,"completion_probabilities":[{"id":%d,"token":"%s","bytes":[%d],\
            "logprob":%s,"top_logprobs":[{"id":%d,"token":"%s","bytes":[%d],"logprob":%s},\
            {"id":9,"token":"z","bytes":[122],"logprob":%s}]}]}\
            """
                .formatted(
                    text,
                    id,
                    i,
                    id,
                    text,
                    (int) text.charAt(0),
                    Math.log(p),
                    id,
                    text,
                    (int) text.charAt(0),
                    Math.log(p),
                    Math.log(1 - p)));
      }
      if (most < length) {
        wire.cut();
        return;
      }
      wire.event(
          """
          {"index":0,"content":"","tokens":[],"stop":true,"stop_type":"limit",\
          "tokens_predicted":%d,"tokens_evaluated":3,"timings":{"cache_n":2}}\
          """
              .formatted(length));
      wire.end();
    };
  }

  private static int number(MatchResult found) {
    return Integer.parseInt(found.group(1));
  }

  private static String asking(String more) {
    return ASKED.formatted(more);
  }

  @Test
  void bothWriteOneAnswer() {
    int before = SMALL.asked("/completion").size();
    Reply reply = post(CHAT, asking(", \"tokentropy\": {\"explain\": true}"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("/choices/0/message/content").asString()).isEqualTo("aBaBa");
    assertThat(reply.at("/model").asString()).isEqualTo("demo");
    assertThat(reply.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    assertThat(reply.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    assertThat(reply.at("/tokentropy/switches").asInt()).isEqualTo(4);
    assertThat(reply.at("/tokentropy/large").asInt()).isEqualTo(2);
    assertThat(reply.at("/tokentropy/upstream/small/requests").asInt()).isEqualTo(3);
    assertThat(reply.header("X-Tokentropy-Mode")).isEqualTo("switch");
    assertThat(reply.header("X-Tokentropy-Switches")).isEqualTo("4");
    assertThat(reply.header("X-Tokentropy-Large-Fraction")).isEqualTo("0.4000");
    assertThat(reply.header("X-Tokentropy-Pure")).isEqualTo("false");
    var calls = SMALL.asked("/completion").subList(before, before + 3);
    assertThat(calls.get(0).body()).contains("[1,2,3]").contains("\"n_predict\":5");
    assertThat(calls.get(1).body()).contains("[1,2,3,5,6]").contains("\"n_predict\":3");
    assertThat(calls.get(2).body()).contains("[1,2,3,5,6,5,6]").contains("\"n_predict\":1");
  }

  @Test
  void aStreamSaysTheSame() {
    Reply reply =
        post(CHAT, asking(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
    assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
    List<JsonNode> events = events(reply.text());
    var text = new StringBuilder();
    events.forEach(event -> text.append(event.at("/choices/0/delta/content").asString("")));
    assertThat(text.toString()).isEqualTo("aBaBa");
    assertThat(reply.text()).endsWith("\n\ndata: [DONE]\n\n");
    assertThat(events.getLast().at("/usage/total_tokens").asInt()).isEqualTo(8);
  }

  private static List<JsonNode> events(String body) {
    var events = new ArrayList<JsonNode>();
    for (String line : body.split("\n\n")) {
      if (line.startsWith("data: {")) {
        events.add(JsonMapper.shared().readTree(line.substring(6)));
      }
    }
    return events;
  }

  @Test
  void whatTwoModelsCannotDoIsPassedOnToTheLargeOne() {
    LARGE.on(CHAT, json("{\"choices\": []}"));
    String body = asking(", \"tools\": [{\"type\": \"function\"}]");
    Reply reply = post(CHAT, body);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("X-Tokentropy-Mode")).isEqualTo("passthrough");
    assertThat(LARGE.asked(CHAT).getLast().body()).isEqualTo(body.replace("\"demo\"", "\"l\""));
    Reply refused = post(CHAT, asking(", \"best_of\": 2, \"tokentropy\": {\"explain\": true}"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.at("/error/code").asString()).isEqualTo("not_switchable");
  }

  @ParameterizedTest
  @CsvSource({"off, passthrough", "attach, attach"})
  void aRequestMayBeAnsweredByOneModelAlone(String mode, String told) {
    String answer =
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"B\"},\"logprobs\":{\"content\":"
            + "[{\"token\":\"B\",\"logprob\":-0.1,\"top_logprobs\":[]}]}}]}";
    LARGE.on(CHAT, json(answer));
    Reply reply = post(CHAT, asking(", \"tokentropy\": {\"mode\": \"" + mode + "\"}")).ok();
    assertThat(reply.header("X-Tokentropy-Mode")).isEqualTo(told);
    assertThat(reply.at("/choices/0/message/content").asString()).isEqualTo("B");
    assertThat(reply.at("/tokentropy/score/object").asString("").equals("score"))
        .isEqualTo(mode.equals("attach"));
    assertThat(LARGE.asked(CHAT).getLast().body()).doesNotContain("tokentropy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"unheard_of\": 1                                           | /unheard_of",
        "\"tokentropy\": {\"mode\": \"shadow\"}                      | /tokentropy/mode",
        "\"tokentropy\": {\"explain\": 1}                            | /tokentropy/explain",
        "\"tokentropy\": {\"ead\": {\"windw\": 1}}                   | /tokentropy/ead/windw",
        "\"tokentropy\": {\"ead\": {\"threshold\": -1}}              | /tokentropy/ead/threshold",
        "\"tokentropy\": {\"ead\": {\"max_large_fraction\": 0.8}}    |"
            + " /tokentropy/ead/max_large_fraction",
      })
  void whatIsNotKnownOrAllowedIsRefused(String more, String pointer) {
    Reply reply = post(CHAT, asking(", " + more));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.at("/errors/0/pointer").asString()).isEqualTo(pointer);
    assertThat(reply.at("/error/param").asString()).isEqualTo(pointer.substring(1));
  }

  @Test
  void aRequestMayAskForLess() {
    Reply reply = post(CHAT, asking(", \"tokentropy\": {\"ead\": {\"threshold\": 5}}"));
    assertThat(reply.at("/choices/0/message/content").asString()).isEqualTo("aaaaa");
  }

  @Test
  void withOneServerDownTheOtherGoesOn() {
    LARGE.on("/completion", cut());
    Reply reply = post(CHAT, asking(", \"tokentropy\": {\"explain\": true}"));
    assertThat(reply.at("/choices/0/message/content").asString()).isEqualTo("aaaaa");
    assertThat(reply.at("/tokentropy/notes/0").asString()).isEqualTo("failed:large:cut");
  }

  @Test
  void withBothDownTheFirstFailureIsTold() {
    SMALL.on("/completion", ScriptedUpstream.status(400, "{}"));
    LARGE.on("/completion", cut());
    for (String stream : List.of("", ", \"stream\": true")) {
      Reply reply = post(CHAT, asking(stream));
      assertThat(reply.status()).isEqualTo(502);
      assertThat(reply.at("/code").asString()).isEqualTo("upstream_rejected");
      assertThat(reply.at("/error/message").asString())
          .isEqualTo("the server of the small model answered with status 400");
    }
  }

  @Test
  void whatFailsWithinAStreamIsItsLastEvent() throws IOException {
    SMALL.on("/completion", completion("a", 5, 0.98, 2));
    LARGE.on("/completion", ScriptedUpstream.status(500, "{}"));
    String events = BrokenStream.read(uri(CHAT), asking(", \"stream\": true"));
    assertThat(events).contains("\"content\":\"a\"").doesNotContain("[DONE]");
    assertThat(events(events).getLast().at("/error/code").asString())
        .isEqualTo("upstream_unavailable");
  }

  @Test
  void theGatewaySaysThatThePairSwitches() {
    assertThat(get("/v1/gateway").at("/pairs/0/mode").asString()).isEqualTo("switch");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    var ead =
        new EadSettings(
            1.0, null, null, null, null, null, null, null, null, null, 2.0, null, null, null, null);
    assertThatThrownBy(ead::config)
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.pointer()).isEqualTo("/max_large_fraction"));
  }
}
