package io.tokentropy.web.call;

import io.tokentropy.web.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Writes to a caller who has to keep up: one who takes less than so many bytes a second is dropped.
 * Only the time counts in which writing waits, and some of it is free.
 */
final class Paced extends OutputStream {
  private static final int PART = 32 * 1024;
  private static final long FREE = TimeUnit.SECONDS.toNanos(3);

  private final OutputStream out;
  private final Runnable drop;
  private final int floor;
  private final LongSupplier clock;
  private long waited;
  private long written;

  /**
   * A stream to a caller.
   *
   * @param floor bytes that it has to take in a second
   */
  Paced(OutputStream out, Wire caller, int floor) {
    this(out, caller::drop, floor, System::nanoTime);
  }

  Paced(OutputStream out, Runnable drop, int floor, LongSupplier clock) {
    this.out = out;
    this.drop = drop;
    this.floor = floor;
    this.clock = clock;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int end = from + count;
    for (int at = from; at < end; at += PART) {
      int part = Math.min(PART, end - at);
      long start = clock.getAsLong();
      out.write(bytes, at, part);
      count(clock.getAsLong() - start, part);
    }
  }

  @Override
  public void flush() throws IOException {
    long start = clock.getAsLong();
    out.flush();
    count(clock.getAsLong() - start, 0);
  }

  private void count(long nanos, int bytes) throws IOException {
    waited += nanos;
    written += bytes;
    if (waited > FREE && written < (waited - FREE) / 1e9 * floor) {
      drop.run();
      throw new IOException("the caller takes less than " + floor + " bytes a second");
    }
  }
}
