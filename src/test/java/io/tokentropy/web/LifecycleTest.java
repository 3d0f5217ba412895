package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a process ends, and what it says. */
class LifecycleTest {
  /** On a busy machine what is accepted takes as long as it takes: that it is answered counts. */
  private static final List<String> PATIENT =
      List.of(
          "--tokentropy.admission.deadline=120s",
          "--spring.lifecycle.timeout-per-shutdown-phase=120s");

  private static final String SLOW = "/v1/truncation?dtype=f16&shape=256,32000&top_h=0.4";

  @TempDir private Path folder;

  private static HttpResponse<String> slow(ServiceProcess service) throws Exception {
    return service.send(
        service
            .request(SLOW)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(new byte[256 * 32_000 * 2])));
  }

  @Test
  void whatWasAcceptedIsAnsweredBeforeItStops() throws Exception {
    try (var service = ServiceProcess.start(folder, List.of("-Xmx1g"), PATIENT);
        var threads = Executors.newFixedThreadPool(8)) {
      slow(service);
      var calls = new ArrayList<Future<HttpResponse<String>>>();
      for (int i = 0; i < 8; i++) {
        calls.add(threads.submit((Callable<HttpResponse<String>>) () -> slow(service)));
      }
      while (!service.send(service.request("/metrics")).body().contains("tokentropy_queue_depth 6")
          && calls.stream().noneMatch(Future::isDone)) {
        Thread.sleep(5);
      }
      service.process().destroy();
      for (Future<HttpResponse<String>> call : calls) {
        assertThat(call.get(120, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(service.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(service.process().exitValue()).isEqualTo(143);
    }
  }

  @Test
  void withoutMemoryItDoesNotLinger() throws Exception {
    var settings =
        List.of(
            "--tokentropy.max-decoded-bytes=4000000000",
            "--tokentropy.admission.max-bytes-in-flight=4000000000");
    try (var service = ServiceProcess.start(folder, List.of("-Xmx96m"), settings)) {
      String body = "{\"logits\":[[" + "0,".repeat(20_000_000) + "0]]}";
      CompletableFuture<Void> call =
          CompletableFuture.runAsync(
              () -> {
                try {
                  service.post("/v1/entropy", body);
                } catch (IOException | InterruptedException expected) {
                  // the process is gone
                }
              });
      assertThat(service.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(service.process().exitValue()).isEqualTo(3);
      call.get(10, TimeUnit.SECONDS);
    }
  }

  /** The same heap with its own limits: nothing but refusals and answers, and it lives. */
  @Test
  void largeBodiesAtOnceDoNotEndIt() throws Exception {
    var codes = new AtomicInteger[600];
    java.util.Arrays.setAll(codes, i -> new AtomicInteger());
    try (var service = ServiceProcess.start(folder, List.of("-Xmx256m"), List.of());
        var threads = Executors.newFixedThreadPool(16)) {
      String objects = "{\"logits\":[" + "{},".repeat(2_000_000) + "{}]}";
      String numbers = "{\"logits\":[[" + "0,".repeat(3_000_000) + "0]]}";
      var calls = new ArrayList<Callable<HttpResponse<String>>>();
      for (int i = 0; i < 16; i++) {
        String body = i % 2 == 0 ? objects : numbers;
        calls.add(() -> service.post("/v1/entropy", body));
      }
      for (Future<HttpResponse<String>> call : threads.invokeAll(calls)) {
        codes[call.get().statusCode()].incrementAndGet();
      }
      assertThat(codes[413].get() + codes[429].get() + codes[503].get()).isEqualTo(16);
      assertThat(service.process().isAlive()).isTrue();
      assertThat(service.post("/v1/entropy", "{\"probs\":[0.5,0.5],\"unit\":\"bit\"}").body())
          .contains("\"entropy\":1.0");
    }
  }

  @Test
  void anOrdinaryStartWarnsOfNothing() throws Exception {
    try (var service = ServiceProcess.start(folder, List.of("-Xmx256m"), List.of())) {
      service.process().destroy();
      service.process().waitFor();
      assertThat(service.log())
          .contains(" INFO ", "Commencing graceful shutdown")
          .doesNotContain(" WARN ", " ERROR ");
    }
  }

  /** Whatever a caller sends, a line of the log is one line, short, and holds none of it. */
  @Test
  void theLogHoldsNothingOfTheCallers() throws Exception {
    var settings = List.of("--logging.structured.format.console=ecs", "--logging.level.root=info");
    try (var service = ServiceProcess.start(folder, List.of("-Xmx256m"), settings)) {
      String evil = "CANARY\\nfake line\\u001b[31m" + "x".repeat(1_000_000);
      for (String body :
          List.of(
              "{\"logits\":\"" + evil + "\"}",
              "{\"unit\":\"" + evil + "\",\"logits\":[0]}",
              "{\"model\":\"" + evil + "\",\"logits\":[0]}",
              "{\"openai\":\"data: " + evil + "\"}",
              "CANARY" + evil,
              "{\"logits\":[0],\"CANARY\\u001b\":1}")) {
        assertThat(service.post("/v1/entropy", body).statusCode()).isBetween(200, 499);
      }
      for (String path :
          List.of(
              "/CANARY%0d%0afake", "/v1/entropy?CANARY=%1b%5b31m", "/v1/entropy?probs=CANARY")) {
        service.send(service.request(path).header("X-Request-Id", "CANARY-id"));
      }
      service.send(
          service
              .request("/v1/entropy")
              .header("Content-Type", "CANARY/\t")
              .header("Authorization", "Bearer CANARY")
              .POST(BodyPublishers.ofString("x")));
      try (var socket = new java.net.Socket("localhost", service.uri().getPort())) {
        socket.getOutputStream().write("GET /CANARY\u0001 HTTP/1.1\r\n\r\n".getBytes());
        socket.getInputStream().readAllBytes();
      }
      service.process().destroy();
      service.process().waitFor();
      String log = service.log();
      assertThat(log).doesNotContain("CANARY", "\u001b", "xxxxxxxx");
      String[] lines = log.split("\n");
      int parsed = 0;
      for (String line : lines) {
        assertThat(line.length()).isLessThan(8192);
        if (line.startsWith("{")) {
          JsonNode json = JsonMapper.shared().readTree(line);
          assertThat(json.at("/log/level").asString()).isIn("INFO", "WARN");
          parsed++;
        }
      }
      assertThat(parsed).isGreaterThan(5);
    }
  }
}
