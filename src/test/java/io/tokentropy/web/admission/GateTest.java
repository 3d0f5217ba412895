package io.tokentropy.web.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokentropy.metrics.Meters;
import io.tokentropy.metrics.MetricsSettings;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.info.BuildProperties;

/** The gates by themselves, with work that ends when the test says so. */
class GateTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int QUEUE = 5;

  private final Admission admission =
      new Admission(
          new AdmissionSettings(
              2,
              1,
              1000,
              0,
              0,
              0,
              QUEUE,
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(60),
              65_536),
          new Meters(
              new SimpleMeterRegistry(),
              new MetricsSettings(Set.of()),
              new BuildProperties(new Properties())));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger computed = new AtomicInteger();

  @AfterEach
  void stop() {
    end.countDown();
    threads.shutdownNow();
  }

  private static long in(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private <T> T compute(long deadline, Supplier<T> work) {
    try (Admission.Core core = admission.core()) {
      core.enter(deadline);
      return work.get();
    }
  }

  private <T> T computeInTurn(Supplier<T> work) {
    try (Admission.Core core = admission.core()) {
      core.enterInTurn();
      return work.get();
    }
  }

  /** Takes every core until the end of the test. */
  private List<Future<Integer>> occupy() throws InterruptedException {
    var running = new CountDownLatch(CORES);
    var jobs = new ArrayList<Future<Integer>>();
    for (int i = 0; i < CORES; i++) {
      jobs.add(
          threads.submit(
              () ->
                  compute(
                      in(5000),
                      () -> {
                        running.countDown();
                        await();
                        return computed.incrementAndGet();
                      })));
    }
    running.await();
    return jobs;
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProblemKind refusal(ThrowingCallable call) {
    return catchThrowableOfType(Refused.class, call).kind();
  }

  @Test
  void exactlySoManyWaitAndTheNextIsRefusedAtOnce() throws Exception {
    List<Future<Integer>> jobs = occupy();
    for (int i = 0; i < QUEUE; i++) {
      jobs.add(threads.submit(() -> compute(in(5000), computed::incrementAndGet)));
    }
    while (!jobs.stream().noneMatch(Future::isDone) || admission.waiting() < QUEUE) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      assertThat(refusal(() -> compute(in(5000), computed::incrementAndGet)))
          .isEqualTo(ProblemKind.OVERLOADED);
      assertThat(System.nanoTime() - start).isLessThan(50_000_000);
    }
    end.countDown();
    for (Future<Integer> job : jobs) {
      job.get(5, TimeUnit.SECONDS);
    }
    assertThat(computed.get()).isEqualTo(CORES + QUEUE);
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void theDeadlineEndsTheWaitWhenItIsDueAndNothingIsComputed() throws Exception {
    occupy();
    long start = System.nanoTime();
    assertThat(refusal(() -> compute(in(200), computed::incrementAndGet)))
        .isEqualTo(ProblemKind.DEADLINE_EXCEEDED);
    assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isBetween(199L, 300L);
    assertThat(computed.get()).isZero();
  }

  @Test
  void aDeadlineThatHasPassedIsSeenEvenWhereACoreIsFree() {
    assertThat(refusal(() -> compute(in(-1), computed::incrementAndGet)))
        .isEqualTo(ProblemKind.DEADLINE_EXCEEDED);
    assertThat(computed.get()).isZero();
  }

  @Test
  void coresComeBackAfterAFailure() {
    for (int i = 0; i < 3 * CORES; i++) {
      assertThatThrownBy(
              () ->
                  compute(
                      in(1000),
                      () -> {
                        throw new IllegalStateException("x");
                      }))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(compute(in(1000), () -> 7)).isEqualTo(7);
  }

  /**
   * Lines of streams take their turn: neither refused by a full queue nor before those who wait.
   */
  @Test
  void linesWaitInTurnBesideAFullQueue() throws Exception {
    List<Future<Integer>> jobs = occupy();
    for (int i = 0; i < QUEUE; i++) {
      jobs.add(threads.submit(() -> compute(in(5000), computed::incrementAndGet)));
    }
    while (admission.waiting() < QUEUE) {
      Thread.onSpinWait();
    }
    Future<Integer> line = threads.submit(() -> computeInTurn(computed::incrementAndGet));
    Thread.sleep(100);
    assertThat(line.isDone()).isFalse();
    end.countDown();
    for (Future<Integer> job : jobs) {
      job.get(5, TimeUnit.SECONDS);
    }
    assertThat(line.get(5, TimeUnit.SECONDS)).isPositive();
  }

  @Test
  void soManyCallsAndStreamsAreOpenAtOnce() {
    try (Admission.Place _ = admission.call(() -> {})) {
      try (Admission.Place _ = admission.call(() -> {})) {
        assertThat(refusal(() -> admission.call(() -> {}))).isEqualTo(ProblemKind.OVERLOADED);
      }
      try (Admission.Place _ = admission.call(() -> {});
          Admission.Place _ = admission.batch()) {
        assertThat(refusal(admission::batch)).isEqualTo(ProblemKind.OVERLOADED);
      }
      try (Admission.Place _ = admission.batch()) {
        assertThat(refusal(admission::batch)).isEqualTo(ProblemKind.OVERLOADED);
      }
    }
  }
}
