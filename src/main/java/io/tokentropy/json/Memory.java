package io.tokentropy.json;

import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.refusal.InvalidInput;
import org.jspecify.annotations.Nullable;

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

  /** What is taken from an account at once, so that it is not asked for every value. */
  private static final int PART = 16 * 1024;

  private final long limit;
  private final @Nullable Account account;
  private long taken;
  private long held;

  public Memory(long limit) {
    this(limit, null);
  }

  /** The same, where what is taken is held in an account, too. */
  public Memory(long limit, @Nullable Account account) {
    this.limit = limit;
    this.account = account;
  }

  /** Takes so many bytes; false if there are not so many left. */
  boolean take(long bytes) {
    taken += bytes;
    if (taken > limit) {
      return false;
    }
    if (account != null && taken > held) {
      long more = Math.min(limit, Math.max(taken, held + Math.max(PART, held / 4))) - held;
      account.take(Book.VALUES, more);
      held += more;
    }
    return true;
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

  /** Gives back what is held: the values have been thrown away. */
  void forget() {
    if (account != null) {
      account.giveBack(Book.VALUES, held);
    }
    held = 0;
    taken = 0;
  }
}
