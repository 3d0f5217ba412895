package io.tokentropy.upstream;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A server gave no answer that can be used. The message goes on where {@code the server ...} began,
 * and holds neither its address nor anything that it wrote.
 */
public final class UpstreamFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** 0 for none. */
  private final int status;

  UpstreamFailed(String message, int status, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The status that it answered with, where there was one. */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
