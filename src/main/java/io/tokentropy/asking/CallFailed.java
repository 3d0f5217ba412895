package io.tokentropy.asking;

import org.jspecify.annotations.Nullable;

/**
 * A call brought nothing. The message goes on where {@code the upstream ...} began, and holds
 * neither an address nor anything that the server wrote.
 */
public final class CallFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean again;

  /**
   * A failure.
   *
   * @param again whether the same call may do better: nothing was answered, and not for lack of
   *     time
   */
  public CallFailed(String message, boolean again, @Nullable Throwable cause) {
    super(message, cause);
    this.again = again;
  }

  public boolean again() {
    return again;
  }
}
