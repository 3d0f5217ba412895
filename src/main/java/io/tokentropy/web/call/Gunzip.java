package io.tokentropy.web.call;

import io.tokentropy.endpoint.Limit;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Reads a compressed body that may not grow by more than a ratio: a few bytes that stand for a
 * great many are no row of scores. The first bytes are free, as headers and tables weigh more
 * there.
 */
final class Gunzip extends FilterInputStream {
  private static final int FREE = 65_536;
  private static final int CHUNK = 8192;

  private final Counted compressed;
  private final Limit ratio;
  private long grown;

  private Gunzip(InputStream plain, Counted compressed, Limit ratio) {
    super(plain);
    this.compressed = compressed;
    this.ratio = ratio;
  }

  static Gunzip of(InputStream compressed, Limit ratio) throws IOException {
    var counted = new Counted(compressed);
    return new Gunzip(new GZIPInputStream(counted, CHUNK), counted, ratio);
  }

  /** Counts what is read. */
  private static final class Counted extends FilterInputStream {
    private long read;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      read += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int n = super.read(buffer, from, length);
      read += Math.max(0, n);
      return n;
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int from, int length) throws IOException {
    int n = super.read(buffer, from, Math.min(length, CHUNK));
    grown += Math.max(0, n);
    if (grown > FREE) {
      ratio.require("", grown / Math.max(1, compressed.read));
    }
    return n;
  }
}
