package io.tokentropy.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server that answers by a script, byte for byte, faults included. The scripts of a path answer
 * its requests in order, the last of them all that follow; a path without any is a 404.
 */
public final class ScriptedUpstream implements AutoCloseable {
  /** Answers one request. */
  public interface Script {
    void answer(Asked asked, Wire wire) throws IOException, InterruptedException;
  }

  /**
   * A request as it came.
   *
   * @param headers by their names in small letters
   */
  public record Asked(String method, String path, Map<String, String> headers, String body) {}

  private final ServerSocket socket;
  private final Map<String, List<Script>> scripts = new ConcurrentHashMap<>();
  private final Map<String, Integer> used = new HashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final CountDownLatch gone = new CountDownLatch(1);

  /** On a free port of this machine. */
  public ScriptedUpstream() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** What answers the requests of a path, one after another. */
  public ScriptedUpstream on(String path, Script... script) {
    scripts.put(path, List.of(script));
    synchronized (used) {
      used.remove(path);
    }
    return this;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** Every request so far, in the order in which they came. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Those of a path. */
  public List<Asked> asked(String path) {
    return asked.stream().filter(each -> each.path().equals(path)).toList();
  }

  /** Waits until a client has closed a connection on which {@link Wire#hang} waits for that. */
  public boolean sawClientGo() throws InterruptedException {
    return gone.await(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket each : open) {
      each.close();
    }
  }

  /** An answer of JSON. */
  public static Script json(String body) {
    return status(200, body);
  }

  /**
   * An answer with a status.
   *
   * @param headers such as {@code Retry-After: 1}
   */
  public static Script status(int status, String body, String... headers) {
    return (asked, wire) -> wire.whole(status, "application/json", body, headers);
  }

  /** A stream of events, with OpenAI's end. */
  public static Script events(String... data) {
    return (asked, wire) -> {
      wire.head(200, "text/event-stream");
      for (String each : data) {
        wire.event(each);
      }
      wire.event("[DONE]");
      wire.end();
    };
  }

  /** A stream that says no more after these events, and does not end. */
  public static Script eventsAndSilence(String... data) {
    return (asked, wire) -> {
      wire.head(200, "text/event-stream");
      for (String each : data) {
        wire.event(each);
      }
      wire.hang();
    };
  }

  /** A stream whose connection breaks after these events. */
  public static Script eventsAndCut(String... data) {
    return (asked, wire) -> {
      wire.head(200, "text/event-stream");
      for (String each : data) {
        wire.event(each);
      }
      wire.cut();
    };
  }

  /** No answer at all, until the client goes. */
  public static Script silence() {
    return (asked, wire) -> wire.hang();
  }

  /** The connection breaks before an answer. */
  public static Script cut() {
    return (asked, wire) -> wire.cut();
  }

  /** A stream of which a byte comes every so often, for as long as the client stays. */
  public static Script drip(long millis) {
    return (asked, wire) -> {
      wire.head(200, "text/event-stream");
      while (true) {
        wire.piece(":");
        Thread.sleep(millis);
      }
    };
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = connection.getInputStream();
      while (true) {
        Asked request = read(in);
        if (request == null) {
          return;
        }
        asked.add(request);
        Script script = script(request.path());
        if (script == null) {
          script = status(404, "{}");
        }
        script.answer(request, new Wire(connection));
      }
    } catch (IOException e) {
      // The client has gone, or the script cut it off.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(connection);
    }
  }

  private Script script(String path) {
    List<Script> all = scripts.get(path);
    if (all == null) {
      return null;
    }
    synchronized (used) {
      int turn = used.merge(path, 1, Integer::sum) - 1;
      return all.get(Math.min(turn, all.size() - 1));
    }
  }

  /** Null at the end of the connection. */
  private static Asked read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      String[] header = line.split(":", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String[] parts = first.split(" ");
    return new Asked(parts[0], parts[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        return null;
      }
      if (each != '\r') {
        line.write(each);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** What goes back on one connection. */
  public final class Wire {
    private final Socket connection;
    private final OutputStream out;

    private Wire(Socket connection) throws IOException {
      this.connection = connection;
      this.out = connection.getOutputStream();
    }

    /** Bytes as they are, of which a test may break the rules of HTTP. */
    public void raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    public void whole(int status, String type, String body, String... headers) throws IOException {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      raw(start(status, type, headers) + "Content-Length: " + length + "\r\n\r\n" + body);
    }

    /** The head of an answer that comes in pieces. */
    public void head(int status, String type, String... headers) throws IOException {
      raw(start(status, type, headers) + "Transfer-Encoding: chunked\r\n\r\n");
    }

    private static String start(int status, String type, String... headers) {
      var head = new StringBuilder("HTTP/1.1 " + status + " x\r\nContent-Type: " + type + "\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      return head.toString();
    }

    public void piece(String text) throws IOException {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
    }

    /** An event of a stream. */
    public void event(String data) throws IOException {
      piece("data: " + data + "\n\n");
    }

    /** The end of an answer that came in pieces. */
    public void end() throws IOException {
      raw("0\r\n\r\n");
    }

    /** Says nothing more until the client has closed its connection. */
    public void hang() throws IOException {
      int next;
      try {
        next = connection.getInputStream().read();
      } catch (IOException e) {
        next = -1;
      }
      if (next < 0 && !socket.isClosed()) {
        gone.countDown();
      }
      cut();
    }

    /** Ends the connection, at whatever byte it is; what was written still arrives. */
    public void cut() throws IOException {
      connection.close();
      throw new IOException("cut");
    }
  }
}
