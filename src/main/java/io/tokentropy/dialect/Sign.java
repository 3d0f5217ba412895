package io.tokentropy.dialect;

/**
 * How clearly a chunk shows whose it is, the clearest first. Of two that are as clear, the dialect
 * that is declared first reads it.
 */
enum Sign {
  /** A field that no other server writes. */
  OWN,
  /** A field that others could well write, but do not. */
  TYPICAL,
  /** An outline that some have in common. */
  SHARED,
  /** A plain word, where nothing better is found. */
  FAINT,
  NONE
}
