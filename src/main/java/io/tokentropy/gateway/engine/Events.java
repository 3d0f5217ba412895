package io.tokentropy.gateway.engine;

import io.tokentropy.dialect.Event;
import io.tokentropy.dialect.Framing;
import io.tokentropy.dialect.Lines;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ByteStream;
import io.tokentropy.upstream.UpstreamFailed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream, one at a time. An event has a time and a length of its own, however its
 * bytes drip in.
 */
final class Events implements AutoCloseable {
  /** Bytes of one event: some hundred tokens with twenty alternatives each. */
  static final int LONGEST = 256 << 10;

  private static final Reader READER = new Reader(new JsonLimits(16, 64, 4096, 16 << 20));
  private static final String DONE = "[DONE]";

  private final ByteStream stream;
  private final Duration idle;
  private final Deadline deadline;
  private final Lines lines = new Lines();
  private final Framing framing = new Framing(Framing.Kind.SSE, "", READER, READER::memory);
  private final Deque<String> whole = new ArrayDeque<>();
  private final Deque<Event> ready = new ArrayDeque<>();
  private int open;
  private boolean over;
  private volatile boolean closed;

  Events(ByteStream stream, Duration idle, Deadline deadline) {
    this.stream = stream;
    this.idle = idle;
    this.deadline = deadline;
  }

  /**
   * The next event.
   *
   * @return null at the end of the stream
   * @throws EngineFailed if it is cut, is no event, or takes too long
   */
  @Nullable Event next() throws EngineFailed {
    try {
      stream.await();
    } catch (UpstreamFailed e) {
      requireOpen();
      throw Failures.atStart(e, deadline);
    }
    long until = System.nanoTime() + idle.toNanos();
    try {
      while (ready.isEmpty()) {
        String line = line(until);
        if (line == null) {
          ready.addAll(framing.end());
          return ready.poll();
        }
        ready.addAll(framing.line(line));
      }
      return ready.poll();
    } catch (InvalidInput e) {
      throw Failures.unreadable(e);
    } catch (UpstreamFailed e) {
      requireOpen();
      throw Failures.within(e, deadline);
    }
  }

  private void requireOpen() throws EngineFailed {
    if (closed) {
      throw new EngineFailed(Fault.CLOSED, "was closed here");
    }
  }

  /** The next line; null after the last, which may be the one that says so. */
  private @Nullable String line(long until) throws UpstreamFailed, EngineFailed {
    while (whole.isEmpty() && !over) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      byte[] bytes = stream.next(left.compareTo(deadline.left()) < 0 ? left : deadline.left());
      if (bytes == null) {
        requireOpen();
        over = true;
        whole.addAll(lines.end());
      } else {
        open += bytes.length;
        if (whole.addAll(lines.accept(bytes, bytes.length))) {
          open = 0;
        }
        if (open > LONGEST) {
          throw new EngineFailed(Fault.MALFORMED, "sent more than " + LONGEST + " bytes at once");
        }
      }
    }
    String line = whole.poll();
    if (line != null && line.startsWith("data:") && line.endsWith(DONE)) {
      over = true;
      whole.clear();
      return null;
    }
    return line;
  }

  /** Ends the work behind it; any thread may. */
  @Override
  public void close() {
    closed = true;
    stream.close();
  }
}
