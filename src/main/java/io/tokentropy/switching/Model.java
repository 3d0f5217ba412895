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

  /** The one that is not this. */
  public Model other() {
    return this == SMALL ? LARGE : SMALL;
  }
}
