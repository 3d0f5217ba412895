package io.tokentropy.web.call;

import io.tokentropy.json.Answer;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer as server-sent events. Any thread adds them; the thread of the call sends them. Until
 * something is sent the status is open.
 */
final class EventStream {
  /** After so long without an event a comment says that the connection lives. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(15);

  private static final byte[] ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final int slowestReader;
  private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean begun;
  private @Nullable OutputStream out;
  private long last;

  EventStream(HttpServletRequest request, HttpServletResponse response, int slowestReader) {
    this.request = request;
    this.response = response;
    this.slowestReader = slowestReader;
  }

  /** Adds an event. */
  void add(String name, Answer data) {
    var event = new ByteArrayOutputStream();
    event.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
    data.writeTo(event);
    event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    waiting.add(event.toByteArray());
    begun = true;
  }

  /** Whether there was an event: from then on problems are events, too. */
  boolean hasBegun() {
    return begun;
  }

  /** Sends what was added since. */
  void flush() {
    long now = System.nanoTime();
    try {
      OutputStream stream = out;
      boolean wrote = false;
      for (byte[] event = waiting.poll(); event != null; event = waiting.poll()) {
        if (stream == null) {
          stream = open();
        }
        stream.write(event);
        wrote = true;
      }
      if (stream != null && !wrote && now - last > SILENCE) {
        stream.write(ALIVE);
        wrote = true;
      }
      if (stream != null && wrote) {
        stream.flush();
        last = now;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OutputStream open() throws IOException {
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-store");
    var stream = new Paced(response.getOutputStream(), Wire.of(request), slowestReader);
    out = stream;
    return stream;
  }
}
