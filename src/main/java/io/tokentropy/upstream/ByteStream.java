package io.tokentropy.upstream;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, as it comes. One thread reads it; any may close it, at any time, and
 * closing it ends the work behind it where the server notices.
 */
public final class ByteStream implements AutoCloseable {
  /** Of what a server writes beside a refusal; more of it is not read. */
  private static final int MAX_REFUSAL = 64 << 10;

  /** For the rest of a refusal, whose head is there. */
  private static final Duration REFUSAL = Duration.ofSeconds(2);

  /** Is told what becomes of it. */
  interface Watch {
    /** The first bytes are there, or the end. */
    void begun();

    /**
     * Nothing more will come; told once.
     *
     * @param failure what cut it short; null if nothing did, or if it was closed
     */
    void over(@Nullable UpstreamFailed failure, boolean begun);
  }

  private final CompletableFuture<HttpResponse<Pieces>> call;
  private final Duration first;
  private final Duration idle;
  private final Watch watch;
  private final long start = System.nanoTime();
  private @Nullable HttpResponse<Pieces> answer;
  private byte @Nullable [] held;
  private volatile boolean over;

  /**
   * The answer to a request that was sent.
   *
   * @param first how long its first bytes may take
   * @param idle how long each further part may take
   */
  ByteStream(
      CompletableFuture<HttpResponse<Pieces>> call, Duration first, Duration idle, Watch watch) {
    this.call = call;
    this.first = first;
    this.idle = idle;
    this.watch = watch;
  }

  /**
   * Waits for the first bytes.
   *
   * @throws UpstreamFailed if the server refuses, or none come in time
   */
  public void await() throws UpstreamFailed {
    if (answer == null) {
      answer();
    }
  }

  /** Time that is left for the first bytes. */
  private Duration left() {
    return first.minusNanos(System.nanoTime() - start);
  }

  /**
   * Whether {@link #next} need not wait, for bytes, the end or a failure; waits a little for that.
   * Who looks so may do something else meanwhile; the times that a server has are for {@link
   * #next}.
   *
   * @throws UpstreamFailed if this thread is interrupted
   */
  public boolean isReady(Duration within) throws UpstreamFailed {
    long end = System.nanoTime() + within.toNanos();
    try {
      if (held != null || over) {
        return true;
      }
      HttpResponse<Pieces> head = call.get(within.toNanos(), TimeUnit.NANOSECONDS);
      return head.body().isThere(end - System.nanoTime());
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UpstreamFailed.abandoned(e);
    }
  }

  /** Ends it, as its next part has not come in that time. */
  public UpstreamFailed late(Duration waited) {
    UpstreamFailed failure = UpstreamFailed.late(waited, null);
    end(failure);
    return failure;
  }

  /** Such as {@code text/event-stream}; empty if the server does not say. */
  public String mediaType() throws UpstreamFailed {
    return answer().headers().firstValue("Content-Type").orElse("");
  }

  private HttpResponse<Pieces> answer() throws UpstreamFailed {
    HttpResponse<Pieces> begun = answer;
    if (begun != null) {
      return begun;
    }
    try {
      HttpResponse<Pieces> head = Transport.head(call, left());
      if (head.statusCode() != 200) {
        throw UpstreamFailed.refused(head, refusal(head.body()));
      }
      held = take(head.body(), left());
      answer = head;
      watch.begun();
      if (held == null) {
        end(null);
      }
      return head;
    } catch (UpstreamFailed e) {
      UpstreamFailed failure =
          e.why() == UpstreamFailed.Why.LATE ? UpstreamFailed.late(first, e) : e;
      end(failure);
      throw failure;
    }
  }

  /**
   * The next bytes, waiting for them no longer than the server may be silent.
   *
   * @return null at the end of the body
   * @throws UpstreamFailed if none come in that time, or the body is cut short; it is closed then
   */
  public byte @Nullable [] next() throws UpstreamFailed {
    return next(idle);
  }

  /**
   * The same where less time is left.
   *
   * @param within at most the time that the server may be silent
   */
  public byte @Nullable [] next(Duration within) throws UpstreamFailed {
    Pieces body = answer().body();
    byte[] bytes = held;
    if (bytes != null) {
      held = null;
      return bytes;
    }
    if (over) {
      return null;
    }
    try {
      bytes = take(body, within.compareTo(idle) < 0 ? within : idle);
    } catch (UpstreamFailed e) {
      end(e);
      throw e;
    }
    if (bytes == null) {
      end(null);
    }
    return bytes;
  }

  /** The next bytes of a body; null at its end. */
  private static byte @Nullable [] take(Pieces body, Duration within) throws UpstreamFailed {
    try {
      return switch (body.next(Math.max(1, within.toNanos()))) {
        case Pieces.Piece.Bytes(ByteBuffer bytes) -> copy(bytes);
        case Pieces.Piece.End() -> null;
        case Pieces.Piece.Cut(Throwable why) -> throw UpstreamFailed.cut(why);
        case null -> throw UpstreamFailed.late(within, null);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UpstreamFailed.abandoned(e);
    }
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /** As much of the body of a refusal as there is in time. */
  private static byte[] refusal(Pieces body) {
    var bytes = new ByteArrayOutputStream();
    long end = System.nanoTime() + REFUSAL.toNanos();
    try {
      while (bytes.size() < MAX_REFUSAL) {
        byte[] next = take(body, Duration.ofNanos(end - System.nanoTime()));
        if (next == null) {
          break;
        }
        bytes.write(next, 0, Math.min(next.length, MAX_REFUSAL - bytes.size()));
      }
    } catch (UpstreamFailed e) {
      return bytes.toByteArray();
    }
    return bytes.toByteArray();
  }

  private synchronized void end(@Nullable UpstreamFailed failure) {
    if (!over) {
      over = true;
      Transport.giveUp(call);
      watch.over(failure, answer != null);
    }
  }

  /** Nothing more of it is wanted. */
  @Override
  public void close() {
    end(null);
  }
}
