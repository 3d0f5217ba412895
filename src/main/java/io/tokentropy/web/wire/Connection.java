package io.tokentropy.web.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * A connection at which no thread waits unless it was allowed to, and then no longer than it was
 * allowed to. The server asks for its timeouts whenever it is about to wait, whatever it reads for:
 * a chunk's size, an extension, a trailer, a record of TLS. So a total time is kept here, where a
 * byte more does not begin it anew.
 */
final class Connection extends NioEndpoint.NioSocketWrapper {
  /** Milliseconds; the server takes 0 for no end at all. */
  private static final long AT_ONCE = 1;

  /** Milliseconds after which who waits for a body looks whether it still may. */
  private static final long LOOK = 200;

  /** Bytes a second that a reader takes at the least, once it has been waited for. */
  private static final long FLOOR = 16 * 1024;

  /** Nanoseconds without a byte that a sender may be given while others want its place. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  /** Requests of one connection that one thread answers without a pause. */
  private static final int IN_A_ROW = 4;

  /** Connections of which more are answered so. */
  static final int MOST_RUNNING = 16;

  private static final Semaphore RUNNING = new Semaphore(MOST_RUNNING);

  private final long patience;

  /** Whether the head of a request is there, and its answer is not yet away. */
  private volatile boolean called;

  private volatile boolean headBegun;

  /** Since when nobody works for it; when the head began, if it has. */
  private volatile long idleSince = System.nanoTime();

  private volatile boolean bodyWanted;
  private volatile long bodyDeadline;

  /** Since when its body is waited for, whether it makes room, and whether others need that. */
  private volatile long bodySince;

  private volatile boolean bodyYields;

  private volatile boolean hurried;
  private volatile boolean mayWait;

  private int requests;
  private boolean runs;

  private volatile @Nullable Thread reader;
  private volatile @Nullable Thread writer;
  private @Nullable ByteBuffer writing;
  private long writingSince;
  private long written;
  private long waited;

  Connection(NioChannel channel, NioEndpoint endpoint) {
    super(channel, endpoint);
    this.patience = endpoint.getConnectionTimeout();
  }

  /** A request is there: nothing of its body is waited for, and nothing of its answer. */
  void called() {
    bodyWanted = false;
    mayWait = false;
    written = 0;
    waited = 0;
    requests++;
    called = true;
  }

  /**
   * Whether its thread may go on with a request that was there when it had answered the last. A
   * thread goes back after a few, so that others have their turn; some may go on.
   */
  boolean mayGoOn() {
    if (requests > IN_A_ROW && !runs) {
      runs = RUNNING.tryAcquire();
      return runs;
    }
    return true;
  }

  /**
   * It waits for another request. Of the next head something has come if a part of it is there, or
   * if what came was no request: empty lines may stand before one.
   *
   * @param begun whether a part of the next head is there
   */
  void answered(boolean begun) {
    if (called || !headBegun) {
      idleSince = System.nanoTime();
    }
    headBegun = begun || !called;
    called = false;
    bodyWanted = false;
    mayWait = false;
    requests = 0;
    if (runs) {
      runs = false;
      RUNNING.release();
    }
  }

  /** Whether nothing is being done for it. */
  boolean isIdle() {
    return !called;
  }

  long idleSince() {
    return idleSince;
  }

  void readUntil(long deadline, boolean yields) {
    bodyDeadline = deadline;
    bodySince = System.nanoTime();
    bodyYields = yields;
    hurried = false;
    bodyWanted = true;
  }

  /** Nanoseconds for which a body that makes room has been waited for; 0 if none is. */
  long bodyAwaited(long now) {
    return bodyWanted && bodyYields && !hurried ? Math.max(0, now - bodySince) : 0;
  }

  /** Those whose bodies have been waited for the longest make room. */
  void hurryOthers() {
    if (getEndpoint() instanceof Connections all) {
      all.hurryTheSlowest();
    }
  }

  /** Its body is waited for no longer: others have sent theirs and need the place. */
  void hurry() {
    hurried = true;
  }

  private boolean mayReadOn() {
    return bodyWanted && !hurried && System.nanoTime() - bodyDeadline < 0;
  }

  void readNoMore() {
    bodyWanted = false;
  }

  void mayWait(boolean may) {
    mayWait = may;
  }

  boolean mayWait() {
    return mayWait;
  }

  /** Of the thread that reads a body; the one that looks for idle connections asks as well. */
  @Override
  public long getReadTimeout() {
    long configured = super.getReadTimeout();
    if (reader == Thread.currentThread()) {
      return mayReadOn()
          ? Math.min(LOOK, atMost(configured, millis(bodyDeadline - System.nanoTime())))
          : AT_ONCE;
    }
    if (called) {
      return 0;
    }
    return isHeadLate() ? AT_ONCE : configured;
  }

  /** Whether the rest of a head does not come. */
  boolean isHeadLate() {
    return headBegun && patience > 0 && System.nanoTime() - idleSince > nanos(patience);
  }

  @Override
  public long getWriteTimeout() {
    long configured = super.getWriteTimeout();
    Thread waits = writer;
    if (waits == null) {
      return configured;
    }
    if (waits != Thread.currentThread()) {
      return 0;
    }
    return mayWait ? atMost(configured, writeBudget()) : AT_ONCE;
  }

  /** Milliseconds that are left to wait for the reader of an answer. */
  private long writeBudget() {
    if (patience <= 0) {
      return Long.MAX_VALUE;
    }
    long taken = written - (writing == null ? 0 : writing.remaining());
    return patience + 1000 * taken / FLOOR - millis(waited + System.nanoTime() - writingSince);
  }

  private static long atMost(long configured, long left) {
    return Math.max(AT_ONCE, configured > 0 ? Math.min(configured, left) : left);
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /** Who sends fast enough never to be waited for may not go on beyond the deadline either. */
  private void requireInTime(boolean block) throws SocketTimeoutException {
    if (block && bodyWanted && System.nanoTime() - bodyDeadline > 0) {
      throw new SocketTimeoutException();
    }
  }

  private void requireMore(boolean block, SocketTimeoutException late)
      throws SocketTimeoutException {
    if (!block || !mayReadOn()) {
      throw late;
    }
  }

  @Override
  public int read(boolean block, byte[] bytes, int from, int length) throws IOException {
    return read(block, ByteBuffer.wrap(bytes, from, length));
  }

  @Override
  public int read(boolean block, ByteBuffer to) throws IOException {
    requireInTime(block);
    reader = Thread.currentThread();
    try {
      while (true) {
        try {
          return super.read(block, to);
        } catch (SocketTimeoutException e) {
          requireMore(block, e);
        }
      }
    } finally {
      reader = null;
    }
  }

  @Override
  protected void doWrite(boolean block, ByteBuffer buffer) throws IOException {
    written += buffer.remaining();
    writing = buffer;
    writingSince = System.nanoTime();
    writer = Thread.currentThread();
    try {
      super.doWrite(block, buffer);
    } finally {
      writer = null;
      writing = null;
      waited += System.nanoTime() - writingSince;
    }
  }

  /**
   * Takes what comes and throws it away, until the sender stops or that time has come.
   *
   * @param most bytes that may still come
   * @param crowded whether others want its place; then who pauses has had it
   */
  void skim(long until, long most, BooleanSupplier crowded) {
    ByteBuffer scratch = ByteBuffer.allocate(getSocketBufferHandler().getReadBuffer().capacity());
    try {
      long left = most;
      long heard = System.nanoTime();
      for (long now = heard; left > 0 && now - until < 0; now = System.nanoTime()) {
        int n = read(false, scratch.clear());
        if (n < 0) {
          return;
        }
        left -= n;
        if (n > 0) {
          heard = now;
        } else if (now - heard > PAUSE && crowded.getAsBoolean()) {
          return;
        } else {
          Thread.sleep(1);
        }
      }
    } catch (IOException e) {
      // it has stopped
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
