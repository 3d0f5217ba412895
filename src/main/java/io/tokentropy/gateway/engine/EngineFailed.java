package io.tokentropy.gateway.engine;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A server did not do what was asked. The message goes on where {@code the server ...} began, and
 * holds neither its address nor anything that it wrote.
 */
public final class EngineFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Fault {
    /** No connection, or none was tried because it failed so often. Nothing was sent. */
    UNREACHABLE,
    /** Status 429 or 503. */
    BUSY,
    /** Our own limits allow no call. Nothing was sent. */
    DENIED,
    /** Any other status but 200. */
    REJECTED,
    /** No first event in time; it may have been paid for. */
    SLOW_START,
    /** Nothing for too long after the first event. */
    IDLE,
    /** The connection ended before the answer did. */
    CUT,
    /** What came is no answer of such a server. */
    MALFORMED,
    /** An answer without log-probabilities. */
    NO_LOGPROBS,
    /** The deadline of the whole answer. */
    DEADLINE,
    /** We closed it ourselves. */
    CLOSED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Fault fault;

  /** 0 for none. */
  private final int status;

  private final Duration retryAfter;

  public EngineFailed(Fault fault, String message) {
    this(fault, message, 0, Duration.ZERO, null);
  }

  /**
   * @param status that it answered with; 0 for none
   * @param retryAfter how long it asks to be left alone; zero if it does not
   */
  public EngineFailed(
      Fault fault, String message, int status, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  public Fault fault() {
    return fault;
  }

  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
