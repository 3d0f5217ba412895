package io.tokentropy.web.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that open the service, as SHA-256 only. A file of them is read as it changes, so that
 * keys come and go without a restart.
 */
final class ApiKeys {
  private final List<byte[]> fixed;
  private final @Nullable KeyFile file;

  /**
   * Keys from the configuration, and from a file.
   *
   * @throws IllegalArgumentException if there is none, the file cannot be read or holds none, or
   *     one is not a SHA-256 in hex, or is that of an empty key
   */
  ApiKeys(List<String> hashes, @Nullable Path file) {
    this.fixed = hashes.stream().map(ApiKeys::hash).toList();
    this.file = file == null ? null : new KeyFile(file);
    if (fixed.isEmpty() && filed().isEmpty()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_AUTH_MODE is api-key; TOKENTROPY_AUTH_API_KEYS or"
              + " TOKENTROPY_AUTH_API_KEYS_FILE must give the SHA-256 of at least one key");
    }
  }

  /**
   * The hash that a line or a setting gives. The message never quotes it: it may be a key.
   *
   * @throws IllegalArgumentException if it is no SHA-256 in hex, or that of an empty key
   */
  static byte[] hash(String hex) {
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

  private List<byte[]> filed() {
    return file == null ? List.of() : file.hashes();
  }

  /** Whether a key opens the service. Every hash is compared, whichever fits. */
  boolean open(String key) {
    byte[] found = sha256(key);
    boolean open = false;
    for (List<byte[]> hashes : List.of(fixed, filed())) {
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
