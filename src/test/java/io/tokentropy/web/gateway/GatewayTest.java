package io.tokentropy.web.gateway;

import static io.tokentropy.upstream.ScriptedUpstream.cut;
import static io.tokentropy.upstream.ScriptedUpstream.events;
import static io.tokentropy.upstream.ScriptedUpstream.eventsAndCut;
import static io.tokentropy.upstream.ScriptedUpstream.eventsAndSilence;
import static io.tokentropy.upstream.ScriptedUpstream.json;
import static io.tokentropy.upstream.ScriptedUpstream.silence;
import static io.tokentropy.upstream.ScriptedUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.upstream.ScriptedUpstream;
import io.tokentropy.web.Reply;
import io.tokentropy.web.ServiceTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The gateway before two scripted servers: what goes through, and what becomes of every failure.
 */
@Timeout(120)
class GatewayTest extends ServiceTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY =
      "{ \"messages\":[{\"role\":\"user\",\"content\":\"\\\"model\\\": ä 🙂\"}],\n \"model\" :"
          + "\"%s\", \"temperature\":1.0e0,\"unheard_of\":{\"model\":\"x\"} }";
  private static final String ANSWER = "{\"id\":\"chatcmpl-1\", \"choices\" : [ ],\"model\":\"S\"}";

  private static final ScriptedUpstream SMALL = new ScriptedUpstream();
  private static final ScriptedUpstream LARGE = new ScriptedUpstream();

  @DynamicPropertySource
  static void gateway(DynamicPropertyRegistry registry) {
    String upstreams = "tokentropy.upstreams.";
    for (String name : List.of("s", "l")) {
      registry.add(upstreams + name + ".url", () -> (name.equals("s") ? SMALL : LARGE).url());
      registry.add(upstreams + name + ".kind", () -> "openai");
      registry.add(upstreams + name + ".model", () -> name.equals("s") ? "the \"small\"" : "L");
      registry.add(upstreams + name + ".max-streams", () -> 1);
      registry.add(upstreams + name + ".api-key", () -> "secret-" + name);
    }
    registry.add(upstreams + "s.first-token-timeout", () -> "700ms");
    registry.add(upstreams + "s.idle-timeout", () -> "700ms");
    registry.add("tokentropy.gateway.enabled", () -> true);
    registry.add("tokentropy.gateway.max-prompt-bytes", () -> 1000);
    registry.add("tokentropy.gateway.pairs.demo.small", () -> "s");
    registry.add("tokentropy.gateway.pairs.demo.large", () -> "l");
  }

  @AfterAll
  static void stop() throws IOException {
    SMALL.close();
    LARGE.close();
  }

  @BeforeEach
  void answer() {
    for (String path : List.of(CHAT, "/v1/completions")) {
      SMALL.on(path, json(ANSWER));
      LARGE.on(path, json(ANSWER));
    }
  }

  private static String asking(String model) {
    return BODY.formatted(model);
  }

  private static int calls() {
    return SMALL.asked().size() + LARGE.asked().size();
  }

  @ParameterizedTest
  @CsvSource({"demo:small, /v1/chat/completions", "demo:small, /v1/completions"})
  void aWholeAnswerIsThatOfTheServerByteForByte(String model, String path) {
    Reply reply = post(path, asking(model)).ok();
    assertThat(reply.text()).isEqualTo(ANSWER);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.header("X-Tokentropy-Mode")).isEqualTo("passthrough");
    assertThat(reply.header("X-Tokentropy-Pure")).isEqualTo("false");
    assertThat(reply.header("X-Request-Id")).isNotBlank();
    ScriptedUpstream.Asked asked = SMALL.asked().getLast();
    assertThat(asked.path()).isEqualTo(path);
    assertThat(asked.body()).isEqualTo(asking("the \\\"small\\\""));
    assertThat(asked.headers()).containsEntry("authorization", "Bearer secret-s");
  }

  @ParameterizedTest
  @CsvSource({"demo, large", "demo:large, large", "demo:small, small"})
  void theModelSaysWhichServerAnswers(String model, String server) {
    int small = SMALL.asked().size();
    int large = LARGE.asked().size();
    post(CHAT, asking(model)).ok();
    assertThat(SMALL.asked().size() - small).isEqualTo(server.equals("small") ? 1 : 0);
    assertThat(LARGE.asked().size() - large).isEqualTo(server.equals("large") ? 1 : 0);
  }

  @Test
  void aStreamIsThatOfTheServerByteForByte() {
    LARGE.on(
        CHAT,
        (asked, wire) -> {
          wire.head(200, "text/event-stream; charset=utf-8");
          wire.piece(": ping\n\nda");
          wire.piece("ta: {\"a\":\"ä\"}\r\n\r\n");
          wire.piece("data: [DONE]\n\n");
          wire.end();
        });
    Reply reply = post(CHAT, asking("demo")).ok();
    assertThat(reply.text()).isEqualTo(": ping\n\ndata: {\"a\":\"ä\"}\r\n\r\ndata: [DONE]\n\n");
    assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
  }

  @Test
  void eachEventIsPassedOnBeforeTheNext() throws Exception {
    LARGE.on(CHAT, eventsAndSilence("{\"n\":1}"));
    try (Socket client = ask("demo")) {
      assertThat(readUntil(client.getInputStream(), "{\"n\":1}\n\n")).contains(" 200 ");
    }
    assertThat(LARGE.sawClientGo()).isTrue();
  }

  /** A client on a bare socket, which may go when it likes. */
  private Socket ask(String model) throws IOException {
    var client = new Socket("localhost", uri("/").getPort());
    byte[] body = asking(model).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + CHAT
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    OutputStream out = client.getOutputStream();
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.write(body);
    out.flush();
    return client;
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended with " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  @Test
  void aClientThatGoesBeforeTheFirstByteEndsTheWorkToo() throws Exception {
    LARGE.on(CHAT, silence());
    int before = LARGE.asked().size();
    try (Socket client = ask("demo")) {
      while (LARGE.asked().size() == before) {
        Thread.sleep(5);
      }
      assertThat(client.isConnected()).isTrue();
    }
    while (get("/v1/gateway").at("/pairs/0/large/streams").asInt() > 0) {
      Thread.sleep(20);
    }
  }

  @ParameterizedTest(name = "{0}: {1} {2} after {3} calls")
  @CsvSource({
    "429, 502, upstream_rejected, 2",
    "503, 502, upstream_rejected, 2",
    "500, 502, upstream_rejected, 1",
    "400, 502, upstream_rejected, 1",
    "307, 502, upstream_rejected, 1",
  })
  void aRefusalIsToldWithItsStatusAndWithoutItsText(int of, int status, String code, int calls) {
    String text =
        "{\"error\":{\"message\":\"your prompt was: secret\",\"type\":\"context_length\"}}";
    LARGE.on(CHAT, status(of, text, "Retry-After: 0"));
    int before = calls();
    Reply reply = post(CHAT, asking("demo")).problem(status, code);
    assertThat(reply.at("/detail").asString())
        .isEqualTo("the server \"l\" answered with status " + of + " (context_length)");
    assertThat(reply.at("/error/code").asString()).isEqualTo(code);
    assertThat(reply.at("/error/type").asString()).isEqualTo("server_error");
    assertThat(reply.at("/error/message")).isEqualTo(reply.at("/detail"));
    assertThat(reply.text()).doesNotContain("secret", String.valueOf(LARGE.url().getPort()));
    assertThat(calls() - before).isEqualTo(calls);
  }

  @Test
  void aServerThatBreaksOffBeforeItsAnswerIsUnavailable() {
    LARGE.on(CHAT, cut());
    Reply reply = post(CHAT, asking("demo")).problem(502, "upstream_unavailable");
    assertThat(reply.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void aServerThatSaysNothingIsLateAndNotAskedAgain() {
    SMALL.on(CHAT, silence());
    int before = calls();
    Reply reply = post(CHAT, asking("demo:small")).problem(504, "upstream_timeout");
    assertThat(reply.at("/detail").asString())
        .isEqualTo("the server \"s\" took longer than 700 ms");
    assertThat(calls() - before).isEqualTo(1);
  }

  @Test
  void moreThanTheServerMayHaveIsUnavailable() throws Exception {
    LARGE.on(CHAT, eventsAndSilence("{}"));
    try (Socket first = ask("demo")) {
      readUntil(first.getInputStream(), "{}");
      int before = calls();
      post(CHAT, asking("demo")).problem(502, "upstream_unavailable");
      assertThat(calls()).isEqualTo(before);
    }
    while (get("/v1/gateway").at("/pairs/0/large/streams").asInt() > 0) {
      Thread.sleep(20);
    }
  }

  /** The status is away; so the stream says it, and has no end. */
  @Test
  void whatFailsWithinAStreamIsItsLastEvent() throws Exception {
    LARGE.on(CHAT, eventsAndCut("{\"n\":1}"));
    SMALL.on(CHAT, eventsAndSilence("{\"n\":1}"));
    var told = new ArrayList<String>();
    for (String model : List.of("demo", "demo:small")) {
      try (Socket client = ask(model)) {
        String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("[DONE]").doesNotEndWith("0\r\n\r\n");
        told.add(text.substring(text.indexOf("data: {\"error\"")).split("\n")[0]);
      }
    }
    assertThat(told.getFirst())
        .contains("\"type\":\"server_error\"", "\"code\":\"upstream_unavailable\"");
    assertThat(told.getLast()).contains("\"code\":\"upstream_timeout\"", "longer than 700 ms");
  }

  @Test
  void aWholeAnswerThatBreaksOffIsBrokenOff() {
    LARGE.on(
        CHAT,
        (asked, wire) -> {
          wire.head(200, "application/json");
          wire.piece("{\"id\":");
          wire.cut();
        });
    assertThatThrownBy(() -> post(CHAT, asking("demo"))).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void anUnknownModelIsNotFoundWithTheNearestName() {
    int before = calls();
    Reply reply = post(CHAT, asking("demo:smal")).problem(404, "unknown_model");
    assertThat(reply.at("/detail").asString())
        .isEqualTo("found another model; did you mean \"demo:small\"?");
    assertThat(reply.at("/error/type").asString()).isEqualTo("invalid_request_error");
    assertThat(calls()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}|422|missing_input|",
        "{\"model\":7}|422|wrong_type|model",
        "{\"model\":\"demo\",\"model\":\"demo\"}|400|malformed_json|model",
        "{\"model\":\"demo\",\"tokentropy\":{}}|422|unknown_field|tokentropy",
        "[]|422|wrong_type|",
        "{|400|malformed_json|",
      })
  void whatCannotBePassedOnIsNotSent(String body, int status, String code, String param) {
    int before = calls();
    Reply reply = post(CHAT, body).problem(status, code);
    assertThat(reply.at("/error/param").asString("")).isEqualTo(param == null ? "" : param);
    assertThat(reply.at("/error/code").asString()).isEqualTo(code);
    assertThat(calls()).isEqualTo(before);
  }

  @Test
  void aPromptThatIsTooLongNamesTheSetting() {
    Reply reply =
        post(CHAT, "{\"model\":\"demo\",\"a\":\"" + "x".repeat(1000) + "\"}")
            .problem(413, "limit_exceeded");
    assertThat(reply.text()).contains("TOKENTROPY_GATEWAY_MAX_PROMPT_BYTES");
  }

  @Test
  void everyPairHasThreeNames() {
    var models = get("/v1/models").ok();
    assertThat(models.at("/object").asString()).isEqualTo("list");
    assertThat(models.at("/data").valueStream().map(model -> model.get("id").asString()))
        .containsExactly("demo", "demo:small", "demo:large");
  }

  @Test
  void theStateOfThePairsHasNoAddressAndNoKey() {
    Reply reply = get("/v1/gateway").ok();
    assertThat(reply.at("/pairs/0/large/breaker").asString()).isEqualTo("closed");
    assertThat(reply.at("/pairs/0/serve").asString()).isEqualTo("large");
    assertThat(reply.text()).doesNotContain("http", "secret", "127.0.0.1");
  }

  @Test
  void answersAreCountedByHowTheyEnd() {
    LARGE.on(CHAT, events("{}"));
    post(CHAT, asking("demo")).ok();
    LARGE.on(CHAT, status(400, ""));
    post(CHAT, asking("demo"));
    assertThat(
            get("/metrics")
                .ok()
                .text()
                .lines()
                .filter(line -> line.startsWith("tokentropy_gateway"))
                .collect(Collectors.joining("\n")))
        .contains(
            "tokentropy_gateway_requests_total{mode=\"passthrough\",model=\"large\",outcome=\"ok\","
                + "pair=\"demo\"}",
            "outcome=\"refused\"",
            "tokentropy_gateway_first_token_seconds_count{model=\"large\",pair=\"demo\","
                + "position=\"start\"}",
            "tokentropy_gateway_streams ");
  }
}
