package io.tokentropy.upstream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, as it comes. One thread reads it; any may close it, and closing it ends
 * the work behind it where the server notices.
 */
public final class ByteStream implements AutoCloseable {
  private final Pieces body;
  private final String mediaType;
  private final Duration idle;
  private final Consumer<@Nullable UpstreamFailed> ended;
  private byte @Nullable [] first;
  private boolean over;

  /**
   * A body whose first piece was awaited.
   *
   * @param first null if the body is empty
   * @param ended told once, with what cut it short if anything did
   */
  ByteStream(
      Pieces body,
      byte @Nullable [] first,
      String mediaType,
      Duration idle,
      Consumer<@Nullable UpstreamFailed> ended) {
    this.body = body;
    this.first = first;
    this.mediaType = mediaType;
    this.idle = idle;
    this.ended = ended;
    if (first == null) {
      end(null);
    }
  }

  /** Such as {@code text/event-stream}; empty if the server does not say. */
  public String mediaType() {
    return mediaType;
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
    byte[] bytes = first;
    if (bytes != null) {
      first = null;
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
  static byte @Nullable [] take(Pieces body, Duration within) throws UpstreamFailed {
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

  private synchronized void end(@Nullable UpstreamFailed failure) {
    if (!over) {
      over = true;
      body.close();
      ended.accept(failure);
    }
  }

  /** Nothing more of it is wanted. */
  @Override
  public void close() {
    end(null);
  }
}
