package io.tokentropy.upstream;

import java.io.Serializable;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A server gave no answer that can be used. The message goes on where {@code the server ...} began,
 * and holds neither its address nor anything that it wrote.
 */
public final class UpstreamFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** What became of the call. */
  public enum Why {
    /** No connection: nothing was sent. */
    UNREACHABLE,
    /** An answer with another status than 200. */
    REFUSED,
    /** Nothing for longer than may be waited. */
    LATE,
    /** The connection ended before the answer did. */
    CUT,
    /** More bytes than are read of an answer, or of one event. */
    TOO_LONG,
    /** Bytes that are no answer of such a server. */
    UNREADABLE,
    /** Not asked: as many calls as may be are under way. */
    BUSY,
    /** Not asked: it failed too often of late. */
    RESTING,
    /** Nobody waits for it any more. */
    ABANDONED;

    /** The word for it in metrics. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Why why;
  private final @Nullable Refusal refusal;

  /**
   * How a server refused.
   *
   * @param retryAfter that it asked for; null if it did not
   * @param text the beginning of what it wrote; it may quote the prompt
   */
  public record Refusal(int status, @Nullable Duration retryAfter, String text)
      implements Serializable {}

  private UpstreamFailed(
      Why why, String message, @Nullable Refusal refusal, @Nullable Throwable cause) {
    super(message, cause);
    this.why = why;
    this.refusal = refusal;
  }

  private UpstreamFailed(Why why, String message, @Nullable Throwable cause) {
    this(why, message, null, cause);
  }

  static UpstreamFailed late(Duration within, @Nullable Throwable cause) {
    return new UpstreamFailed(Why.LATE, "took longer than " + within.toMillis() + " ms", cause);
  }

  static UpstreamFailed tooLong(long maxBytes, @Nullable Throwable cause) {
    return new UpstreamFailed(
        Why.TOO_LONG, "gave an answer longer than " + maxBytes + " bytes", cause);
  }

  static UpstreamFailed unreachable(Throwable cause) {
    return new UpstreamFailed(Why.UNREACHABLE, "cannot be reached", cause);
  }

  static UpstreamFailed mute(Throwable cause) {
    return new UpstreamFailed(Why.CUT, "cannot be reached: it ended the connection", cause);
  }

  static UpstreamFailed abandoned(Throwable cause) {
    return new UpstreamFailed(Why.ABANDONED, "was not waited for", cause);
  }

  static UpstreamFailed cut(Throwable cause) {
    return new UpstreamFailed(Why.CUT, "ended its answer before the end", cause);
  }

  static UpstreamFailed busy(int streams) {
    return new UpstreamFailed(
        Why.BUSY, "has " + streams + " calls under way, as many as it may have", null);
  }

  static UpstreamFailed resting() {
    return new UpstreamFailed(Why.RESTING, "failed too often of late, and is not asked", null);
  }

  static UpstreamFailed refused(HttpResponse<?> answer, byte[] body) {
    int status = answer.statusCode();
    Duration after = answer.headers().firstValue("Retry-After").map(Retry::after).orElse(null);
    return new UpstreamFailed(
        Why.REFUSED,
        "answered with status " + status,
        new Refusal(status, after, new String(body, StandardCharsets.UTF_8)),
        null);
  }

  /**
   * An answer that is none of such a server.
   *
   * @param message what is wrong with it, in words of ours; goes on where {@code the server} began
   */
  public static UpstreamFailed unreadable(String message, @Nullable Throwable cause) {
    return new UpstreamFailed(Why.UNREADABLE, message, cause);
  }

  public Why why() {
    return why;
  }

  /** How it refused, where it did. */
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** The status that it answered with, where there was one. */
  public OptionalInt status() {
    return refusal == null ? OptionalInt.empty() : OptionalInt.of(refusal.status());
  }
}
