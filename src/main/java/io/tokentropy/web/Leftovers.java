package io.tokentropy.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Bodies of requests that are refused before they were read. What is there, or comes at once, is
 * taken, so that the sender sees the answer and the connection can be used again; whoever sends
 * slowly is not waited for, but cut off.
 */
final class Leftovers {
  private static final String ABANDONED = Leftovers.class.getName() + ".abandoned";
  private static final int MOST = 2 * 1024 * 1024;
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

  private Leftovers() {}

  /** Whether the connection must be closed without reading on. */
  static boolean isAbandoned(HttpServletRequest request) {
    return request.getAttribute(ABANDONED) != null;
  }

  /** Reads over the rest of a body; false if there is more, and the connection is to be closed. */
  static boolean discard(HttpServletRequest request) {
    long declared = request.getContentLengthLong();
    boolean body = declared > 0 || request.getHeader("Transfer-Encoding") != null;
    boolean sent = request.getHeader("Expect") == null && declared <= MOST;
    if (!body || (sent && readOver(request))) {
      return true;
    }
    request.setAttribute(ABANDONED, true);
    return false;
  }

  private static boolean readOver(HttpServletRequest request) {
    try {
      ServletInputStream in = request.getInputStream();
      var part = new byte[8192];
      int taken = 0;
      long until = System.nanoTime() + PATIENCE;
      while (!in.isFinished()) {
        if (taken > MOST || System.nanoTime() - until > 0) {
          return false;
        }
        if (in.available() > 0) {
          int n = in.read(part);
          if (n < 0) {
            return true;
          }
          taken += n;
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
}
