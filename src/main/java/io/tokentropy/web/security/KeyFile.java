package io.tokentropy.web.security;

import io.tokentropy.logs.SparseLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The hashes of a file, as it is now. What was taken out of it stops to count within a second,
 * however the file was replaced. While it is missing or half-written, what it held before counts
 * for {@link #GRACE}; after that only the lines count that it has. Safe to share between threads.
 */
final class KeyFile {
  /** So often the file is read although nothing of it seems to have changed. */
  static final Duration AGAIN = Duration.ofSeconds(1);

  /** So long a file may be in the middle of being replaced. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** About 16,000 keys. */
  private static final int MOST_BYTES = 1 << 20;

  private static final String EMPTY = "holds no key";

  private final Path file;
  private final SparseLog log;
  private final LongSupplier nanos;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Held held;

  /**
   * What was last found.
   *
   * @param hashes that count
   * @param stamp null if there was none
   * @param at when it was read
   * @param good when the file was last without fault
   */
  private record Held(List<byte[]> hashes, @Nullable Stamp stamp, long at, long good) {}

  /** What mostly changes with a file. */
  private record Stamp(FileTime changed, long size, @Nullable Object inode) {}

  /** The lines that are hashes, and what is wrong with the file, if anything is. */
  private record Lines(List<byte[]> hashes, @Nullable String fault) {}

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException if it cannot be read, or a line is no hash
   */
  KeyFile(Path file) {
    this(file, new SparseLog(LoggerFactory.getLogger(KeyFile.class)), System::nanoTime);
  }

  KeyFile(Path file, SparseLog log, LongSupplier nanos) {
    this.file = file;
    this.log = log;
    this.nanos = nanos;
    Stamp stamp = stamp();
    Lines lines = lines(bytes());
    if (lines.fault() != null && !lines.fault().equals(EMPTY)) {
      throw new IllegalArgumentException("the file of API keys " + lines.fault());
    }
    long now = nanos.getAsLong();
    this.held = new Held(lines.hashes(), stamp, now, now);
  }

  /** The hashes that count now; whoever comes while another reads gets those of before. */
  List<byte[]> hashes() {
    if (reading.tryLock()) {
      try {
        look();
      } finally {
        reading.unlock();
      }
    }
    return held.hashes();
  }

  private void look() {
    Held before = held;
    long now = nanos.getAsLong();
    Stamp stamp = stamp();
    if (Objects.equals(stamp, before.stamp()) && now - before.at() < AGAIN.toNanos()) {
      return;
    }
    Lines lines = lines(bytes());
    String fault = lines.fault();
    if (fault == null) {
      held = new Held(lines.hashes(), stamp, now, now);
      return;
    }
    log.warn("the file of API keys " + fault);
    boolean waits = now - before.good() < GRACE.toNanos();
    held = new Held(waits ? before.hashes() : lines.hashes(), stamp, now, before.good());
  }

  private @Nullable Stamp stamp() {
    try {
      var found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
    } catch (IOException e) {
      return null;
    }
  }

  /** Null if it cannot be read. */
  private byte @Nullable [] bytes() {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      return null;
    }
  }

  private static Lines lines(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new Lines(List.of(), "cannot be read");
    }
    if (bytes.length > MOST_BYTES) {
      return new Lines(List.of(), "is longer than " + MOST_BYTES + " bytes");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    String[] all = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n", -1);
    var hashes = new ArrayList<byte[]>();
    String fault = null;
    for (int i = 0; i < all.length; i++) {
      String line = all[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        hashes.add(ApiKeys.hash(line));
      } catch (IllegalArgumentException e) {
        fault = fault == null ? "has a fault in line " + (i + 1) + ": " + e.getMessage() : fault;
      }
    }
    if (fault == null && hashes.isEmpty()) {
      fault = EMPTY;
    }
    return new Lines(List.copyOf(hashes), fault);
  }
}
