package io.tokentropy.score;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/**
 * How much text some tokens make, so that texts can be compared whatever the vocabulary.
 *
 * @param bytes of UTF-8
 * @param characters that begin in them (code points)
 * @param words that begin in them: what stands between white space
 */
public record TextCounts(long bytes, long characters, long words) {
  private static final double LN2 = Math.log(2);

  /**
   * Counts the text of some tokens.
   *
   * @param pieces all tokens of the text: a word goes on over the end of a token
   * @param counts which of them are wanted
   * @param apart which of them are no part of the text, so that no word goes on over them
   */
  public static TextCounts of(List<Piece> pieces, IntPredicate counts, IntPredicate apart) {
    Utf8Text text = Utf8Text.of(Piece.join(pieces));
    long bytes = 0;
    long characters = 0;
    long words = 0;
    int character = 0;
    int end = 0;
    boolean space = true;
    for (int i = 0; i < pieces.size(); i++) {
      boolean wanted = counts.test(i);
      bytes += wanted ? pieces.get(i).bytes().length : 0;
      end += pieces.get(i).bytes().length;
      for (; character < text.length() && text.byteAt(character) < end; character++) {
        boolean blank = Character.isWhitespace(text.text().codePointAt(text.unitAt(character)));
        characters += wanted ? 1 : 0;
        words += wanted && space && !blank ? 1 : 0;
        space = blank;
      }
      space |= apart.test(i);
    }
    return new TextCounts(bytes, characters, words);
  }

  /** −ln p of the text in bits, by its bytes; empty if it has none. */
  public OptionalDouble bitsPerByte(double lnProb) {
    return per(-lnProb / LN2, bytes);
  }

  public OptionalDouble bitsPerCharacter(double lnProb) {
    return per(-lnProb / LN2, characters);
  }

  /** e^(−ln p / words); empty if there are none, or it is too large for a double. */
  public OptionalDouble perplexityPerWord(double lnProb) {
    double perplexity = Math.exp(-lnProb / words);
    return words > 0 && Double.isFinite(perplexity)
        ? OptionalDouble.of(perplexity)
        : OptionalDouble.empty();
  }

  private static OptionalDouble per(double bits, long count) {
    return count > 0 ? OptionalDouble.of(bits / count) : OptionalDouble.empty();
  }
}
