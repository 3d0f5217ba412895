package io.tokentropy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tokentropy.upstream.UpstreamFailed.Why;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a model server can fail, and what comes of it. */
@Timeout(60)
class ModelServerTest {
  private static final String PATH = "/v1/completions";
  private static final byte[] BODY = "{\"prompt\":\"ä\"}".getBytes(StandardCharsets.UTF_8);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  private ScriptedUpstream upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedUpstream();
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
  }

  private static ServerConfig config(URI url, ApiKey key, Duration first, Duration idle, int most) {
    return new ServerConfig(
        "small",
        url,
        ServerKind.OPENAI,
        "m",
        key,
        OptionalInt.empty(),
        new ServerConfig.Times(Duration.ofSeconds(2), first, idle),
        most,
        ServerConfig.Cancels.AUTO,
        new ServerConfig.Prices(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
  }

  private ModelServer server(Duration first, Duration idle, int most) {
    return new ModelServer(
        config(upstream.url(), ApiKey.of("small", null, null), first, idle, most));
  }

  private ModelServer server() {
    return server(LONG, LONG, 64);
  }

  private static String rest(ByteStream stream) throws UpstreamFailed {
    var text = new StringBuilder();
    for (byte[] next = stream.next(); next != null; next = stream.next()) {
      text.append(new String(next, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private interface Act {
    void run() throws UpstreamFailed;
  }

  private static UpstreamFailed failure(Act act) {
    return catchThrowableOfType(UpstreamFailed.class, act::run);
  }

  @Test
  void aWholeAnswerComesWithTheBodyAndTheKeySent() throws UpstreamFailed {
    upstream.on(PATH, ScriptedUpstream.json("{\"a\": 1}"));
    var config = config(upstream.url(), ApiKey.of("small", "secret", null), LONG, LONG, 1);
    try (var server = new ModelServer(config)) {
      assertThat(server.post(PATH, BODY, LONG)).asString().isEqualTo("{\"a\": 1}");
    }
    ScriptedUpstream.Asked asked = upstream.asked().getFirst();
    assertThat(asked.body()).isEqualTo("{\"prompt\":\"ä\"}");
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer secret")
        .doesNotContainKey("upgrade");
  }

  @Test
  void aKeyInAFileIsReadAgain(@TempDir Path folder) throws Exception {
    upstream.on("/v1/models", ScriptedUpstream.json("{}"));
    Path file = Files.writeString(folder.resolve("key"), "one\n");
    var config = config(upstream.url(), ApiKey.of("small", null, file), LONG, LONG, 1);
    try (var server = new ModelServer(config)) {
      server.get("/v1/models", LONG);
      Files.writeString(file, "two");
      server.get("/v1/models", LONG);
      Files.writeString(file, "");
      server.get("/v1/models", LONG);
    }
    assertThat(upstream.asked().stream().map(asked -> asked.headers().get("authorization")))
        .containsExactly("Bearer one", "Bearer two", "Bearer two");
  }

  @Test
  void aStreamIsWhatTheServerSentByteForByte() throws UpstreamFailed {
    upstream.on(PATH, ScriptedUpstream.events("{\"a\":\"ä\"}", "{}"));
    try (var server = server();
        ByteStream stream = server.stream(PATH, BODY, LONG)) {
      assertThat(stream.mediaType()).isEqualTo("text/event-stream");
      assertThat(rest(stream)).isEqualTo("data: {\"a\":\"ä\"}\n\ndata: {}\n\ndata: [DONE]\n\n");
      assertThat(stream.next()).isNull();
      assertThat(server.streams()).isZero();
    }
  }

  @Test
  void closingAStreamClosesTheConnection() throws Exception {
    upstream.on(PATH, ScriptedUpstream.eventsAndSilence("{}"));
    try (var server = server()) {
      ByteStream stream = server.stream(PATH, BODY, LONG);
      assertThat(stream.next()).asString().startsWith("data: {}");
      assertThat(server.streams()).isEqualTo(1);
      stream.close();
      assertThat(upstream.sawClientGo()).isTrue();
      assertThat(server.streams()).isZero();
    }
  }

  @Test
  void anotherThreadMayCloseAStreamThatIsWaitedFor() throws Exception {
    upstream.on(PATH, ScriptedUpstream.eventsAndSilence("{}"));
    try (var server = server()) {
      ByteStream stream = server.stream(PATH, BODY, LONG);
      stream.next();
      Thread closer = Thread.ofVirtual().start(stream::close);
      assertThat(failure(stream::next))
          .satisfiesAnyOf(e -> assertThat(e).isNull(), e -> assertThat(e.why()).isEqualTo(Why.CUT));
      closer.join();
      assertThat(upstream.sawClientGo()).isTrue();
    }
  }

  @Test
  void silenceBeforeTheFirstByteEndsWithTheTime() throws Exception {
    upstream.on(PATH, ScriptedUpstream.silence());
    try (var server = server(SHORT, LONG, 1)) {
      UpstreamFailed failed = failure(() -> server.stream(PATH, BODY, LONG));
      assertThat(failed.why()).isEqualTo(Why.LATE);
      assertThat(failed).hasMessage("took longer than 200 ms");
      assertThat(upstream.sawClientGo()).isTrue();
      assertThat(server.streams()).isZero();
    }
  }

  @Test
  void aHeadWithoutABodyEndsWithTheTimeToo() throws Exception {
    upstream.on(PATH, ScriptedUpstream.eventsAndSilence());
    try (var server = server(SHORT, LONG, 1)) {
      UpstreamFailed failed = failure(() -> server.stream(PATH, BODY, LONG));
      assertThat(failed.why()).isEqualTo(Why.LATE);
      assertThat(failed).hasMessage("took longer than 200 ms");
      assertThat(upstream.sawClientGo()).isTrue();
    }
  }

  @Test
  void silenceWithinAStreamEndsWithTheTime() throws Exception {
    upstream.on(PATH, ScriptedUpstream.eventsAndSilence("{}"));
    try (var server = server(LONG, SHORT, 1)) {
      ByteStream stream = server.stream(PATH, BODY, LONG);
      stream.next();
      assertThat(failure(stream::next).why()).isEqualTo(Why.LATE);
      assertThat(upstream.sawClientGo()).isTrue();
      assertThat(server.streams()).isZero();
    }
  }

  /** Each byte has its time; whoever waits for an event gives it less and less. */
  @Test
  void dripsEndWithTheTimeOfWhoeverWaits() {
    upstream.on(PATH, ScriptedUpstream.drip(20));
    assertTimeoutPreemptively(
        LONG,
        () -> {
          try (var server = server();
              ByteStream stream = server.stream(PATH, BODY, LONG)) {
            long end = System.nanoTime() + SHORT.toNanos();
            UpstreamFailed failed =
                failure(
                    () -> {
                      while (stream.next(Duration.ofNanos(end - System.nanoTime())) != null) {
                        Thread.onSpinWait();
                      }
                    });
            assertThat(failed.why()).isEqualTo(Why.LATE);
          }
        });
  }

  @Test
  void aCutWithinAStreamIsNoEnd() throws UpstreamFailed {
    upstream.on(PATH, ScriptedUpstream.eventsAndCut("{}"));
    try (var server = server();
        ByteStream stream = server.stream(PATH, BODY, LONG)) {
      assertThat(failure(() -> rest(stream)).why()).isEqualTo(Why.CUT);
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void aCutBeforeTheHeadIsNoFailureToConnect() {
    upstream.on(PATH, ScriptedUpstream.cut());
    try (var server = server()) {
      assertThat(failure(() -> server.post(PATH, BODY, LONG)).why()).isEqualTo(Why.CUT);
      assertThat(failure(() -> server.stream(PATH, BODY, LONG)).why()).isEqualTo(Why.CUT);
    }
    assertThat(upstream.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 429, 500, 503})
  void aRefusalCarriesWhatTheServerSaid(int status) {
    upstream.on(PATH, ScriptedUpstream.status(status, "{\"why\":1}", "Retry-After: 7"));
    try (var server = server()) {
      for (Act act :
          new Act[] {() -> server.post(PATH, BODY, LONG), () -> server.stream(PATH, BODY, LONG)}) {
        UpstreamFailed failed = failure(act);
        assertThat(failed.why()).isEqualTo(Why.REFUSED);
        assertThat(failed).hasMessage("answered with status " + status);
        UpstreamFailed.Refusal refusal = failed.refusal().orElseThrow();
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(refusal.text()).isEqualTo("{\"why\":1}");
      }
      assertThat(server.streams()).isZero();
    }
  }

  @Test
  void aRefusalThatDoesNotEndIsOneNonetheless() {
    upstream.on(
        PATH,
        (asked, wire) -> {
          wire.head(429, "text/plain");
          wire.piece("busy");
          wire.hang();
        });
    try (var server = server()) {
      UpstreamFailed failed = failure(() -> server.stream(PATH, BODY, LONG));
      assertThat(failed.refusal().orElseThrow().text()).isEqualTo("busy");
    }
  }

  @Test
  void redirectsAreNotFollowed() {
    upstream.on(PATH, ScriptedUpstream.status(307, "", "Location: /elsewhere"));
    try (var server = server()) {
      assertThat(failure(() -> server.post(PATH, BODY, LONG)).status()).hasValue(307);
    }
    assertThat(upstream.asked()).hasSize(1);
  }

  @Test
  void moreCallsThanTheServerMayHaveAreNotSent() throws UpstreamFailed {
    upstream.on(PATH, ScriptedUpstream.eventsAndSilence("{}"));
    try (var server = server(LONG, LONG, 1);
        ByteStream first = server.stream(PATH, BODY, LONG)) {
      UpstreamFailed failed = failure(() -> server.stream(PATH, BODY, LONG));
      assertThat(failed.why()).isEqualTo(Why.BUSY);
      assertThat(failed).hasMessage("has 1 calls under way, as many as it may have");
      assertThat(upstream.asked()).hasSize(1);
      assertThat(first.next()).isNotNull();
    }
  }

  @Test
  void twentyFailuresLeaveTheServerAlone() {
    upstream.on(PATH, ScriptedUpstream.status(503, ""));
    try (var server = server()) {
      for (int i = 0; i < 20; i++) {
        assertThat(server.state()).isEqualTo(ModelServer.State.CLOSED);
        assertThat(failure(() -> server.post(PATH, BODY, LONG)).status()).hasValue(503);
      }
      assertThat(server.state()).isEqualTo(ModelServer.State.OPEN);
      assertThat(failure(() -> server.post(PATH, BODY, LONG)).why()).isEqualTo(Why.RESTING);
      assertThat(upstream.asked()).hasSize(20);
    }
  }

  @Test
  void afterARestOneCallDecides() throws Exception {
    upstream.on(PATH, ScriptedUpstream.status(500, ""));
    var config = config(upstream.url(), ApiKey.of("small", null, null), LONG, LONG, 1);
    try (var server = new ModelServer(config, Duration.ofMillis(1))) {
      for (int i = 0; i < 20; i++) {
        failure(() -> server.post(PATH, BODY, LONG));
      }
      upstream.on(PATH, ScriptedUpstream.json("{}"));
      Thread.sleep(5);
      server.post(PATH, BODY, LONG);
      assertThat(server.state()).isEqualTo(ModelServer.State.CLOSED);
    }
  }

  /** Requests that are refused for what they are say nothing of the server's health. */
  @Test
  void requestsAtFaultLeaveTheServerInService() {
    upstream.on(PATH, ScriptedUpstream.status(429, ""));
    try (var server = server()) {
      for (int i = 0; i < 25; i++) {
        failure(() -> server.post(PATH, BODY, LONG));
      }
      assertThat(server.state()).isEqualTo(ModelServer.State.CLOSED);
    }
  }

  @ParameterizedTest(name = "{0}: {1} calls")
  @CsvSource({"429, 2", "503, 2", "400, 1", "500, 1"})
  void onlyWhatCertainlyDidNoWorkIsTriedAgainOnce(int status, int calls) {
    upstream.on(PATH, ScriptedUpstream.status(status, "", "Retry-After: 0"));
    try (var server = server()) {
      UpstreamFailed failed = failure(() -> Retry.once(() -> server.post(PATH, BODY, LONG)));
      assertThat(failed.status()).hasValue(status);
    }
    assertThat(upstream.asked()).hasSize(calls);
  }

  @Test
  void aTimeoutIsNotTriedAgain() {
    upstream.on(PATH, ScriptedUpstream.silence());
    try (var server = server(SHORT, LONG, 1)) {
      failure(() -> Retry.once(() -> server.stream(PATH, BODY, LONG)));
    }
    assertThat(upstream.asked()).hasSize(1);
  }

  @Test
  void theSecondCallMaySucceed() throws UpstreamFailed {
    upstream.on(
        PATH,
        ScriptedUpstream.status(503, "", "Retry-After: 0"),
        ScriptedUpstream.json("{\"b\":2}"));
    try (var server = server()) {
      byte[] answer = Retry.once(() -> server.post(PATH, BODY, LONG));
      assertThat(answer).asString().isEqualTo("{\"b\":2}");
    }
  }

  @Test
  void nobodyThereIsAFailureToConnect() throws IOException {
    URI closed;
    try (var socket = new ServerSocket(0)) {
      closed = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    try (var server =
        new ModelServer(config(closed, ApiKey.of("small", null, null), LONG, LONG, 1))) {
      UpstreamFailed failed = failure(() -> server.post(PATH, BODY, LONG));
      assertThat(failed.why()).isEqualTo(Why.UNREACHABLE);
      assertThat(Retry.isWorthIt(failed)).isTrue();
    }
  }

  @Test
  void anAnswerThatIsTooLongIsNotKept() {
    upstream.on(
        PATH,
        (asked, wire) -> {
          wire.head(200, "application/json");
          String megabyte = " ".repeat(1 << 20);
          for (int i = 0; i < 40; i++) {
            wire.piece(megabyte);
          }
          wire.end();
        });
    try (var server = server()) {
      assertThat(failure(() -> server.post(PATH, BODY, LONG)).why()).isEqualTo(Why.TOO_LONG);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "0, PT0S",
        "3, PT3S",
        "soon, null",
        "-1, null",
        "Wed, null",
      })
  void aRetryAfterIsSecondsOrADate(String header, Duration expected) {
    assertThat(Retry.after(header)).isEqualTo(expected);
    assertThat(Retry.after("Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8000, http://localhost:8000",
    "http://localhost:8000/v1/, http://localhost:8000",
    "https://models.example.org/v1, https://models.example.org",
    "https://models.example.org/eu/v1, https://models.example.org/eu",
  })
  void anAddressIsWhatThePathsBeginWith(URI url, URI expected) {
    assertThat(ServerConfig.address("small", url, false)).isEqualTo(expected);
  }

  @Test
  void plainTextBeyondThisMachineMustBeSaid() {
    URI url = URI.create("http://vllm.models.svc:8000");
    assertThatThrownBy(() -> ServerConfig.address("small", url, false))
        .hasMessage(
            "TOKENTROPY_UPSTREAMS_SMALL_URL begins with http:// and is not on this machine: prompts"
                + " could be read on the way; expected https, or"
                + " TOKENTROPY_UPSTREAMS_SMALL_PLAINTEXT=true if that network is trusted");
    assertThat(ServerConfig.address("small", url, true)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8000", "ftp://a", "http:///x", "https://a?b", "https://u@a"})
  void whatIsNoAddressIsRefused(URI url) {
    assertThatThrownBy(() -> ServerConfig.address("small", url, true))
        .hasMessageStartingWith("TOKENTROPY_UPSTREAMS_SMALL_URL is no address such as");
  }
}
