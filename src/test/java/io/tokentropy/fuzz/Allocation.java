package io.tokentropy.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Holds a decoder to a small multiple of what it is given. */
public final class Allocation {
  /** Bytes for each byte of the input: {@code {},} is an object with its place for 3. */
  private static final long EACH = 300;

  /** Buffers of the libraries. */
  private static final long FREE = 512 * 1024;

  /**
   * What a fuzzer's hooks allocate: megabytes for a few hundred bytes of names that are looked up.
   */
  private static final long HOOKS = 8 * 1024 * 1024;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /**
   * Runs it, and fails if it allocated more than its input explains. Classes are loaded once, so
   * only what happens again counts.
   */
  public static void within(long inputBytes, Runnable decoder) {
    within(FREE, inputBytes, decoder);
  }

  /** The same for what looks up many names, where a fuzzer's hooks watch that. */
  public static void withinUnderHooks(long inputBytes, Runnable decoder) {
    within(FREE + HOOKS, inputBytes, decoder);
  }

  private static void within(long free, long inputBytes, Runnable decoder) {
    long allocated = 0;
    for (int run = 0; run < 3; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      decoder.run();
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated <= free + EACH * inputBytes) {
        return;
      }
    }
    throw new AssertionError("an input of " + inputBytes + " bytes made it allocate " + allocated);
  }
}
