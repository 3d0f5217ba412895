package io.tokentropy.endpoint.perturbation;

import java.util.Locale;

/** What says how close a text is to the original. */
public enum Measure {
  /** The model in this process. */
  BUILTIN,
  /** The embedding server of the configuration. */
  SERVER,
  /** The words that both have; no model. */
  OVERLAP;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
