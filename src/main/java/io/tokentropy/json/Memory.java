package io.tokentropy.json;

import io.tokentropy.refusal.InvalidInput;

/**
 * What the values of one request may take. A body of three bytes an element can ask for a hundred
 * times its size, so that a limit on the body alone bounds nothing. The prices are those of a
 * 64-bit JVM, rounded up.
 */
public final class Memory {
  /** A value, its place, and the reference to it. */
  static final int VALUE = 96;

  /** An empty object on top of that. */
  static final int OBJECT = 128;

  /** A field of an object without the characters of its name. */
  static final int FIELD = 64;

  private final long limit;
  private long taken;

  public Memory(long limit) {
    this.limit = limit;
  }

  /** Takes so many bytes; false if there are not so many left. */
  boolean take(long bytes) {
    taken += bytes;
    return taken <= limit;
  }

  /**
   * Takes so many bytes.
   *
   * @throws InvalidInput.LimitExceeded if there are not so many left
   */
  public void require(long bytes, String pointer) {
    if (!take(bytes)) {
      throw new InvalidInput.LimitExceeded(
          pointer, "max_decoded_bytes", taken, limit, "TOKENTROPY_MAX_DECODED_BYTES");
    }
  }
}
