package io.tokentropy.upstream;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The one rule of trying again: once, and only where the server certainly did no work, that is
 * without a connection and after status 429 or 503. Never after a timeout: that call may be paid.
 */
public final class Retry {
  /** However long a server asks to wait. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  private static final Set<Integer> LATER = Set.of(429, 503);

  private Retry() {}

  /** A call that may be made twice. */
  public interface Call<T> {
    T make() throws UpstreamFailed;
  }

  /**
   * What the call gives, or the second one where the first may be tried again.
   *
   * @throws UpstreamFailed the failure of the last call that was made
   */
  public static <T> T once(Call<T> call) throws UpstreamFailed {
    try {
      return call.make();
    } catch (UpstreamFailed e) {
      if (!isWorthIt(e)) {
        throw e;
      }
      pause(e);
      return call.make();
    }
  }

  /** Whether a call may be made again. */
  static boolean isWorthIt(UpstreamFailed failure) {
    return switch (failure.why()) {
      case UNREACHABLE -> true;
      case REFUSED -> LATER.contains(failure.status().orElse(0));
      case LATE, CUT, TOO_LONG, UNREADABLE, BUSY, RESTING, ABANDONED -> false;
    };
  }

  /** The time that the server asked for, at most a second, and up to a fifth more. */
  private static void pause(UpstreamFailed failure) throws UpstreamFailed {
    Duration asked =
        failure.refusal().map(UpstreamFailed.Refusal::retryAfter).orElse(Duration.ofMillis(50));
    long millis = Math.clamp(asked.toMillis(), 0, LONGEST.toMillis());
    try {
      Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UpstreamFailed.abandoned(e);
    }
  }

  /** What a {@code Retry-After} asks for: seconds, or a date; null if it is neither. */
  static @Nullable Duration after(String header) {
    String text = header.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), date);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
