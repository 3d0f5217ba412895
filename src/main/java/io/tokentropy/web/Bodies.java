package io.tokentropy.web;

import io.tokentropy.distribution.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongConsumer;
import org.springframework.stereotype.Component;

/** Reads whole bodies into pooled buffers, never more than the limit. */
@Component
class Bodies {
  private static final int SMALLEST = 64 * 1024;

  /** A larger buffer is not kept: one such body must not hold its memory for ever. */
  private static final int LARGEST_KEPT = 4 * 1024 * 1024;

  private final Admission admission;
  private final int limit;
  private final ConcurrentLinkedDeque<byte[]> pool = new ConcurrentLinkedDeque<>();

  Bodies(Limits limits, Admission admission) {
    this.admission = admission;
    this.limit = limits.maxBodyBytes();
  }

  /** What is made of a body: its bytes are in [0, length), and are gone afterwards. */
  interface Decoder<T> {
    T decode(byte[] body, int length);
  }

  /**
   * Reads the body and hands it on.
   *
   * @param arrived when the request did, by {@link System#nanoTime}
   * @param declaredLength refuses a length before a byte is read; −1 where the caller declares none
   * @throws Admission.Refused if there is no room for it now, or it takes too long
   * @throws InvalidInput.LimitExceeded if it is, or says that it is, over the limit
   */
  <T> T read(
      HttpServletRequest request, long arrived, LongConsumer declaredLength, Decoder<T> decoder) {
    requirePlain(request);
    long declared = request.getContentLengthLong();
    requireWithin(declared);
    declaredLength.accept(declared);
    try (Admission.Reservation bytes = admission.reserve()) {
      bytes.hold(Math.max(declared, SMALLEST));
      return read(request, declared, bytes, admission.bodyDeadline(arrived), decoder);
    }
  }

  private <T> T read(
      HttpServletRequest request,
      long declared,
      Admission.Reservation bytes,
      long deadline,
      Decoder<T> decoder) {
    byte[] pooled = pool.pollFirst();
    byte[] buffer = pooled == null ? new byte[SMALLEST] : pooled;
    if (declared > buffer.length) {
      buffer = new byte[(int) declared];
    }
    try {
      InputStream in = request.getInputStream();
      int length = 0;
      while (true) {
        int n = in.read(buffer, length, buffer.length - length);
        if (n < 0) {
          break;
        }
        length += n;
        requireWithin(length);
        if (System.nanoTime() - deadline > 0) {
          throw late();
        }
        if (length == buffer.length) {
          int next = in.read();
          if (next < 0) {
            break;
          }
          long larger = Math.min(2L * length, limit + 1L);
          bytes.hold(larger);
          buffer = Arrays.copyOf(buffer, (int) larger);
          buffer[length++] = (byte) next;
          requireWithin(length);
        }
      }
      return decoder.decode(buffer, length);
    } catch (IOException e) {
      throw cutOff(e);
    } finally {
      if (buffer.length <= LARGEST_KEPT && pool.size() < 64) {
        pool.addFirst(buffer);
      }
    }
  }

  /** A body that ended too early, because it was too slow or its sender went away. */
  static RuntimeException cutOff(IOException e) {
    return e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException
        ? late()
        : new UncheckedIOException(e);
  }

  private static Admission.Refused late() {
    return new Admission.Refused(ProblemKind.REQUEST_TIMEOUT, ProblemKind.REQUEST_TIMEOUT.meaning);
  }

  private void requireWithin(long length) {
    Limits.require("", "max_body_bytes", length, limit);
  }

  private static void requirePlain(HttpServletRequest request) {
    if (request.getContentType() == null) {
      throw new UnsupportedBody("found no Content-Type");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new UnsupportedBody(
          "found Content-Encoding "
              + encoding.replaceAll("[^\\x20-\\x7e]", "?")
              + ", expected an uncompressed body");
    }
  }

  /** A body that is compressed, or does not say what it is. */
  static final class UnsupportedBody extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsupportedBody(String message) {
      super(message);
    }
  }
}
