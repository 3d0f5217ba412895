package io.tokentropy.asking;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * One wording of the question.
 *
 * @param generation in which it was bred, where it was
 */
public record Prompt(String text, Origin origin, OptionalInt generation) {
  /** Where a wording comes from. */
  public enum Origin {
    ORIGINAL,
    LLM,
    GAAP,
    CALLER;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Prompt of(String text, Origin origin) {
    return new Prompt(text, origin, OptionalInt.empty());
  }
}
