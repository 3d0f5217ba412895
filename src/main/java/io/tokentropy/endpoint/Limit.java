package io.tokentropy.endpoint;

import io.tokentropy.refusal.InvalidInput;
import java.util.Locale;

/**
 * What one request may ask for at most, under the name that problems and {@code /v1/limits} give
 * it. It is the property {@code tokentropy.<name>} and the environment variable of the same name.
 */
public record Limit(String name, long value) {

  /** Where limits come from: the configuration, or a default. */
  public interface Source {
    /** A limit; {@code absent} where the configuration says nothing. */
    Limit limit(String name, long absent);

    /** A limit that follows from the size of the heap unless the configuration says otherwise. */
    Limit byHeap(String name, long derived);
  }

  /** {@code max_rows} is set by {@code TOKENTROPY_MAX_ROWS}. */
  public String setting() {
    return "TOKENTROPY_" + name.toUpperCase(Locale.ROOT);
  }

  /** The value where arrays are as long as that. */
  public int toInt() {
    return Math.toIntExact(value);
  }

  /**
   * Refuses more than is allowed.
   *
   * @throws InvalidInput.LimitExceeded naming the limit, its value and its setting
   */
  public void require(String pointer, long found) {
    if (found > value) {
      throw new InvalidInput.LimitExceeded(pointer, name, found, value, setting());
    }
  }
}
