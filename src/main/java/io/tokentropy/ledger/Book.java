package io.tokentropy.ledger;

import java.util.Locale;

/** What is held, each kind in a book of its own. */
public enum Book {
  /** Bytes of bodies, as large as the buffers that they are read into. */
  BODIES(0, 64 * 1024),
  /** Bytes that decoded values take. */
  VALUES(1, 64 * 1024),
  /** Bytes of answers, until they are written. */
  ANSWERS(2, 64 * 1024),
  /** Basic operations of the calls that take long; a core does some 10⁹ of them in a second. */
  COST(3, 2_000_000_000);

  /** Its place among the books. */
  final int place;

  /** An account that holds no more than this is small. */
  final long small;

  Book(int place, long small) {
    this.place = place;
    this.small = small;
  }

  /** The name in metrics. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
