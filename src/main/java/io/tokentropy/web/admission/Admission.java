package io.tokentropy.web.admission;

import io.tokentropy.metrics.Meters;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import io.tokentropy.web.wire.Wire;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Two gates. So many calls are open at once; and as many are computed at once as there are cores, a
 * few wait, and the rest are told to come back. What a call holds is in the {@link
 * io.tokentropy.ledger.Ledger}; a slow body holds bytes, never a core.
 */
@Component
public class Admission {
  /** Milliseconds for which a call waits for a place that others may give up. */
  private static final long PATIENCE = 600;

  /** The header in which a caller says how long it will wait. */
  public static final String TIMEOUT = "X-Request-Timeout-Ms";

  private final AdmissionSettings settings;
  private final Meters meters;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Semaphore calls;
  private final Semaphore patient = new Semaphore(Wire.PATIENT);
  private final Semaphore batches;
  private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  public Admission(AdmissionSettings settings, Meters meters) {
    this.settings = settings;
    this.meters = meters;
    this.calls = new Semaphore(settings.maxCalls());
    this.batches = new Semaphore(settings.maxBatches());
    meters.admission(waiting, settings.maxQueue(), settings.deadline());
  }

  /** Calls that wait for a core. */
  public int waiting() {
    return waiting.get();
  }

  /** One of a bounded number of places. */
  public interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A place among the open calls. Whoever sends or reads slowly holds one, and never the last
   * thread that answers a probe.
   *
   * @param wanted asks those who send slowly to make room, where all are taken; a few calls wait
   *     for that
   * @throws Refused if all are taken
   */
  public Place call(Runnable wanted) {
    if (calls.tryAcquire()) {
      return calls::release;
    }
    if (patient.tryAcquire()) {
      try {
        wanted.run();
        if (calls.tryAcquire(PATIENCE, TimeUnit.MILLISECONDS)) {
          return calls::release;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        patient.release();
      }
    }
    throw full(settings.maxCalls(), "calls", "max_calls");
  }

  /**
   * A place among the streams.
   *
   * @throws Refused if all are taken
   */
  public Place batch() {
    if (!batches.tryAcquire()) {
      throw full(settings.maxBatches(), "batches", "max_batches");
    }
    return batches::release;
  }

  private static Refused full(int all, String what, String setting) {
    return new Refused(
        ProblemKind.OVERLOADED,
        all + " " + what + " are open already (" + AdmissionSettings.setting(setting) + ")");
  }

  /** The time, on the clock of {@link System#nanoTime}, by which a whole body must be there. */
  public long bodyDeadline(long arrived) {
    return arrived + settings.bodyDeadline().toNanos();
  }

  /**
   * The time by which a call must be under way: the caller may shorten it, not extend it.
   *
   * @param wanted milliseconds as the caller wrote them; null if it did not
   * @throws InvalidInput.ParameterOutOfRange if the header is no positive number
   */
  public long deadline(@Nullable String wanted, long arrived) {
    long nanos = settings.deadline().toNanos();
    if (wanted != null) {
      if (!wanted.matches("[1-9][0-9]{0,8}")) {
        throw new InvalidInput.ParameterOutOfRange(
            "", "another " + TIMEOUT, "milliseconds, from 1 to 999999999");
      }
      nanos = Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(Long.parseLong(wanted)));
    }
    return arrived + nanos;
  }

  /** A core, until it is left or closed. */
  public final class Core implements AutoCloseable {
    private boolean held;

    private Core() {}

    /**
     * Takes a core when one is free.
     *
     * @throws Refused if too many wait already, or the deadline passes first
     */
    public void enter(long deadline) {
      if (cores.tryAcquire()) {
        meters.waited(0);
      } else {
        long asked = System.nanoTime();
        await(deadline);
        meters.waited(System.nanoTime() - asked);
      }
      held = true;
      if (System.nanoTime() - deadline > 0) {
        leave();
        throw new Refused(
            ProblemKind.DEADLINE_EXCEEDED, "the deadline passed before the call was under way");
      }
    }

    /** Takes a core when one is free, however long that takes: the caller holds on anyway. */
    public void enterInTurn() {
      cores.acquireUninterruptibly();
      held = true;
    }

    public void leave() {
      if (held) {
        held = false;
        cores.release();
      }
    }

    @Override
    public void close() {
      leave();
    }
  }

  /** A core to be; it is entered first. */
  public Core core() {
    return new Core();
  }

  /**
   * How long a call that takes long is waited for.
   *
   * @param wanted as for {@link #deadline}, and then for all of it
   * @param gone whether the caller has gone
   */
  public Dear.Patience patience(@Nullable String wanted, long arrived, BooleanSupplier gone) {
    long place = deadline(wanted, arrived) - arrived;
    long all = settings.computeDeadline().toNanos();
    return new Dear.Patience(place, arrived + (wanted == null ? all : Math.min(all, place)), gone);
  }

  private void await(long deadline) {
    if (waiting.incrementAndGet() > settings.maxQueue()) {
      waiting.decrementAndGet();
      throw new Refused(
          ProblemKind.OVERLOADED,
          settings.maxQueue() + " calls wait already (TOKENTROPY_ADMISSION_MAX_QUEUE)");
    }
    try {
      if (!cores.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw new Refused(
            ProblemKind.DEADLINE_EXCEEDED, "the deadline passed while the call was waiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(ProblemKind.DEADLINE_EXCEEDED, "the service is stopping");
    } finally {
      waiting.decrementAndGet();
    }
  }
}
