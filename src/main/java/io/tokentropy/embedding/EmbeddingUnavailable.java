package io.tokentropy.embedding;

import org.jspecify.annotations.Nullable;

/** Texts cannot be embedded now; the message says why, without secrets or addresses. */
public final class EmbeddingUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public EmbeddingUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
