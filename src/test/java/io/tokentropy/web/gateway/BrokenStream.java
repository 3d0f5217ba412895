package io.tokentropy.web.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A stream without an end, to its last byte: a client of HTTP drops some when it breaks off. */
final class BrokenStream {
  private BrokenStream() {}

  /** The events that came, when it has broken off. */
  static String read(URI uri, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(uri.getPath(), bytes.length);
    var read = new ByteArrayOutputStream();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      try {
        socket.getInputStream().transferTo(read);
      } catch (SocketException e) {
        // it was reset
      }
    }
    String answer = read.toString(StandardCharsets.UTF_8);
    assertThat(answer).doesNotContain("\r\n0\r\n");
    String chunks = answer.substring(answer.indexOf("\r\n\r\n") + 2);
    return chunks.replaceAll("\r\n[0-9a-f]+\r\n", "").replace("\r\n", "");
  }
}
