package io.tokentropy.switching;

import java.util.Locale;

/** The two models of a pair. */
public enum Model {
  SMALL,
  LARGE;

  private final String wire = name().toLowerCase(Locale.ROOT);

  public String wire() {
    return wire;
  }

  Model other() {
    return this == SMALL ? LARGE : SMALL;
  }
}
