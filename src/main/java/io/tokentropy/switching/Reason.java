package io.tokentropy.switching;

import java.util.Locale;

/** Why a step chose as it did: the first rule that applied. */
public enum Reason {
  /** The caller said so. */
  FORCED,
  /** The large model runs and has no budget for another token. */
  BUDGET_EXHAUSTED,
  /** The large model has run for as long as it may. */
  MAX_LARGE_STINT,
  /** The step brought no entropy. */
  NO_SIGNAL,
  /** Too few entropies so far. */
  WARMUP,
  BELOW_THRESHOLD,
  ABOVE_THRESHOLD,
  /** Not above the threshold, but not far enough below it to leave the large model. */
  HYSTERESIS_BAND,
  /** The model has not yet run for as long as it must. */
  MIN_DWELL,
  /** The last switch was too recent. */
  COOLDOWN,
  /** Back to the small model. */
  DEESCALATE,
  /** All switches are used up. */
  MAX_SWITCHES,
  /** The large model has no budget for a token. */
  BUDGET_DENIED,
  /** On to the large model. */
  ESCALATE;

  private final String wire = name().toLowerCase(Locale.ROOT);

  public String wire() {
    return wire;
  }
}
