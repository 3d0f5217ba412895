package io.tokentropy.web.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A reader at the floor is served, one below it is dropped; the clock is the test's. */
class PacedTest {
  private static final int FLOOR = 1000;

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger dropped = new AtomicInteger();

  /** A stream to a reader that takes so many bytes a second. */
  private Paced reader(double bytesPerSecond) {
    var out =
        new OutputStream() {
          @Override
          public void write(int b) {
            write(new byte[1], 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            now.addAndGet((long) (count / bytesPerSecond * 1e9));
          }
        };
    return new Paced(out, dropped::incrementAndGet, FLOOR, now::get);
  }

  @Test
  void whoKeepsUpIsServed() throws IOException {
    Paced stream = reader(FLOOR);
    stream.write(new byte[10_000_000]);
    assertThat(dropped).hasValue(0);
  }

  @Test
  void whoIsSlowerIsDropped() {
    Paced stream = reader(FLOOR / 2.0);
    assertThatThrownBy(() -> stream.write(new byte[10_000_000]))
        .isInstanceOf(IOException.class)
        .hasMessage("the caller takes less than 1000 bytes a second");
    assertThat(dropped).hasValue(1);
    assertThat(now.get()).isLessThan(TimeUnit.SECONDS.toNanos(100));
  }

  /** The time between two writes is the service's own. */
  @Test
  void whatTheServiceTakesIsNotTheReadersFault() throws IOException {
    Paced stream = reader(FLOOR * 10.0);
    for (int i = 0; i < 100; i++) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(60));
      stream.write(new byte[100]);
    }
    assertThat(dropped).hasValue(0);
  }
}
