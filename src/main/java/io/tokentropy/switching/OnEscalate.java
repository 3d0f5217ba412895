package io.tokentropy.switching;

import java.util.Locale;

/** Which token the large model writes first. */
public enum OnEscalate {
  /** The one after that which caused the escalation. */
  NEXT,
  /** That very one: the small model's is dropped. */
  REDO;

  private final String wire = name().toLowerCase(Locale.ROOT);

  public String wire() {
    return wire;
  }
}
