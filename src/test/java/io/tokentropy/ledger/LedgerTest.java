package io.tokentropy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing exceeds, nothing leaks, nothing is given back twice. */
class LedgerTest {
  private static final long MIB = 1024 * 1024;

  /** What a full book throws here. */
  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static Ledger ledger(long bytes, long cost) {
    return new Ledger(
        Map.of(Book.BODIES, bytes, Book.VALUES, bytes, Book.ANSWERS, bytes, Book.COST, cost),
        (book, limit) -> new Full());
  }

  @Test
  void whatIsTakenIsHeldUntilItIsGivenBack() {
    Ledger ledger = ledger(1000, 10);
    try (Account one = ledger.open();
        Account two = ledger.open()) {
      one.take(Book.BODIES, 600);
      two.take(Book.BODIES, 400);
      assertThat(ledger.held(Book.BODIES)).isEqualTo(1000);
      assertThatThrownBy(() -> two.take(Book.BODIES, 1)).isInstanceOf(Full.class);
      assertThat(ledger.held(Book.BODIES)).isEqualTo(1000);
      one.giveBack(Book.BODIES, 100);
      two.take(Book.BODIES, 100);
      assertThat(two.held(Book.BODIES)).isEqualTo(500);
      assertThat(ledger.held(Book.VALUES)).isZero();
    }
    assertThat(ledger.held(Book.BODIES)).isZero();
  }

  @Test
  void theLastEighthIsForSmallAccounts() {
    Ledger ledger = ledger(16 * MIB, 10);
    try (Account large = ledger.open();
        Account small = ledger.open()) {
      assertThatThrownBy(() -> large.take(Book.ANSWERS, 14 * MIB + 1)).isInstanceOf(Full.class);
      large.take(Book.ANSWERS, 14 * MIB);
      small.take(Book.ANSWERS, 64 * 1024);
      assertThat(ledger.held(Book.ANSWERS)).isEqualTo(14 * MIB + 64 * 1024);
    }
  }

  @Test
  void whoHoldsMuchLeavesAsMuchFree() {
    Ledger ledger = ledger(16 * MIB, 10);
    try (Account large = ledger.open();
        Account middling = ledger.open();
        Account other = ledger.open()) {
      large.take(Book.ANSWERS, 14 * MIB);
      middling.take(Book.ANSWERS, MIB);
      assertThatThrownBy(() -> other.take(Book.ANSWERS, MIB / 2 + 1)).isInstanceOf(Full.class);
      other.take(Book.ANSWERS, MIB / 2);
    }
  }

  @Test
  void nothingIsGivenBackTwice() {
    Ledger ledger = ledger(1000, 10);
    Account account = ledger.open();
    account.take(Book.COST, 7);
    account.giveBack(Book.COST, 7);
    assertThatThrownBy(() -> account.giveBack(Book.COST, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("1 of COST given back, held 0");
    account.close();
    assertThatThrownBy(account::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> account.take(Book.COST, 1)).isInstanceOf(IllegalStateException.class);
    assertThat(ledger.held(Book.COST)).isZero();
  }

  @Test
  void whatOverflowsIsRefused() {
    Ledger ledger = ledger(1000, Long.MAX_VALUE);
    try (Account account = ledger.open()) {
      account.take(Book.COST, 5);
      assertThatThrownBy(() -> account.take(Book.COST, Long.MAX_VALUE - 4))
          .isInstanceOf(Full.class);
      assertThatThrownBy(() -> account.take(Book.BODIES, Long.MAX_VALUE)).isInstanceOf(Full.class);
    }
  }

  /**
   * Clients of all sizes come at once; some fail, some leave in the middle, some share their
   * account between threads. A count beside the ledger, raised after a reservation and lowered
   * before it goes back, is never above what the ledger may hold.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void thousandsOfClientsAtOnceNeitherExceedNorLeak(long seed) throws Exception {
    Ledger ledger = ledger(8 * MIB, 20_000_000_000L);
    var existing = new AtomicLong[Book.values().length];
    java.util.Arrays.setAll(existing, i -> new AtomicLong());
    var exceeded = new AtomicBoolean();
    var root = new SplittableRandom(seed);
    var clients = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 4000; i++) {
      SplittableRandom draw = root.split();
      clients.add(() -> client(ledger, draw, existing, exceeded));
    }
    int served = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> client : threads.invokeAll(clients)) {
        served += client.get();
      }
    }
    assertThat(exceeded).isFalse();
    assertThat(served).isPositive();
    for (Book book : Book.values()) {
      assertThat(ledger.held(book)).as(book.name()).isZero();
      assertThat(existing[book.place].get()).as(book.name()).isZero();
    }
  }

  /** One client, from its body to the end of its answer, or as far as it comes. */
  private static int client(
      Ledger ledger, SplittableRandom draw, AtomicLong[] existing, AtomicBoolean exceeded)
      throws InterruptedException {
    var mine = new AtomicLong[Book.values().length];
    java.util.Arrays.setAll(mine, i -> new AtomicLong());
    try (Account account = ledger.open()) {
      try {
        for (int step = draw.nextInt(1, 12); step > 0; step--) {
          Book book = Book.values()[draw.nextInt(Book.values().length)];
          AtomicLong held = mine[book.place];
          if (draw.nextInt(3) == 0) {
            long part = draw.nextInt(4) == 0 ? held.get() : held.get() / 2;
            existing[book.place].addAndGet(-part);
            held.addAndGet(-part);
            account.giveBack(book, part);
          } else {
            long size = 1L << draw.nextInt(book == Book.COST ? 34 : 23);
            List<Thread> helpers = new ArrayList<>();
            for (int i = draw.nextInt(1, 4); i > 0; i--) {
              helpers.add(
                  Thread.ofVirtual()
                      .start(() -> take(ledger, account, book, size, existing, held, exceeded)));
            }
            for (Thread helper : helpers) {
              helper.join();
            }
          }
          if (draw.nextInt(20) == 0) {
            throw new IllegalArgumentException("the client has gone");
          }
          Thread.yield();
        }
        return 1;
      } finally {
        for (Book book : Book.values()) {
          existing[book.place].addAndGet(-mine[book.place].get());
        }
      }
    } catch (IllegalArgumentException gone) {
      return 0;
    }
  }

  private static void take(
      Ledger ledger,
      Account account,
      Book book,
      long size,
      AtomicLong[] existing,
      AtomicLong mine,
      AtomicBoolean exceeded) {
    try {
      account.take(book, size);
    } catch (Full e) {
      return;
    }
    mine.addAndGet(size);
    long all = existing[book.place].addAndGet(size);
    if (all > ledger.limit(book) || ledger.held(book) > ledger.limit(book)) {
      exceeded.set(true);
    }
  }
}
