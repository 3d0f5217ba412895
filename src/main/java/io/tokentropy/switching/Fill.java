package io.tokentropy.switching;

import java.util.Locale;

/** Whether a window that is not full yet counts. */
public enum Fill {
  FULL,
  PARTIAL;

  private final String wire = name().toLowerCase(Locale.ROOT);

  public String wire() {
    return wire;
  }
}
