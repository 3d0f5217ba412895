package io.tokentropy.web.call;

import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.zip.ZipException;
import org.springframework.stereotype.Component;

/** Reads whole bodies into pooled buffers, never more than the limit. */
@Component
public class Bodies {
  private static final int SMALLEST = 64 * 1024;

  /** A larger buffer is not kept: one such body must not hold its memory for ever. */
  private static final int LARGEST_KEPT = 4 * 1024 * 1024;

  private final Admission admission;
  private final BodyLimits limits;
  private final boolean compressed;
  private final long pooledMost;
  private final AtomicLong pooled = new AtomicLong();

  /** Buffers that are free, by size: the smallest, and each of the next twice as large. */
  private final List<ConcurrentLinkedDeque<byte[]>> pool =
      IntStream.rangeClosed(0, sizeClass(LARGEST_KEPT))
          .mapToObj(size -> new ConcurrentLinkedDeque<byte[]>())
          .toList();

  Bodies(Limits limits, Admission admission, AdmissionSettings settings, BodySettings bodies) {
    this.admission = admission;
    this.limits = limits.body();
    this.compressed = bodies.compressedBodies();
    this.pooledMost = settings.maxBytesInFlight() / 4;
  }

  /** What is made of a body: its bytes are in [0, length), and are gone afterwards. */
  public interface Decoder<T> {
    T decode(byte[] body, int length);
  }

  /**
   * Reads the body and hands it on.
   *
   * @param account that holds it meanwhile
   * @param arrived when the request did, by {@link System#nanoTime}
   * @param declaredLength refuses a length before a byte is read; −1 where the caller declares none
   * @throws Refused if there is no room for it now, or it takes too long
   * @throws InvalidInput.LimitExceeded if it is, or says that it is, over the limit
   */
  public <T> T read(
      HttpServletRequest request,
      Account account,
      long arrived,
      LongConsumer declaredLength,
      Decoder<T> decoder) {
    boolean gzip = isGzip(request);
    requireWithin(request.getContentLengthLong());
    long declared = gzip ? -1 : request.getContentLengthLong();
    declaredLength.accept(declared);
    try {
      return read(request, gzip, declared, account, admission.bodyDeadline(arrived), decoder);
    } finally {
      account.giveBackAll(Book.BODIES);
    }
  }

  private <T> T read(
      HttpServletRequest request,
      boolean gzip,
      long declared,
      Account account,
      long deadline,
      Decoder<T> decoder) {
    Wire wire = Wire.of(request);
    byte[] buffer;
    try {
      buffer = buffer(declared, account);
    } catch (Refused e) {
      wire.hurryOthers();
      throw e;
    }
    try {
      wire.readUntil(deadline);
      InputStream in =
          gzip
              ? Gunzip.of(request.getInputStream(), limits.compressionRatio())
              : request.getInputStream();
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
          long larger = Math.min(2L * length, limits.bodyBytes().value() + 1);
          account.take(Book.BODIES, larger);
          byte[] small = buffer;
          buffer = Arrays.copyOf(small, (int) larger);
          keep(small);
          account.giveBack(Book.BODIES, length);
          buffer[length++] = (byte) next;
          requireWithin(length);
        }
      }
      wire.readNoMore();
      return decoder.decode(buffer, length);
    } catch (ZipException | EOFException e) {
      if (gzip) {
        throw new InvalidInput.MalformedJson("", "the body is not gzip, or ends too early");
      }
      throw cutOff(e);
    } catch (IOException e) {
      throw cutOff(e);
    } finally {
      wire.readNoMore();
      keep(buffer);
    }
  }

  /** The size that a buffer for so many bytes has, as the power of two by which it is larger. */
  private static int sizeClass(long length) {
    return 64 - Long.numberOfLeadingZeros((Math.max(length, SMALLEST) - 1) / SMALLEST);
  }

  /**
   * A buffer for a body, no larger than such a body explains: what is held is what was reserved.
   *
   * @throws Refused if there is no room for it now
   */
  private byte[] buffer(long declared, Account account) {
    if (declared > LARGEST_KEPT) {
      account.take(Book.BODIES, declared);
      return new byte[(int) declared];
    }
    int size = sizeClass(declared);
    account.take(Book.BODIES, (long) SMALLEST << size);
    byte[] kept = pool.get(size).pollFirst();
    if (kept == null) {
      return new byte[SMALLEST << size];
    }
    pooled.addAndGet(-kept.length);
    return kept;
  }

  private void keep(byte[] buffer) {
    int size = sizeClass(buffer.length);
    if (buffer.length > LARGEST_KEPT || buffer.length != SMALLEST << size) {
      return;
    }
    if (pooled.addAndGet(buffer.length) <= pooledMost) {
      pool.get(size).addFirst(buffer);
    } else {
      pooled.addAndGet(-buffer.length);
    }
  }

  /** A body that ended too early, because it was too slow or its sender went away. */
  static RuntimeException cutOff(IOException e) {
    return e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException
        ? late()
        : new UncheckedIOException(e);
  }

  /** The refusal of a body that took too long. */
  static Refused late() {
    return new Refused(ProblemKind.REQUEST_TIMEOUT, ProblemKind.REQUEST_TIMEOUT.meaning);
  }

  private void requireWithin(long length) {
    limits.bodyBytes().require("", length);
  }

  private boolean isGzip(HttpServletRequest request) {
    if (request.getContentType() == null) {
      throw new Refused(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "found no Content-Type");
    }
    boolean gzip = compressed && "gzip".equalsIgnoreCase(request.getHeader("Content-Encoding"));
    if (!gzip) {
      requirePlain(request);
    }
    return gzip;
  }

  /**
   * Refuses a body that is compressed.
   *
   * @throws Refused naming how
   */
  static void requirePlain(HttpServletRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Refused(
          ProblemKind.UNSUPPORTED_MEDIA_TYPE,
          "found Content-Encoding "
              + encoding.replaceAll("[^\\x20-\\x7e]", "?")
              + ", expected an uncompressed body");
    }
  }
}
