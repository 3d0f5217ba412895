package io.tokentropy.ledger;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one place where it is written down what all calls hold. A call opens an account, holds in it
 * whatever it needs before that exists, and gives back each thing once; closing the account gives
 * back the rest. No book ever goes above its limit.
 *
 * <p>An account leaves as much of a book free as it holds, up to an eighth of the book; a small one
 * takes what there is. So a few large callers do not shut out everybody else, whatever is large.
 */
public final class Ledger {
  private static final int SPARE = 8;

  private final Map<Book, Page> pages = new EnumMap<>(Book.class);
  private final Refusal refusal;

  /** What is thrown where a book is full. */
  public interface Refusal {
    RuntimeException full(Book book, long limit);
  }

  private record Page(long limit, AtomicLong held) {}

  /** A ledger with a limit for every book. */
  public Ledger(Map<Book, Long> limits, Refusal refusal) {
    for (Book book : Book.values()) {
      Long limit = limits.get(book);
      if (limit == null || limit < 0) {
        throw new IllegalArgumentException(book + " has the limit " + limit);
      }
      pages.put(book, new Page(limit, new AtomicLong()));
    }
    this.refusal = refusal;
  }

  public Account open() {
    return new Account(this);
  }

  /** What all accounts hold. */
  public long held(Book book) {
    return page(book).held().get();
  }

  /** What they may hold together. */
  public long limit(Book book) {
    return page(book).limit();
  }

  /** What a large one may hold at most. */
  public long mostOfOne(Book book) {
    return limit(book) - limit(book) / SPARE;
  }

  private Page page(Book book) {
    Page page = pages.get(book);
    if (page == null) {
      throw new IllegalArgumentException(book.name());
    }
    return page;
  }

  /**
   * Writes down more for an account.
   *
   * @param total what the account holds with it
   */
  void take(Book book, long more, long total) {
    Page page = page(book);
    long spare = total <= book.small ? 0 : Math.min(total, page.limit() / SPARE);
    long most = page.limit() - spare;
    long held = page.held().get();
    do {
      if (more > most - held) {
        throw refusal.full(book, page.limit());
      }
    } while (held != (held = page.held().compareAndExchange(held, held + more)));
  }

  void giveBack(Book book, long amount) {
    page(book).held().addAndGet(-amount);
  }
}
