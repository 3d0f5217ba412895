package io.tokentropy.embedding;

import java.util.Locale;

/** What becomes of a text that a model cannot take whole. Never is it cut without a word. */
public enum LongTexts {
  /** It is refused. */
  REFUSE,
  /** Its beginning stands for it. */
  TRUNCATE,
  /** It is parted into windows of equal length, whose mean stands for it. */
  MEAN;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
