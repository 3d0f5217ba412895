package io.tokentropy.web.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.ServiceTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Bodies that do not come take no place from those that are there. */
@TestPropertySource(
    properties = {"tokentropy.admission.max-calls=8", "tokentropy.admission.body-deadline=10m"})
class MakingRoomTest extends ServiceTest {
  private static final int TRIES = 100;

  @Test
  void whoseBodyIsWaitedForTheLongestMakesRoomForACall() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        slow.add(halfABody());
      }
      waitForAllPlacesToBeTaken();
      int status = 429;
      for (int i = 0; i < TRIES && status == 429; i++) {
        status = post("/v1/entropy", "{\"logits\":[0,0]}").status();
        Thread.sleep(100);
      }
      assertThat(status).isEqualTo(200);
      assertThat(firstLineOfOne(slow)).isEqualTo("HTTP/1.1 408");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private Socket halfABody() throws IOException {
    var socket = new Socket("localhost", uri("/").getPort());
    String head =
        "POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100\r\n\r\n{";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private void waitForAllPlacesToBeTaken() throws InterruptedException {
    for (int i = 0; i < TRIES && !get("/metrics").text().contains("tokentropy_in_flight 8"); i++) {
      Thread.sleep(100);
    }
  }

  /** Those that made room are told so; the first of them is among the first that came. */
  private static String firstLineOfOne(List<Socket> sockets) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      for (Socket socket : sockets) {
        if (socket.getInputStream().available() >= 12) {
          return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
      }
      Thread.sleep(100);
    }
    return "none";
  }
}
