package io.tokentropy.web.exchange;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of requests that are refused before they were read. What is there, or comes at once, is
 * taken, so that the sender sees the answer and the connection can be used again. Of whatever is
 * larger the rest is taken after the answer, for a while: closing at once would reset the
 * connection, and the sender, who may read only when it has sent, would lose the answer.
 */
public final class Leftovers {
  private static final String ABANDONED = Leftovers.class.getName() + ".abandoned";
  private static final String CONNECTION = Leftovers.class.getName() + ".connection";
  private static final int MOST = 2 * 1024 * 1024;
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long AFTERWARDS = TimeUnit.SECONDS.toNanos(2);

  /** Those that are heard out at once: fewer than the threads that are left for the probes. */
  private static final Semaphore HEARD_OUT = new Semaphore(32);

  private Leftovers() {}

  /** Makes the server's own request known, which can be asked for more without waiting. */
  public static void connection(HttpServletRequest request, Request connection) {
    request.setAttribute(CONNECTION, connection);
  }

  /** The server's own request; null if it is not known. */
  static @Nullable Request connection(HttpServletRequest request) {
    return request.getAttribute(CONNECTION) instanceof Request connection ? connection : null;
  }

  /** Whether the connection must be closed without reading on. */
  public static boolean isAbandoned(HttpServletRequest request) {
    return request.getAttribute(ABANDONED) != null;
  }

  /** Reads over the rest of a body; false if there is more, and the connection is to be closed. */
  public static boolean discard(HttpServletRequest request) {
    long declared = request.getContentLengthLong();
    boolean body = declared > 0 || request.getHeader("Transfer-Encoding") != null;
    boolean sent = request.getHeader("Expect") == null && declared <= MOST;
    if (!body || (sent && readOver(request, MOST, PATIENCE))) {
      return true;
    }
    request.setAttribute(ABANDONED, true);
    return false;
  }

  /** Takes the rest after the answer, until the sender stops or a while has passed. */
  public static void hearOut(HttpServletRequest request) {
    if (request.getHeader("Expect") == null && HEARD_OUT.tryAcquire()) {
      try {
        readOver(request, Long.MAX_VALUE, AFTERWARDS);
      } finally {
        HEARD_OUT.release();
      }
    }
  }

  /** Reads from the server's own request: the servlet's stream ends with the answer. */
  private static boolean readOver(HttpServletRequest request, long most, long patience) {
    Request connection = connection(request);
    if (connection == null) {
      return false;
    }
    try {
      var part = new Part();
      long taken = 0;
      long until = System.nanoTime() + patience;
      while (!connection.isFinished()) {
        if (taken > most || System.nanoTime() - until > 0) {
          return false;
        }
        connection.action(ActionCode.AVAILABLE, true);
        if (connection.getAvailable() > 0) {
          taken += Math.max(0, connection.doRead(part));
        } else {
          Thread.sleep(1);
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Where the server puts what it has read: it brings a buffer of its own. */
  private static final class Part implements ApplicationBufferHandler {
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return buffer;
    }

    @Override
    public void expand(int size) {
      buffer = ByteBuffer.allocate(size);
    }
  }
}
