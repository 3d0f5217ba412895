package io.tokentropy.entailment;

import org.jspecify.annotations.Nullable;

/** The judge of entailment cannot be reached, or answered with something else. */
public final class JudgeUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JudgeUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
