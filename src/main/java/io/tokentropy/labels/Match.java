package io.tokentropy.labels;

import java.text.Normalizer;
import java.util.Locale;

/** When two texts of tokens count as the same. */
public enum Match {
  /** Character by character. */
  EXACT,
  /** White space at the ends, and the marks that stand for it, aside. */
  TRIM,
  /** As {@link #TRIM}, and letter case and Unicode's compatible forms (NFKC) aside. */
  FOLD;

  /** What SentencePiece (▁) and byte-level vocabularies (Ġ) write for a space before a word. */
  private static final String MARKS = "\u2581\u0120";

  private final String wire = name().toLowerCase(Locale.ROOT);

  public String wire() {
    return wire;
  }

  /** What texts that count as the same have in common; empty if nothing is left. */
  public String key(String text) {
    return switch (this) {
      case EXACT -> text;
      case TRIM -> trim(text);
      case FOLD -> {
        String compatible = trim(Normalizer.normalize(text, Normalizer.Form.NFKC));
        String folded = compatible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        yield Normalizer.normalize(folded, Normalizer.Form.NFKC);
      }
    };
  }

  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || MARKS.indexOf(c) >= 0;
  }
}
