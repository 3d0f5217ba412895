package io.tokentropy.web.call;

import io.tokentropy.endpoint.Room;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An answer before it is sent: its parts in order, each held in the account before it exists. */
final class Pages extends OutputStream implements Room {
  private final Account account;
  private final List<byte[]> parts = new ArrayList<>(1);
  private long length;

  Pages(Account account) {
    this.account = account;
  }

  @Override
  public byte[] bytes(int size) {
    account.take(Book.ANSWERS, size);
    return new byte[size];
  }

  /** Adds parts that came from {@link #bytes}. */
  void add(List<byte[]> more) {
    for (byte[] part : more) {
      parts.add(part);
      length += part.length;
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    account.take(Book.ANSWERS, count);
    parts.add(Arrays.copyOfRange(bytes, from, from + count));
    length += count;
  }

  long length() {
    return length;
  }

  /** Takes one part after the other. */
  interface Sink {
    void write(byte[] part) throws IOException;
  }

  void sendTo(Sink out) throws IOException {
    for (byte[] part : parts) {
      out.write(part);
    }
  }
}
