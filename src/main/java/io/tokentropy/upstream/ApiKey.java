package io.tokentropy.upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that a server wants of us. One in a file is read at each call, so that it changes without
 * a restart; while the file cannot be used, the key of before counts. Safe to share between
 * threads.
 */
public final class ApiKey {
  /** No server's keys are longer. */
  private static final int MOST_BYTES = 16 * 1024;

  private final @Nullable Path file;
  private volatile @Nullable String key;

  private ApiKey(@Nullable String key, @Nullable Path file) {
    this.key = key;
    this.file = file;
  }

  /**
   * A key, or a file that holds one, or none. Neither is ever quoted.
   *
   * @param server whose settings are named where one cannot be used
   * @throws IllegalArgumentException if both are given, no header can hold the key, or the file
   *     cannot be read or holds none
   */
  public static ApiKey of(String server, @Nullable String key, @Nullable Path file) {
    String setting = ServerConfig.setting(server) + "_API_KEY";
    if (key != null && file != null) {
      throw new IllegalArgumentException("a key and a file of a key; expected one of the two");
    }
    if (key != null && !Upstream.isSendable(key)) {
      throw new IllegalArgumentException(
          setting + " holds what no header can, such as a line end or a blank");
    }
    var found = new ApiKey(key, file);
    if (file != null && found.get().isEmpty()) {
      throw new IllegalArgumentException(
          setting + "_FILE cannot be read, or holds no key that a header can hold");
    }
    return found;
  }

  /** The key as it is now; empty if the server wants none. */
  Optional<String> get() {
    if (file != null) {
      String found = read(file);
      if (found != null) {
        key = found;
      }
    }
    return Optional.ofNullable(key);
  }

  private static @Nullable String read(Path file) {
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
      return Upstream.isSendable(text) ? text : null;
    } catch (IOException e) {
      return null;
    }
  }
}
