package io.tokentropy.web.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that open the service, as SHA-256 only. A file of them is read again when it changes, so
 * keys come and go without a restart.
 */
final class ApiKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

  private final List<byte[]> fixed;
  private final @Nullable Path file;
  private volatile Loaded loaded = new Loaded(null, List.of());

  /** What was last read from the file. */
  private record Loaded(@Nullable FileTime changed, List<byte[]> hashes) {}

  /**
   * Keys from the configuration, and from a file.
   *
   * @throws IllegalArgumentException if there is none, or one is not a SHA-256 in hex, or is that
   *     of an empty key
   */
  ApiKeys(List<String> hashes, @Nullable Path file) {
    this.fixed = hashes.stream().map(ApiKeys::hash).toList();
    this.file = file;
    if (file != null) {
      reload();
    }
    if (fixed.isEmpty() && loaded.hashes().isEmpty()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_AUTH_MODE is api-key; TOKENTROPY_AUTH_API_KEYS or"
              + " TOKENTROPY_AUTH_API_KEYS_FILE must give the SHA-256 of at least one key");
    }
  }

  private static byte[] hash(String hex) {
    String plain = hex.strip();
    if (!plain.matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException(
          "an API key is configured that is not a SHA-256 in hex (64 digits)");
    }
    byte[] hash = HexFormat.of().parseHex(plain);
    if (Arrays.equals(hash, sha256("")) || Arrays.equals(hash, sha256("\n"))) {
      throw new IllegalArgumentException(
          "an API key is configured that is the SHA-256 of nothing: the variable that was hashed"
              + " was empty");
    }
    return hash;
  }

  private void reload() {
    Path from = file;
    if (from == null) {
      return;
    }
    try {
      FileTime changed = Files.getLastModifiedTime(from);
      if (changed.equals(loaded.changed())) {
        return;
      }
      var hashes = new ArrayList<byte[]>();
      for (String line : Files.readAllLines(from)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          hashes.add(hash(line));
        }
      }
      loaded = new Loaded(changed, List.copyOf(hashes));
    } catch (IOException | IllegalArgumentException e) {
      if (loaded.changed() == null) {
        throw new IllegalArgumentException("the file of API keys cannot be used", e);
      }
      LOG.warn("the file of API keys cannot be read; the keys of before stay in force");
    }
  }

  /** Whether a key opens the service. Every hash is compared, whichever fits. */
  boolean open(String key) {
    reload();
    byte[] found = sha256(key);
    boolean open = false;
    for (List<byte[]> hashes : List.of(fixed, loaded.hashes())) {
      for (byte[] hash : hashes) {
        open |= MessageDigest.isEqual(hash, found);
      }
    }
    return open;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
