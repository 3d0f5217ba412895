package io.tokentropy.upstream;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A body piece by piece, as the network brings it: the next is asked for when the last was taken,
 * so that a slow reader slows the server down. Unlike a stream of the JDK it can be waited for in
 * part. One thread reads; any may close.
 */
final class Pieces implements BodySubscriber<Pieces>, AutoCloseable {
  /** What comes of a body. */
  sealed interface Piece {
    record Bytes(ByteBuffer bytes) implements Piece {}

    record End() implements Piece {}

    record Cut(Throwable why) implements Piece {}
  }

  private final LinkedBlockingQueue<Piece> come = new LinkedBlockingQueue<>();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;
  private volatile boolean ended;

  /** Of the thread that reads: what has come and was not taken. */
  private @Nullable Piece looked;

  @Override
  public CompletionStage<Pieces> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription body) {
    subscription = body;
    if (closed) {
      body.cancel();
    } else {
      body.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    int length = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
    byte[] bytes = new byte[length];
    int at = 0;
    for (ByteBuffer buffer : buffers) {
      int part = buffer.remaining();
      buffer.get(bytes, at, part);
      at += part;
    }
    come.add(new Piece.Bytes(ByteBuffer.wrap(bytes)));
  }

  @Override
  public void onError(Throwable failure) {
    ended = true;
    come.add(new Piece.Cut(failure));
  }

  @Override
  public void onComplete() {
    ended = true;
    come.add(new Piece.End());
  }

  /**
   * The next piece.
   *
   * @return null if none came in that time
   */
  @Nullable Piece next(long nanos) throws InterruptedException {
    Piece piece = looked == null ? come.poll(nanos, TimeUnit.NANOSECONDS) : looked;
    looked = null;
    if (piece instanceof Piece.Bytes) {
      more();
    }
    return piece;
  }

  /** Whether the next piece has come, waiting that long for it. */
  boolean isThere(long nanos) throws InterruptedException {
    if (looked == null) {
      looked = come.poll(nanos, TimeUnit.NANOSECONDS);
    }
    return looked != null;
  }

  private synchronized void more() {
    if (subscription != null && !closed) {
      subscription.request(1);
    }
  }

  /** Nothing more is wanted: the connection is closed, or over HTTP/2 the stream. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (subscription != null && !ended) {
        subscription.cancel();
      }
      come.add(new Piece.Cut(new IllegalStateException("closed here")));
    }
  }
}
