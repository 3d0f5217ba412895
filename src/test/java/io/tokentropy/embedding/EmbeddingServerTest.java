package io.tokentropy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tokentropy.refusal.InvalidInput;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with OpenAI's embeddings on this machine, well-behaved and otherwise. */
class EmbeddingServerTest {
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final List<Set<String>> headers = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private EmbeddingServer embedder(String path) {
    return embedder(path, Duration.ofSeconds(30));
  }

  private EmbeddingServer embedder(String path, Duration timeout) {
    return new EmbeddingServer(
        URI.create("http://localhost:" + server.getAddress().getPort() + path),
        "small",
        "secret",
        timeout,
        100_000);
  }

  private void answer(String path, int status, String body) {
    server.createContext(path, exchange -> respond(exchange, status, body));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** Each text's length and a one, the last text first. */
  private void lengths(HttpExchange exchange) throws IOException {
    JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    asked.add(request);
    keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
    headers.add(exchange.getRequestHeaders().keySet());
    var data = new ArrayList<String>();
    JsonNode input = request.get("input");
    for (int i = input.size() - 1; i >= 0; i--) {
      data.add(
          "{\"object\":\"embedding\",\"index\":%d,\"embedding\":[%d,1]}"
              .formatted(i, input.get(i).asString().length()));
    }
    respond(exchange, 200, "{\"object\":\"list\",\"data\":" + data + ",\"usage\":{}}");
  }

  @Test
  void vectorsComeInTheOrderOfTheTextsHoweverTheServerOrdersThem() {
    server.createContext("/v1/embeddings", this::lengths);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 300; i++) {
      texts.add("x".repeat(1 + i % 7));
    }
    List<double[]> vectors = embedder("/v1/embeddings").embed(texts, LongTexts.REFUSE).vectors();
    assertThat(vectors).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(vectors.get(i)).containsExactly(1 + i % 7, 1);
    }
    assertThat(asked).hasSize(10);
    assertThat(asked.getFirst().get("model").asString()).isEqualTo("small");
    assertThat(keys).containsOnly("Bearer secret");
  }

  private void unavailable(String path, String why) {
    assertThatThrownBy(() -> embedder(path).embed(List.of("a", "b"), LongTexts.REFUSE))
        .isInstanceOf(EmbeddingUnavailable.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret");
  }

  @Test
  void anErrorOfTheServerIsSaidPlainly() {
    answer("/down", 500, "{}");
    unavailable("/down", "status 500");
    answer("/garbage", 200, "<html>");
    unavailable("/garbage", "cannot be read");
    answer("/few", 200, "{\"data\":[{\"index\":0,\"embedding\":[1]}]}");
    unavailable("/few", "one vector for each text");
    answer(
        "/twice",
        200,
        "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1]},"
            + "{\"index\":0,\"embedding\":[2]}]}");
    unavailable("/twice", "one vector for each text");
    answer(
        "/ragged",
        200,
        "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]}]}");
    unavailable("/ragged", "one vector for each text");
    answer(
        "/nan",
        200,
        "{\"data\":[{\"index\":0,\"embedding\":[NaN]},{\"index\":1,\"embedding\":[1]}]}");
    unavailable("/nan", "cannot be read");
    answer("/long", 413, "{}");
    unavailable("/long", "status 413; a text may be too long");
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [-Infinity,1] | [1,1]
          [1,null]      | [1,1]
          [0,0]         | [1,1]
          []            | []
          [1,1]         | "x"
          """)
  void vectorsThatSayNothingAreTheServersFault(String first, String second) {
    answer(
        "/odd",
        200,
        "{\"data\":[{\"index\":0,\"embedding\":%s},{\"index\":1,\"embedding\":%s}]}"
            .formatted(first, second));
    assertThatThrownBy(() -> embedder("/odd").embed(List.of("a", "b"), LongTexts.REFUSE))
        .isInstanceOf(EmbeddingUnavailable.class);
  }

  @Test
  void vectorsOfSeveralLengthsInSeveralBatchesAreTheServersFault() {
    server.createContext(
        "/growing",
        exchange -> {
          JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
          asked.add(request);
          String vector = "1" + ",1".repeat(asked.size());
          var data = new ArrayList<String>();
          for (int i = 0; i < request.get("input").size(); i++) {
            data.add("{\"index\":%d,\"embedding\":[%s]}".formatted(i, vector));
          }
          respond(exchange, 200, "{\"data\":" + data + "}");
        });
    assertThatThrownBy(
            () -> embedder("/growing").embed(Collections.nCopies(100, "a"), LongTexts.REFUSE))
        .isInstanceOf(EmbeddingUnavailable.class)
        .hasMessageContaining("one vector for each text");
  }

  /** 100,000 bytes of it would be 33,000 objects, of 224 bytes at the least. */
  @Test
  void anAnswerThatTakesFarMoreMemoryThanItsBytesIsNotRead() {
    answer("/objects", 200, "{\"data\":[{}" + ",{}".repeat(30_000) + "]}");
    assertThatThrownBy(() -> embedder("/objects").embed(List.of("a", "b"), LongTexts.REFUSE))
        .isInstanceOf(EmbeddingUnavailable.class)
        .hasMessageContaining("cannot be read")
        .hasCauseInstanceOf(InvalidInput.LimitExceeded.class);
  }

  /** Some servers drop the body of a request that asks for HTTP/2 over plain TCP. */
  @Test
  void nothingAsksForAnotherVersionOfHttp() {
    server.createContext("/v1/embeddings", this::lengths);
    embedder("/v1/embeddings").embed(List.of("a"), LongTexts.REFUSE);
    assertThat(headers.getFirst()).doesNotContain("Upgrade", "Http2-settings");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\n", "sec\r\nret", "secret ", "sécret", "secret\u0000"})
  void aKeyThatNoHeaderHoldsIsRefusedAtStartAndNotShown(String key) {
    URI url = URI.create("http://localhost:1/v1/embeddings");
    assertThatThrownBy(() -> new EmbeddingServer(url, "m", key, Duration.ofSeconds(1), 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the key of the embedding server")
        .hasMessageNotContaining("ret");
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.createContext("/v1/embeddings", this::lengths);
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/v1/embeddings");
          respond(exchange, 307, "");
        });
    unavailable("/moved", "status 307");
    assertThat(asked).isEmpty();
  }

  @Test
  void anEndlessAnswerIsCutAtItsLimit() {
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(new byte[10_000]);
            }
          }
        });
    unavailable("/endless", "longer than 100000 bytes");
  }

  @Test
  void aSlowAnswerIsGivenUp() {
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        });
    assertThatThrownBy(
            () -> embedder("/slow", Duration.ofMillis(300)).embed(List.of("a"), LongTexts.REFUSE))
        .isInstanceOf(EmbeddingUnavailable.class)
        .hasMessageContaining("longer than 300 ms");
  }

  @Test
  void nobodyListening() {
    server.stop(0);
    unavailable("/v1/embeddings", "cannot be reached");
  }

  @Test
  void plainHttpIsForThisMachineOnly() {
    for (String url :
        List.of("http://example.com/v1/embeddings", "ftp://localhost/x", "file:///etc/passwd")) {
      assertThatThrownBy(
              () -> new EmbeddingServer(URI.create(url), "m", null, Duration.ofSeconds(1), 1000))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
