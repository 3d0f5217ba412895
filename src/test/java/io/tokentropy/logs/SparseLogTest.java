package io.tokentropy.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SparseLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("sparse");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final SparseLog log = new SparseLog(logger, clock::get);

  @BeforeEach
  void listen() {
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aReasonIsToldOnceAMinuteAndThenHowOftenItWasNot() {
    for (int i = 0; i < 1000; i++) {
      log.warn("down");
    }
    assertThat(said()).containsExactly("down");
    clock.addAndGet(SparseLog.INTERVAL.toNanos());
    log.warn("down");
    log.warn("down");
    assertThat(said()).containsExactly("down", "down; as 999 times before");
    clock.addAndGet(SparseLog.INTERVAL.toNanos());
    log.warn("down");
    clock.addAndGet(SparseLog.INTERVAL.toNanos());
    log.warn("down");
    assertThat(said().subList(2, 4)).containsExactly("down; as 1 times before", "down");
  }

  @Test
  void anotherReasonIsToldAtOnce() {
    log.warn("down");
    log.warn("slow");
    assertThat(said()).containsExactly("down", "slow");
  }

  /** Whoever fails in ever new ways is told of no more often than a fixed number of times. */
  @Test
  void endlessReasonsAreBoundedInLinesAndMemory() {
    for (int i = 0; i < 100_000; i++) {
      log.warn("status " + i);
    }
    assertThat(said()).hasSize(SparseLog.REASONS);
    clock.addAndGet(SparseLog.INTERVAL.toNanos());
    log.warn("status 7777777");
    assertThat(said()).hasSize(SparseLog.REASONS + 1);
  }
}
