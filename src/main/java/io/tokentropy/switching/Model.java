package io.tokentropy.switching;

import java.util.Locale;

/** The two models of a pair. */
public enum Model {
  SMALL,
  LARGE;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  Model other() {
    return this == SMALL ? LARGE : SMALL;
  }
}
