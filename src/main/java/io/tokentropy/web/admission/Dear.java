package io.tokentropy.web.admission;

import io.tokentropy.refusal.Wanted;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Calls that take long, beside the others: they have places of their own, half as many as there are
 * cores, so that a small call never waits behind them. A thread of its own does the work, and the
 * call's thread looks now and then whether the work is still wanted: it stops when the caller has
 * gone, the time is up, or the service ends.
 */
@Component
public class Dear implements SmartLifecycle {
  /** A call of more basic operations than that, half a second of a core, takes long. */
  public static final long OPERATIONS = 500_000_000;

  private static final long LOOK_MS = 50;

  private final Semaphore places =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
  private final Duration grace;
  private volatile boolean running;

  /** When what is under way ends, on the clock of {@link System#nanoTime}; empty while it runs. */
  private volatile OptionalLong end = OptionalLong.empty();

  /** The last quarter of the time to stop in is for answers. */
  Dear(@Value("${spring.lifecycle.timeout-per-shutdown-phase:20s}") Duration stop) {
    this.grace = stop.multipliedBy(3).dividedBy(4);
  }

  /**
   * How long a call is waited for.
   *
   * @param place nanoseconds that it waits for a place, or for a core
   * @param end by when it must be done, on the clock of {@link System#nanoTime}
   * @param gone whether the caller has gone; asked by the thread of the call
   */
  public record Patience(long place, long end, BooleanSupplier gone) {
    /** By when a place must be had, if it is asked for now. */
    public long deadline() {
      return System.nanoTime() + place;
    }
  }

  /**
   * Computes what takes long.
   *
   * @throws Refused if no place comes free in time, or the work is not done in time
   * @throws Wanted.No if the caller has gone
   */
  public <T> T compute(Patience patience, Supplier<T> work) {
    long deadline = patience.deadline();
    try {
      while (!places.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS)) {
        requireWanted(patience);
        if (System.nanoTime() - deadline > 0) {
          throw new Refused(
              ProblemKind.DEADLINE_EXCEEDED,
              "the deadline passed while the call was waiting behind others that take long");
        }
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    try {
      return run(Thread.ofPlatform().daemon().name("dear"), patience, work);
    } finally {
      places.release();
    }
  }

  /**
   * Waits for something else than a core.
   *
   * @throws Refused if it does not come in time
   * @throws Wanted.No if the caller has gone
   */
  public <T> T await(Patience patience, Supplier<T> arrival) {
    return run(Thread.ofVirtual().name("waiting"), patience, arrival);
  }

  /** Whatever becomes of the work, it has ended when this returns. */
  private <T> T run(Thread.Builder threads, Patience patience, Supplier<T> work) {
    var wanted = new AtomicBoolean(true);
    var task = new FutureTask<T>(() -> Wanted.during(wanted::get, work));
    Thread thread = threads.start(task);
    try {
      while (true) {
        try {
          return task.get(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          requireWanted(patience);
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException why -> throw why;
        case Error why -> throw why;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      wanted.set(false);
      thread.interrupt();
      end(thread);
    }
  }

  private void requireWanted(Patience patience) {
    if (isOver()) {
      throw new Refused(ProblemKind.DEADLINE_EXCEEDED, "the service is stopping");
    }
    if (System.nanoTime() - patience.end() > 0) {
      throw new Refused(
          ProblemKind.DEADLINE_EXCEEDED, "the deadline passed before the call was done");
    }
    if (patience.gone().getAsBoolean()) {
      throw new Wanted.No();
    }
  }

  private static Refused interrupted() {
    Thread.currentThread().interrupt();
    return new Refused(ProblemKind.DEADLINE_EXCEEDED, "the service is stopping");
  }

  private static void end(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOver() {
    OptionalLong last = end;
    return last.isPresent() && System.nanoTime() - last.getAsLong() >= 0;
  }

  @Override
  public void start() {
    end = OptionalLong.empty();
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void stop() {
    running = false;
    end = OptionalLong.of(System.nanoTime());
  }

  /** Leaves what is under way some of the time that there is. */
  @Override
  public void stop(Runnable callback) {
    running = false;
    end = OptionalLong.of(System.nanoTime() + grace.toNanos());
    callback.run();
  }
}
