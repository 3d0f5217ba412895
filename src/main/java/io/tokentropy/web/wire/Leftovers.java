package io.tokentropy.web.wire;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Bodies of requests that are answered before they were read. What is there of one that said its
 * length, or comes at once, is taken, so that the connection can be used again. Of any other the
 * end is not looked for, as that may take for ever: the connection is closed after the answer.
 */
public final class Leftovers {
  private static final int MOST = 2 * 1024 * 1024;
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

  private Leftovers() {}

  /** Reads over the rest of a body; false if there is more, and the connection is to be closed. */
  public static boolean discard(HttpServletRequest request) {
    long declared = request.getContentLengthLong();
    boolean chunked = request.getHeader("Transfer-Encoding") != null;
    if (declared <= 0 && !chunked) {
      return true;
    }
    Wire wire = Wire.of(request);
    Request server = wire.server();
    if (server != null && !wire.isAbandoned()) {
      boolean brief = !chunked && declared <= MOST && request.getHeader("Expect") == null;
      if (server.isFinished() || (brief && readOver(server, wire.mayWait() ? PATIENCE : 0))) {
        return true;
      }
    }
    wire.abandon();
    return false;
  }

  /** Reads from the server's own request, as long as it need not wait for it. */
  private static boolean readOver(Request server, long patience) {
    try {
      var part = new Part();
      long until = System.nanoTime() + patience;
      while (!server.isFinished()) {
        server.action(ActionCode.AVAILABLE, true);
        boolean more = server.getAvailable() > 0;
        long left = until - System.nanoTime();
        if (left < (more ? -PATIENCE : 0)) {
          return false;
        }
        if (more) {
          server.doRead(part);
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
