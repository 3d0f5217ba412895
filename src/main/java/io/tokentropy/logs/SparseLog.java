package io.tokentropy.logs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A log for failures of others, who decide how often they fail: each reason is told once a minute,
 * and the next line says how many were left out. Safe to share between threads.
 */
public final class SparseLog {
  /** After this a reason is told again. */
  static final Duration INTERVAL = Duration.ofMinutes(1);

  /** Reasons that are told within one interval; of more of them there is no word. */
  static final int REASONS = 16;

  private final Logger log;
  private final LongSupplier nanos;
  private final Map<String, Told> told = new HashMap<>();

  /** When a reason was told, and how often it was not told since. */
  private record Told(long at, long more) {}

  /** Tells it to a log. */
  public SparseLog(Logger log) {
    this(log, System::nanoTime);
  }

  SparseLog(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  /**
   * Warns, unless the same was told within the last minute.
   *
   * @param reason nothing that a caller or a server wrote: numbers and words of this service only
   */
  public void warn(String reason) {
    Told before = due(reason, nanos.getAsLong());
    if (before != null) {
      log.warn("{}{}", reason, before.more() == 0 ? "" : "; as " + before.more() + " times before");
    }
  }

  /** What was told before; null if it is not yet time to tell it again. */
  private synchronized @Nullable Told due(String reason, long now) {
    Told before = told.get(reason);
    if (before == null && told.size() >= REASONS) {
      told.values().removeIf(other -> isOver(other, now));
      if (told.size() >= REASONS) {
        return null;
      }
    }
    if (before != null && !isOver(before, now)) {
      told.put(reason, new Told(before.at(), before.more() + 1));
      return null;
    }
    told.put(reason, new Told(now, 0));
    return before == null ? new Told(now, 0) : before;
  }

  private static boolean isOver(Told told, long now) {
    return now - told.at() >= INTERVAL.toNanos();
  }
}
