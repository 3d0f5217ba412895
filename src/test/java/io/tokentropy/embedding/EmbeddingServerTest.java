package io.tokentropy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with OpenAI's embeddings on this machine, well-behaved and otherwise. */
class EmbeddingServerTest {
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
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
    return new EmbeddingServer(
        URI.create("http://localhost:" + server.getAddress().getPort() + path),
        "small",
        "secret",
        Duration.ofMillis(1500),
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
    List<double[]> vectors = embedder("/v1/embeddings").embed(texts);
    assertThat(vectors).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(vectors.get(i)).containsExactly(1 + i % 7, 1);
    }
    assertThat(asked).hasSize(3);
    assertThat(asked.getFirst().get("model").asString()).isEqualTo("small");
    assertThat(keys).containsOnly("Bearer secret");
  }

  private void unavailable(String path, String why) {
    assertThatThrownBy(() -> embedder(path).embed(List.of("a", "b")))
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
        "/ragged",
        200,
        "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]}]}");
    unavailable("/ragged", "one vector for each text");
    answer(
        "/nan",
        200,
        "{\"data\":[{\"index\":0,\"embedding\":[NaN]},{\"index\":1,\"embedding\":[1]}]}");
    unavailable("/nan", "cannot be read");
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
    unavailable("/slow", "longer than 1500 ms");
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
