package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Answers that nobody reads, and work for which nobody waits; texts are embedded elsewhere. */
@TestPropertySource(
    properties = {
      "tokentropy.embeddings.backend=server",
      "tokentropy.embeddings.model=small",
      "tokentropy.embeddings.timeout=600s",
      "tokentropy.max-cost=800000000",
      "tokentropy.admission.max-cost-in-flight=1000000000000",
      "tokentropy.admission.max-answers-in-flight=4000000",
      "tokentropy.admission.max-queue=0"
    })
class HeldTest extends ServiceTest {
  private static final Pattern HELD =
      Pattern.compile(
          "^tokentropy_(?:bytes|cost)_in_flight(?:\\{[^}]*})? ([0-9.E]+)$", Pattern.MULTILINE);

  private static final HttpServer EMBEDDINGS = embeddings();
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static volatile CountDownLatch answer = new CountDownLatch(1);

  /** A server that keeps everybody waiting. */
  private static HttpServer embeddings() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newCachedThreadPool());
      server.createContext(
          "/",
          exchange -> {
            ASKED.incrementAndGet();
            try {
              answer.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            byte[] body =
                "{\"data\":[{\"index\":0,\"embedding\":[1,2]},{\"index\":1,\"embedding\":[2,1]}]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add(
        "tokentropy.embeddings.url",
        () -> "http://localhost:" + EMBEDDINGS.getAddress().getPort() + "/v1/embeddings");
  }

  @AfterEach
  void answerAll() {
    answer.countDown();
  }

  @AfterAll
  static void stop() {
    EMBEDDINGS.stop(0);
  }

  private double held() {
    return HELD.matcher(get("/metrics").text())
        .results()
        .mapToDouble(gauge -> Double.parseDouble(gauge.group(1)))
        .sum();
  }

  private void untilNothingIsHeld() throws InterruptedException {
    while (held() > 0) {
      Thread.sleep(10);
    }
  }

  private static String texts(int characters) {
    String text = "x".repeat(characters / 4);
    return "{\"texts_x\":[\"@\",\"@\"],\"texts_y\":[\"@\",\"@\"]}".replace("@", text);
  }

  private Socket sent(String path, String type, String accept, byte[] body) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("localhost", uri("/").getPort()));
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nAccept: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, type, accept, body.length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  private Socket waiting() throws IOException {
    return sent(
        "/v1/inv-entropy",
        "application/json",
        "application/json",
        texts(800).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * More wait than there are cores, and a queue that holds nobody lets every other call through.
   */
  @Test
  void whoWaitsForAServerHoldsNoCore() throws Exception {
    answer = new CountDownLatch(1);
    int before = ASKED.get();
    int many = 2 * Runtime.getRuntime().availableProcessors();
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < many; i++) {
      sockets.add(waiting());
    }
    while (ASKED.get() < before + many) {
      Thread.sleep(10);
    }
    assertThat(held()).isPositive();
    for (int i = 0; i < 20; i++) {
      post("/v1/entropy", "{\"probs\":[1]}").ok();
    }
    answer.countDown();
    for (Socket socket : sockets) {
      String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(status).isIn("HTTP/1.1 200", "HTTP/1.1 429");
      socket.close();
    }
    untilNothingIsHeld();
  }

  @Test
  void workEndsWhenItsCallerHasGone() throws Exception {
    answer = new CountDownLatch(1);
    int before = ASKED.get();
    Socket socket = waiting();
    while (ASKED.get() == before) {
      Thread.sleep(10);
    }
    assertThat(held()).isPositive();
    socket.close();
    untilNothingIsHeld();
    post("/v1/entropy", "{\"probs\":[1]}").ok();
  }

  /** A text is perturbed while its first vector is waited for. */
  @Test
  void breedingEndsWhenItsCallerHasGone() throws Exception {
    answer = new CountDownLatch(1);
    int before = ASKED.get();
    String body = "{\"text\":\"Which golfer won?\",\"map\":{\"golfer\":[\"player\"]}}";
    String json = "application/json";
    Socket socket = sent("/v1/perturbations", json, json, body.getBytes(StandardCharsets.US_ASCII));
    while (ASKED.get() == before) {
      Thread.sleep(10);
    }
    socket.close();
    untilNothingIsHeld();
  }

  @Test
  void aCallerWhoWillNotWaitLongerIsToldSo() {
    answer = new CountDownLatch(1);
    Reply late =
        send(
            request("/v1/inv-entropy")
                .header("Content-Type", "application/json")
                .header("X-Request-Timeout-Ms", "300")
                .POST(BodyPublishers.ofString(texts(800))));
    late.problem(503, "deadline_exceeded");
  }

  @Test
  void whatTakesMoreThanOneCallMayIsRefused() {
    Reply refused = post("/v1/inv-entropy", texts(4004)).problem(413, "limit_exceeded");
    assertThat(refused.text()).contains("max_cost is ", "TOKENTROPY_MAX_COST");
    Reply line =
        send(
            request("/v1/batch?url=/v1/inv-entropy")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(texts(4004))));
    assertThat(line.text()).contains("\"status\":413", "TOKENTROPY_MAX_COST");
  }

  /** Each is larger than what a connection keeps for its reader. */
  @Test
  void answersThatNobodyReadsAreHeldUntilTheirReadersAreDropped() throws Exception {
    byte[] rows = new byte[2 * 700_000];
    String path = "/v1/step?dtype=f16&shape=1,700000";
    String bytes = "application/octet-stream";
    var sockets = new ArrayList<Socket>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sockets.add(sent(path, bytes, bytes, rows));
    }
    for (Socket socket : sockets) {
      found.add(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
    }
    assertThat(found).allMatch(status -> status.matches("HTTP/1.1 (200|429)"));
    assertThat(found).contains("HTTP/1.1 200");
    post("/v1/entropy", "{\"probs\":[1]}").ok();
    untilNothingIsHeld();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
