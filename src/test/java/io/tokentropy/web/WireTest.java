package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are hardly any, and what browsers ask. */
class WireTest extends ServiceTest {
  private String raw(String request) throws IOException {
    try (var socket = new Socket("localhost", uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              request
                  .replace("\\r", "\r")
                  .replace("\\n", "\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          garbage                                                     ; 400 ; bad_request
          GET                                                         ; 400 ; bad_request
          GET /a|b{} HTTP/1.1\\r\\nHost: x                            ; 400 ; bad_request
          GET /v1/% HTTP/1.1\\r\\nHost: x                             ; 400 ; bad_request
          GET /v1%2fentropy HTTP/1.1\\r\\nHost: x                     ; 400 ; bad_request
          GET /../../etc HTTP/1.1\\r\\nHost: x                        ; 400 ; bad_request
          GET / HTTP/1.1                                              ; 400 ; bad_request
          GET / HTTP/9.9\\r\\nHost: x                                 ; 400 ; bad_request
          POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: z ; 400 ; bad_request
          POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1   ; 400 ; bad_request
          GET /error HTTP/1.1\\r\\nHost: x                            ; 404 ; not_found
          TRACE /v1/entropy HTTP/1.1\\r\\nHost: x                     ; 405 ; method_not_allowed
          BREW /v1/entropy HTTP/1.1\\r\\nHost: x                      ; 405 ; method_not_allowed
          """)
  void everyRefusalIsAProblemAndSaysNothingOfTheServer(String request, int status, String code)
      throws IOException {
    String answer = raw(request + "\\r\\nConnection: close\\r\\n\\r\\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .contains("\"code\":\"" + code + "\"", "\"status\":" + status)
        .contains("X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "X-Request-Id: ")
        .containsIgnoringCase("Content-Type: application/problem+json")
        .doesNotContainIgnoringCase(
            "tomcat", "coyote", "exception", "<html", "timestamp", "Server:");
  }

  @Test
  void aChunkWithoutASizeIsNoBody() throws IOException {
    assertThat(
            raw(
                "POST /v1/entropy HTTP/1.1\\r"
                    + "\\n"
                    + "Host: x\\r"
                    + "\\n"
                    + "Content-Type: application/json\\r"
                    + "\\n"
                    + "Transfer-Encoding: chunked\\r"
                    + "\\n"
                    + "Connection: close\\r"
                    + "\\n"
                    + "\\r"
                    + "\\n"
                    + "zz\\r"
                    + "\\n"
                    + "{}\\r"
                    + "\\n"))
        .startsWith("HTTP/1.1 4")
        .doesNotContainIgnoringCase("exception", "timestamp");
  }

  /** A body that will be refused is not asked for. */
  @Test
  void nobodyIsToldToContinueInVain() throws IOException {
    assertThat(
            raw(
                "POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nContent-Type: application/json\\r\\n"
                    + "Content-Length: 99999999999\\r\\nExpect: 100-continue\\r\\n\\r\\n"))
        .startsWith("HTTP/1.1 413");
  }

  /** Many clients read only when they have sent everything, and must not find a reset then. */
  @ParameterizedTest
  @CsvSource({"99999999, Content-Length: 99999999", "8000000, Transfer-Encoding: chunked"})
  void whoSendsOnAfterARefusalSeesIt(int size, String framing) throws IOException {
    byte[] part = ("fffff\r\n" + "x".repeat(0xfffff) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (var socket = new Socket("localhost", uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/nowhere HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      for (int sent = 0; sent < size; sent += part.length) {
        out.write(part, 0, Math.min(part.length, size - sent));
      }
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 404")
          .contains("Connection: close", "\"code\":\"not_found\"");
    }
  }

  /** As Python's http.client sends: the body in a packet of its own, after the head. */
  @Test
  void aRefusalLeavesTheConnectionOpenForTheNextCall() throws Exception {
    try (var socket = new Socket("localhost", uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 3; i++) {
        socket
            .getOutputStream()
            .write(
                "POST /v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(20);
        socket.getOutputStream().write('{');
        Thread.sleep(20);
        socket.getOutputStream().write('}');
        var answer = new byte[8192];
        int length = socket.getInputStream().read(answer);
        assertThat(new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 404")
            .doesNotContain("Connection: close");
      }
    }
  }

  @Test
  void otherOriginsGetNoPermission() {
    Reply answer = send(request("/v1/limits").header("Origin", "https://other.example")).ok();
    Reply preflight =
        send(
            request("/v1/entropy")
                .header("Origin", "https://other.example")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));
    for (Reply reply : new Reply[] {answer, preflight}) {
      assertThat(reply.headers().keySet())
          .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
    }
  }

  @Test
  void optionsNamesTheMethodsThereAre() {
    Reply options = send(request("/v1/entropy").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.ok().header("Allow").split(","))
        .containsExactlyInAnyOrder("GET", "HEAD", "POST", "OPTIONS");
  }

  /** Found by the contract fuzzer: a form was taken apart before anybody had refused it. */
  @Test
  void formsAreNotRead() {
    for (String type : new String[] {"multipart/form-data", "multipart/form-data; boundary=x"}) {
      send(request("/v1/entropy")
              .header("Content-Type", type)
              .POST(BodyPublishers.ofString("--x\r\n\r\n1\r\n--x--")))
          .problem(415, "unsupported_media_type");
    }
  }

  /** Decisions carry states, which no fixed record holds. */
  @Test
  void aStepWithDecisionsIsNotPacked() {
    send(request("/v1/step")
            .header("Content-Type", "application/json")
            .header("Accept", "application/octet-stream")
            .POST(BodyPublishers.ofString("{\"logits\":[[3,2,1,0]],\"ead\":{\"threshold\":1}}")))
        .problem(406, "not_acceptable");
  }
}
