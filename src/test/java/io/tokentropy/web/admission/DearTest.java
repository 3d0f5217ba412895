package io.tokentropy.web.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tokentropy.refusal.Wanted;
import io.tokentropy.web.admission.Dear.Patience;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that goes on for as long as it is wanted, and no longer. */
class DearTest {
  private static final int PLACES = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private final Dear dear = new Dear(Duration.ofMillis(4));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean gone = new AtomicBoolean();

  @AfterEach
  void stop() {
    dear.stop();
    threads.shutdownNow();
  }

  /** Waits so long for a place and for the end. */
  private Patience patience(Duration place, Duration end) {
    return new Patience(place.toNanos(), System.nanoTime() + end.toNanos(), gone::get);
  }

  private Patience patient() {
    return patience(Duration.ofMinutes(10), Duration.ofMinutes(10));
  }

  /** Work that only stops when it is not wanted any more. */
  private int endless(CountDownLatch started) {
    running.incrementAndGet();
    started.countDown();
    try {
      while (true) {
        Wanted.orStop();
        Thread.onSpinWait();
      }
    } finally {
      running.decrementAndGet();
    }
  }

  private List<Future<Integer>> occupy() throws InterruptedException {
    var started = new CountDownLatch(PLACES);
    var calls = new ArrayList<Future<Integer>>();
    for (int i = 0; i < PLACES; i++) {
      calls.add(threads.submit(() -> dear.compute(patient(), () -> endless(started))));
    }
    started.await();
    return calls;
  }

  @Test
  void theResultIsThatOfTheWork() {
    assertThat(dear.<Integer>compute(patient(), () -> 7)).isEqualTo(7);
    assertThat(dear.<Integer>await(patient(), () -> 8)).isEqualTo(8);
    assertThatThrownBy(
            () ->
                dear.compute(
                    patient(),
                    () -> {
                      throw new IllegalStateException("x");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("x");
  }

  @Test
  void itStopsWhenTheCallerHasGone() throws Exception {
    List<Future<Integer>> calls = occupy();
    gone.set(true);
    for (Future<Integer> call : calls) {
      assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(Wanted.No.class);
    }
    assertThat(running).hasValue(0);
    gone.set(false);
    assertThat(dear.<Integer>compute(patient(), () -> 7)).isEqualTo(7);
  }

  @Test
  void itStopsWhenTheTimeIsUp() {
    Patience brief = patience(Duration.ofMinutes(10), Duration.ofMillis(100));
    Refused refused =
        catchThrowableOfType(
            Refused.class, () -> dear.compute(brief, () -> endless(new CountDownLatch(1))));
    assertThat(refused.kind()).isEqualTo(ProblemKind.DEADLINE_EXCEEDED);
    assertThat(running).hasValue(0);
  }

  @Test
  void itStopsWhenTheServiceEnds() throws Exception {
    List<Future<Integer>> calls = occupy();
    var told = new CountDownLatch(1);
    dear.stop(told::countDown);
    assertThat(told.getCount()).isZero();
    for (Future<Integer> call : calls) {
      assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS)).hasMessageContaining("stopping");
    }
    assertThat(running).hasValue(0);
  }

  @Test
  void whoWaitsTooLongForAPlaceIsRefusedAndWaitingNeedsNone() throws Exception {
    List<Future<Integer>> calls = occupy();
    Patience brief = patience(Duration.ofMillis(100), Duration.ofMinutes(10));
    Refused refused = catchThrowableOfType(Refused.class, () -> dear.compute(brief, () -> 7));
    assertThat(refused.kind()).isEqualTo(ProblemKind.DEADLINE_EXCEEDED);
    assertThat(dear.<Integer>await(brief, () -> 8)).isEqualTo(8);
    assertThat(calls).noneMatch(Future::isDone);
  }

  /** What blocks without asking is woken. */
  @Test
  void whatWaitsForSomethingElseIsInterrupted() throws Exception {
    var waiting = new CountDownLatch(1);
    Future<Integer> call =
        threads.submit(
            () ->
                dear.<Integer>await(
                    patient(),
                    () -> {
                      waiting.countDown();
                      try {
                        Thread.sleep(Duration.ofMinutes(10));
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return 1;
                    }));
    waiting.await();
    gone.set(true);
    assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(Wanted.No.class);
  }
}
