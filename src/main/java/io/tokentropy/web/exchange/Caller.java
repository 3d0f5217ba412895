package io.tokentropy.web.exchange;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.jspecify.annotations.Nullable;

/** Who waits for an answer at the other end of a connection. */
public final class Caller {
  private final @Nullable Request connection;

  private Caller(@Nullable Request connection) {
    this.connection = connection;
  }

  /** The caller of a request whose body has been read. */
  public static Caller of(HttpServletRequest request) {
    return new Caller(Leftovers.connection(request));
  }

  /**
   * Whether the caller has closed the connection, as far as can be told without waiting. One who
   * only says that nothing more comes looks the same, and counts as gone. To be asked by the
   * request's own thread.
   */
  public boolean isGone() {
    if (connection == null) {
      return false;
    }
    connection.action(ActionCode.AVAILABLE, true);
    // The server says 1 where reading would fail. Of another request there is more.
    return connection.getAvailable() == 1;
  }

  /** Closes the connection, whatever is still to be written. */
  public void drop() {
    if (connection != null) {
      connection.action(ActionCode.CLOSE_NOW, null);
    }
  }
}
