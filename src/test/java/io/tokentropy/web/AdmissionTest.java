package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** The two gates, made so narrow that a test can fill them. */
@TestPropertySource(
    properties = {
      "tokentropy.admission.max-queue=3",
      "tokentropy.admission.max-calls=60",
      "tokentropy.admission.max-batches=2",
      "tokentropy.admission.max-bytes-in-flight=9000000",
      "tokentropy.admission.body-deadline=1500ms",
      "server.tomcat.connection-timeout=1500ms"
    })
@ExtendWith(OutputCaptureExtension.class)
class AdmissionTest extends ServiceTest {
  private static final String EIGHT_ROWS = "/v1/truncation?dtype=f16&shape=8,32000&top_h=0.4";

  private Reply eightRows(String deadline) {
    var request =
        request(EIGHT_ROWS)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(new byte[8 * 32_000 * 2]));
    return send(deadline == null ? request : request.header("X-Request-Timeout-Ms", deadline));
  }

  @Test
  void underOverloadEveryCallIsAnsweredAndProbesStayAlive() throws Exception {
    var codes = new TreeMap<Integer, Integer>();
    var stop = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(41)) {
      var probes =
          threads.submit(
              () -> {
                int alive = 0;
                while (!stop.get()) {
                  alive +=
                      get("/livez").status() == 200 && get("/readyz").status() == 200 ? 1 : -1000;
                }
                return alive;
              });
      var calls = new ArrayList<Callable<Reply>>();
      for (int i = 0; i < 400; i++) {
        calls.add(() -> eightRows(null));
      }
      for (var answer : threads.invokeAll(calls)) {
        Reply reply = answer.get();
        codes.merge(reply.status(), 1, Integer::sum);
        if (reply.status() != 200) {
          assertThat(reply.status()).isIn(429, 503);
          assertThat(reply.header("Retry-After")).isEqualTo("1");
          reply.problem(reply.status(), reply.status() == 429 ? "overloaded" : "deadline_exceeded");
        }
      }
      stop.set(true);
      assertThat(probes.get()).isPositive();
    }
    assertThat(codes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(400);
    assertThat(codes.get(200)).isPositive();
    assertThat(codes.get(429)).isPositive();
    eightRows(null).ok();
    assertThat(get("/metrics").text())
        .contains("tokentropy_queue_depth 0.0")
        .contains(
            "tokentropy_bytes_in_flight{kind=\"bodies\"} 0.0",
            "tokentropy_bytes_in_flight{kind=\"values\"} 0.0",
            "tokentropy_bytes_in_flight{kind=\"answers\"} 0.0",
            "tokentropy_cost_in_flight 0.0");
  }

  @Test
  void bodiesThatWouldFillTheMemoryAreTurnedAway() {
    Reply refused =
        send(
            request("/v1/entropy?dtype=f64&shape=2,600000")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(new byte[2 * 600_000 * 8])));
    refused.problem(429, "overloaded");
    assertThat(refused.text()).contains("TOKENTROPY_ADMISSION_MAX_BYTES_IN_FLIGHT");
  }

  @Test
  void aCallerMayShortenTheDeadline() {
    eightRows("60000").ok();
    for (String wrong : new String[] {"0", "-5", "soon", "1.5", "9999999999"}) {
      eightRows(wrong).problem(422, "parameter_out_of_range");
    }
  }

  /** Sends the head of a request and part of its body, and reads the status line of the answer. */
  private String slow(String body, int declared) throws IOException {
    try (var socket = new Socket("localhost", uri("/").getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/entropy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: "
                  + declared
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aBodyThatDoesNotArriveIsGivenUp(CapturedOutput log) throws IOException {
    assertThat(slow("{\"logits\":", 1000)).isEqualTo("HTTP/1.1 408");
    assertThat(log.getAll()).doesNotContain("ERROR");
  }

  @Test
  void aCallerThatGoesAwayIsNoFault(CapturedOutput log) throws IOException, InterruptedException {
    for (int i = 0; i < 5; i++) {
      try (var socket = new Socket("localhost", uri("/").getPort())) {
        socket.setSoLinger(true, 0);
        socket
            .getOutputStream()
            .write(
                "POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        Thread.sleep(50);
      }
    }
    post("/v1/entropy", "{\"logits\":[[0,0]]}").ok();
    assertThat(log.getAll()).doesNotContain("ERROR");
  }

  @Test
  void slowBodiesHoldNoCore() throws Exception {
    try (var threads = Executors.newFixedThreadPool(20)) {
      var slow = new ArrayList<java.util.concurrent.Future<String>>();
      for (int i = 0; i < 20; i++) {
        slow.add(threads.submit(() -> slow("{\"logits\":", 1000)));
      }
      for (int i = 0; i < 20; i++) {
        post("/v1/entropy", "{\"logits\":[[0,0]]}").ok();
      }
      for (var answer : slow) {
        assertThat(answer.get()).isEqualTo("HTTP/1.1 408");
      }
    }
  }

  /** Opens a stream, sends the lines, and leaves it open. */
  private Socket stream(String lines) throws IOException {
    var socket = new Socket("localhost", uri("/").getPort());
    socket
        .getOutputStream()
        .write(
            ("POST /v1/batch?url=/v1/entropy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n"
                    + lines)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String read(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void soManyStreamsAreOpenAtOnceAndAnIdleOneEnds() throws Exception {
    try (Socket one = stream("{\"probs\":[1]}\n");
        Socket two = stream("{\"probs\":[1]}\n")) {
      Thread.sleep(300);
      try (Socket three = stream("{\"probs\":[1]}\n")) {
        assertThat(read(three))
            .startsWith("HTTP/1.1 429")
            .contains("Retry-After: 1", "MAX_BATCHES");
      }
      for (Socket idle : new Socket[] {one, two}) {
        assertThat(read(idle))
            .startsWith("HTTP/1.1 200")
            .contains("\"line\":0,\"status\":200", "\"line\":1,\"status\":408")
            .contains("\"lines\":2,\"ok\":1,\"failed\":1");
      }
    }
    try (Socket again = stream("")) {
      assertThat(read(again)).startsWith("HTTP/1.1 408");
    }
  }

  /** A byte now and then keeps a connection alive, not a stream. */
  @Test
  void aStreamThatTricklesEnds() throws Exception {
    try (Socket slow = stream("{\"probs\":[1]}\n")) {
      long start = System.nanoTime();
      try {
        while (System.nanoTime() - start < 6_000_000_000L) {
          slow.getOutputStream().write(' ');
          Thread.sleep(300);
        }
      } catch (IOException closed) {
        // the service has ended it
      }
      assertThat(System.nanoTime() - start).isLessThan(6_000_000_000L);
    }
  }

  /** A call whose body does not come. */
  private Socket opened() throws IOException {
    var socket = new Socket("localhost", uri("/").getPort());
    socket
        .getOutputStream()
        .write(
            ("POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void beyondTheOpenCallsOthersAreRefusedAndProbesAnswered() throws Exception {
    var open = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 60; i++) {
        open.add(opened());
      }
      Reply refused = post("/v1/entropy", "{\"probs\":[1]}");
      for (int i = 0; i < 100 && refused.status() == 200; i++) {
        Thread.sleep(10); // until the service has taken up those that are open
        open.add(opened()); // this call may have had the place of one of them
        refused = post("/v1/entropy", "{\"probs\":[1]}");
      }
      refused.problem(429, "overloaded");
      assertThat(refused.text()).contains("TOKENTROPY_ADMISSION_MAX_CALLS");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      for (String probe : new String[] {"/health", "/livez", "/readyz", "/metrics"}) {
        get(probe).ok();
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
