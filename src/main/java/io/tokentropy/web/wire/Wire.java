package io.tokentropy.web.wire;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;

/**
 * What one request may ask of its connection. At first nothing of its body is waited for, and
 * nothing of its answer: what is not there, or cannot be sent, ends the connection. Waiting is for
 * those who hold one of a bounded number of places, so that threads are always left for the probes.
 */
public final class Wire {
  static final int NOTE = 30;
  private static final String ATTRIBUTE = Wire.class.getName();
  private static final long AFTERWARDS = TimeUnit.SECONDS.toNanos(2);

  /** Senders that are heard out at once. */
  private static final int HEARD_OUT = 32;

  /** Calls that wait at a time for a place that others may give up. */
  public static final int PATIENT = 32;

  /** Senders that wait for that, and milliseconds for which they do. */
  private static final int HEARD_NEXT = 32;

  private static final long TURN = 100;

  /** Threads that may be held beside those of who holds a place. */
  public static final int HELD = HEARD_OUT + HEARD_NEXT + Connection.MOST_RUNNING + PATIENT;

  private static final Semaphore HEARING = new Semaphore(HEARD_OUT);
  private static final Semaphore NEXT = new Semaphore(HEARD_NEXT);

  /** Of a request that came on no connection of ours. */
  private static final Wire NONE = new Wire(null, null, null);

  private final @Nullable Connection connection;
  private final @Nullable Request request;
  private final @Nullable Response response;
  private boolean abandoned;

  private Wire(
      @Nullable Connection connection, @Nullable Request request, @Nullable Response response) {
    this.connection = connection;
    this.request = request;
    this.response = response;
  }

  /** The wire of a request that has just come. */
  public static Wire begin(Request request, Response response) {
    Object note = request.getCoyoteRequest().getNote(NOTE);
    Connection connection = note instanceof Connection known ? known : null;
    if (connection != null) {
      connection.called();
    }
    var wire = new Wire(connection, request, response);
    if (connection != null && !connection.mayGoOn()) {
      response.setHeader("Connection", "close");
      wire.abandon();
    }
    request.setAttribute(ATTRIBUTE, wire);
    return wire;
  }

  public static Wire of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Wire wire ? wire : NONE;
  }

  /**
   * Lets whoever reads the body wait for it, unless {@link #hurryOthers} wants its place.
   *
   * @param deadline on the clock of {@link System#nanoTime}, for all of it; a read that comes to it
   *     ends with a {@link java.net.SocketTimeoutException}
   */
  public void readUntil(long deadline) {
    if (connection != null) {
      connection.readUntil(deadline, true);
    }
  }

  /** The same for a part of a stream, which may come late. */
  public void readPartUntil(long deadline) {
    if (connection != null) {
      connection.readUntil(deadline, false);
    }
  }

  /** Nothing of the body is waited for from now on. */
  public void readNoMore() {
    if (connection != null) {
      connection.readNoMore();
    }
  }

  /** The time in which a caller may wait. */
  public interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Lets the answer wait for its reader, as long as that goes on reading. Only for who holds a
   * place, until it is given back.
   */
  public Waiting waiting() {
    if (connection == null) {
      return () -> {};
    }
    Connection waits = connection;
    waits.mayWait(true);
    return () -> waits.mayWait(false);
  }

  /**
   * Says that places or bytes are wanted: those whose bodies have been waited for the longest, a
   * quarter of a second at the least, are waited for no longer.
   */
  public void hurryOthers() {
    if (connection != null) {
      connection.hurryOthers();
    }
  }

  boolean mayWait() {
    return connection != null && connection.mayWait();
  }

  /** Sends the last byte of the answer, if it is written; an error page is still to come. */
  public void finish() throws IOException {
    if (request != null && response != null && !request.isAsync()) {
      response.finishResponse();
    }
  }

  /**
   * Whether the caller has closed the connection, as far as can be told without waiting. One who
   * only says that nothing more comes looks the same, and counts as gone. To be asked by the
   * request's own thread, when the body has been read.
   */
  public boolean isGone() {
    org.apache.coyote.Request server = server();
    if (server == null) {
      return false;
    }
    server.action(ActionCode.AVAILABLE, true);
    // The server says 1 where reading would fail. Of another request there is more.
    return server.getAvailable() == 1;
  }

  /** Closes the connection, whatever is still to be written. */
  public void drop() {
    org.apache.coyote.Request server = server();
    if (server != null) {
      server.action(ActionCode.CLOSE_NOW, null);
    }
  }

  /** The server's own request, which can be asked for more without waiting. */
  org.apache.coyote.@Nullable Request server() {
    return request == null ? null : request.getCoyoteRequest();
  }

  /** The connection is closed without reading the rest of the request. */
  void abandon() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** Whether a place among those who are heard out is free, or comes free soon. */
  private static boolean isHeard() {
    if (HEARING.tryAcquire()) {
      return true;
    }
    if (!NEXT.tryAcquire()) {
      return false;
    }
    try {
      return HEARING.tryAcquire(TURN, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      NEXT.release();
    }
  }

  /** Bytes of the body that are still on their way; any number where its length was not said. */
  private long left() {
    org.apache.coyote.Request server = server();
    if (server == null || server.getContentLengthLong() < 0) {
      return Long.MAX_VALUE;
    }
    server.action(ActionCode.AVAILABLE, false);
    return server.getContentLengthLong() - server.getBytesRead() - server.getAvailable();
  }

  /**
   * Ends the request. Who was refused in the middle of sending may read only when it has sent:
   * closing at once would reset the connection, and it would lose the answer. So what it sends is
   * taken for a while, and thrown away.
   */
  public void end() throws IOException {
    if (!abandoned || request == null) {
      return;
    }
    finish();
    if (connection != null && request.getHeader("Expect") == null && isHeard()) {
      try {
        connection.skim(
            System.nanoTime() + AFTERWARDS, left(), () -> HEARING.availablePermits() == 0);
      } finally {
        HEARING.release();
      }
    }
    request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, null);
  }
}
