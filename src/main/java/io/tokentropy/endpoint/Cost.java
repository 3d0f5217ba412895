package io.tokentropy.endpoint;

/**
 * About what it takes to answer a call, beyond what the size of its body bounds well enough.
 *
 * @param operations basic ones, of which a core does some 10⁹ in a second
 * @param bytes that are in work at once
 */
public record Cost(long operations, long bytes) {
  /** Next to nothing. */
  public static final Cost NONE = new Cost(0, 0);

  /** From here on a call is written down; most are far below. */
  private static final long OPERATIONS = 20_000_000;

  private static final long BYTES = 64L * 1024;

  /** Whether it does not matter. */
  public boolean isNothing() {
    return operations == 0 && bytes == 0;
  }

  /** A cost, or {@link #NONE} where it does not matter. */
  public static Cost of(long operations, long bytes) {
    return operations < OPERATIONS && bytes < BYTES ? NONE : new Cost(operations, bytes);
  }
}
