package io.tokentropy.web.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.ServiceTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.TestPropertySource;

/**
 * More connections than there are threads, each of which would like to hold one: whoever asks
 * whether the service lives is answered all the same.
 */
@TestPropertySource(
    properties = {
      "management.server.port=0",
      "server.tomcat.threads.max=64",
      "server.tomcat.max-connections=300",
      "server.tomcat.connection-timeout=2s",
      "tokentropy.admission.max-calls=16",
      "tokentropy.admission.body-deadline=2s",
      "tokentropy.compressed-bodies=true",
      "tokentropy.auth.mode=api-key",
      "tokentropy.auth.api-keys=${key.hash}",
      "key.hash=2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    })
class HoldingThreadsTest extends ServiceTest {
  /** Its SHA-256 is in the settings above. */
  private static final String KEY = "Authorization: Bearer foo\r\n";

  /** A byte, where the tables below write one. */
  private static final Pattern HEX = Pattern.compile("\\\\x([0-9a-f]{2})");

  private static final int CONNECTIONS = 200;

  /** Far longer than an answer takes, and far shorter than the attackers hold out. */
  private static final int PATIENCE = 8000;

  @LocalManagementPort private int management;

  private int port(boolean main) {
    return main ? uri("/").getPort() : management;
  }

  private static byte[] bytes(String text) {
    String lines = text.replace("\\r", "\r").replace("\\n", "\n");
    return HEX.matcher(lines)
        .replaceAll(hex -> String.valueOf((char) Integer.parseInt(hex.group(1), 16)))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String statusOf(int port, String path) throws IOException {
    try (var socket = new Socket("localhost", port)) {
      socket.setSoTimeout(PATIENCE);
      socket.getOutputStream().write(bytes("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    } catch (SocketTimeoutException e) {
      return "no answer";
    }
  }

  private void livesOnBothPorts() throws IOException {
    assertThat(statusOf(port(true), "/livez")).isEqualTo("HTTP/1.1 200");
    assertThat(statusOf(management, "/actuator/health/liveness")).isEqualTo("HTTP/1.1 200");
  }

  /** Sends a byte now and then to each, as long as the other end takes it. */
  private static final class Drip implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private volatile boolean done;

    static Drip start(int port, byte[] head) throws IOException {
      var drip = new Drip();
      for (int i = 0; i < CONNECTIONS; i++) {
        var socket = new Socket("localhost", port);
        drip.sockets.add(socket);
        socket.getOutputStream().write(head);
      }
      drip.thread.start();
      return drip;
    }

    private void run() {
      while (!done) {
        for (Socket socket : sockets) {
          try {
            socket.getOutputStream().write('a');
          } catch (IOException e) {
            // the other end had enough of it
          }
        }
        try {
          Thread.sleep(300);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      done = true;
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          true  | GET /livez HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\nx
          true  | GET /livez HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1;a
          true  | POST /livez HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1;a
          true  | GET /docs HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\nx
          true  | POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1;a
          true  | POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\nx
          true  | GET /metrics HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nA:
          false | GET /actuator/health HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\nx
          false | GET /actuator/prometheus HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1;a
          false | POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1;a
          """)
  void noHalfBodyHoldsAThread(boolean main, String head) throws Exception {
    try (Drip _ = Drip.start(port(main), bytes(head))) {
      for (int i = 0; i < 3; i++) {
        livesOnBothPorts();
        Thread.sleep(300);
      }
    }
  }

  /** Answers that nobody reads: of those that are refused, of the probes, and of the scrape. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          true  | GET /livez HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
          true  | POST /v1/entropy HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0\\r\\n\\r\\n
          true  | GET /swagger-ui/swagger-ui-bundle.js HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
          false | GET /actuator/health HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
          false | GET /actuator/prometheus HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
          """)
  void noUnreadAnswerHoldsAThread(boolean main, String request) throws Exception {
    var sockets = new ArrayList<SocketChannel>();
    try {
      byte[] many = bytes(request.repeat(500));
      for (int i = 0; i < CONNECTIONS; i++) {
        var socket = SocketChannel.open();
        socket.socket().setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("localhost", port(main)));
        socket.configureBlocking(false);
        sockets.add(socket);
      }
      for (int round = 0; round < 4; round++) {
        for (SocketChannel socket : sockets) {
          try {
            socket.write(ByteBuffer.wrap(many));
          } catch (IOException e) {
            // the other end had enough of it
          }
        }
        if (round % 3 == 0) {
          livesOnBothPorts();
        }
      }
    } finally {
      for (SocketChannel socket : sockets) {
        socket.close();
      }
    }
  }

  /** Twice as many as may be open: who says nothing does not keep others out. */
  @ParameterizedTest
  @ValueSource(strings = {"", "GET /livez HTTP/1.1\r\nHost: x\r\nX: "})
  void noHalfHeadTakesThePlaceOfAConnection(String head) throws Exception {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 1200; i++) {
        var socket = new Socket("localhost", port(i % 2 == 0));
        sockets.add(socket);
        socket.getOutputStream().write(bytes(head));
      }
      livesOnBothPorts();
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Until when a body must be there does not depend on what its bytes mean. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Transfer-Encoding: chunked                             | 1;a
          Transfer-Encoding: chunked                             | 2\\r\\n{}\\r\\n0\\r\\nA: a
          Transfer-Encoding: chunked                             | ff\\r\\n{
          Content-Length: 100000                                 | {
          Content-Length: 100000\\r\\nContent-Encoding: gzip     | \\x1f\\x8b\\x08\\x10\\x00\\x00\\x00\\x00\\x00\\x00a
          Content-Length: 100000\\r\\nExpect: 100-continue       | {
          """)
  void aBodyThatDripsIsCutOffInTime(String framing, String start) throws Exception {
    byte[] head =
        bytes(
            "POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + KEY
                + framing
                + "\r\n\r\n"
                + start);
    assertThat(answerWhileDripping(head, 'a')).contains("HTTP/1.1 408", "request_timeout");
  }

  @Test
  void aHeadThatDripsIsCutOffInTime() throws Exception {
    answerWhileDripping(bytes("GET /livez HTTP/1.1\r\nHost: x\r\nX: "), 'a');
  }

  /** Before a head, and between the lines of a batch. */
  @Test
  void emptyLinesAreNoReasonToWait() throws Exception {
    assertThat(answerWhileDripping(bytes("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"), '\n'))
        .startsWith("HTTP/1.1 200");
    String batch =
        "POST /v1/batch?url=/v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n"
            + "Content-Type: application/x-ndjson\r\n"
            + KEY
            + "\r\n{\"probs\":[[1]]}\n";
    assertThat(answerWhileDripping(bytes(batch), '\n')).contains("request_timeout");
  }

  /** Everything that comes back until the other end closes; fails if it does not. */
  private String answerWhileDripping(byte[] head, char drip) throws Exception {
    try (var socket = new Socket("localhost", port(true))) {
      socket.setSoTimeout(200);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      out.write(head);
      var answer = new StringBuilder();
      var part = new byte[8192];
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(4 * PATIENCE);
      while (System.nanoTime() < until) {
        try {
          int n = in.read(part);
          if (n < 0) {
            return answer.toString();
          }
          answer.append(new String(part, 0, n, StandardCharsets.UTF_8));
        } catch (SocketTimeoutException e) {
          out.write(drip);
        } catch (IOException e) {
          return answer.toString();
        }
      }
      throw new AssertionError("still open; so far it answered " + answer);
    }
  }
}
