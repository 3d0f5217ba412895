package io.tokentropy.endpoint;

import io.tokentropy.refusal.InvalidInput;
import java.util.function.Supplier;

/**
 * One part of a call: what it came to, or why it failed. A part that fails does not spoil the
 * others.
 */
public sealed interface Attempt<T> {
  /** The part succeeded. */
  record Done<T>(T result) implements Attempt<T> {}

  /** The part failed: refused ({@link InvalidInput}), or by a fault. */
  record Failed<T>(RuntimeException why) implements Attempt<T> {}

  /** Tries it. */
  static <T> Attempt<T> of(Supplier<T> part) {
    try {
      return new Done<>(part.get());
    } catch (RuntimeException e) {
      return new Failed<>(e);
    }
  }

  /** What it came to; throws why it failed. */
  default T get() {
    return switch (this) {
      case Done<T>(T result) -> result;
      case Failed<T>(RuntimeException why) -> throw why;
    };
  }
}
