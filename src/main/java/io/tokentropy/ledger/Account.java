package io.tokentropy.ledger;

/** What one call holds. Its threads may share it. */
public final class Account implements AutoCloseable {
  private static final Book[] BOOKS = Book.values();

  private final Ledger ledger;
  private final long[] held = new long[BOOKS.length];
  private boolean closed;

  Account(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Holds so much more from now on.
   *
   * @throws RuntimeException the ledger's refusal if there is no room; nothing has changed then
   */
  public synchronized void take(Book book, long more) {
    if (closed || more < 0) {
      throw new IllegalStateException(more + " of " + book + (closed ? " after the end" : ""));
    }
    long total = held[book.place] + more;
    ledger.take(book, more, total);
    held[book.place] = total;
  }

  /**
   * Gives back what is not needed any more.
   *
   * @throws IllegalStateException if it was given back already: somebody else's would go
   */
  public synchronized void giveBack(Book book, long amount) {
    if (amount < 0 || amount > held[book.place]) {
      throw new IllegalStateException(
          amount + " of " + book + " given back, held " + held[book.place]);
    }
    held[book.place] -= amount;
    ledger.giveBack(book, amount);
  }

  /** Gives back all of one book. */
  public synchronized void giveBackAll(Book book) {
    giveBack(book, held[book.place]);
  }

  /** What the account holds. */
  public synchronized long held(Book book) {
    return held[book.place];
  }

  /**
   * Gives back all that is held.
   *
   * @throws IllegalStateException if the account was closed already
   */
  @Override
  public synchronized void close() {
    if (closed) {
      throw new IllegalStateException("the account was closed already");
    }
    closed = true;
    for (Book book : BOOKS) {
      if (held[book.place] > 0) {
        giveBackAll(book);
      }
    }
  }
}
