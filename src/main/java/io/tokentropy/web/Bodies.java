package io.tokentropy.web;

import io.tokentropy.distribution.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.springframework.stereotype.Component;

/** Reads whole bodies into pooled buffers, never more than the limit. */
@Component
class Bodies {
  private static final int SMALLEST = 64 * 1024;

  /** A larger buffer is not kept: one such body must not hold its memory for ever. */
  private static final int LARGEST_KEPT = 4 * 1024 * 1024;

  private final int limit;
  private final ConcurrentLinkedDeque<byte[]> pool = new ConcurrentLinkedDeque<>();

  Bodies(Limits limits) {
    this.limit = limits.maxBodyBytes();
  }

  /** What is made of a body: its bytes are in [0, length), and are gone afterwards. */
  interface Decoder<T> {
    T decode(byte[] body, int length);
  }

  /**
   * Reads the body and hands it on.
   *
   * @throws InvalidInput.LimitExceeded if it is, or says that it is, over the limit
   */
  <T> T read(HttpServletRequest request, Decoder<T> decoder) {
    requireUncompressed(request);
    long declared = request.getContentLengthLong();
    requireWithin(declared);
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
        if (length == buffer.length) {
          int next = in.read();
          if (next < 0) {
            break;
          }
          buffer = Arrays.copyOf(buffer, (int) Math.min(2L * length, limit + 1L));
          buffer[length++] = (byte) next;
          requireWithin(length);
        }
      }
      return decoder.decode(buffer, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (buffer.length <= LARGEST_KEPT && pool.size() < 64) {
        pool.addFirst(buffer);
      }
    }
  }

  private void requireWithin(long length) {
    Limits.require("", "max_body_bytes", length, limit);
  }

  private static void requireUncompressed(HttpServletRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new UnsupportedEncoding(encoding);
    }
  }

  /** A compressed body. */
  static final class UnsupportedEncoding extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsupportedEncoding(String encoding) {
      super(
          "found Content-Encoding "
              + encoding.replaceAll("[^\\x20-\\x7e]", "?")
              + ", expected an uncompressed body");
    }
  }
}
