package io.tokentropy.endpoint;

import java.util.Locale;

/** What a higher score means. */
public enum HigherMeans {
  MORE_UNCERTAIN,
  MORE_CONFIDENT;

  /** Whether confidences that rise so with the score would contradict it. */
  public boolean isAgainst(double rise) {
    return this == MORE_UNCERTAIN ? rise > 0 : rise < 0;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
