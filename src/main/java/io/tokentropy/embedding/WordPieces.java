package io.tokentropy.embedding;

import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text into the word pieces of an uncased BERT, as Hugging Face's tokenizers do: control
 * characters and accents go, letters become small, words part at white space and around every mark
 * and every Chinese character, and each word is the longest pieces that the vocabulary has, from
 * the left.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">BERT</a>, section 3, and its published code
 */
final class WordPieces {
  /** A word of more characters is one unknown piece. */
  private static final int LONGEST_WORD = 100;

  private static final Pattern SPECIAL = Pattern.compile("\\[(PAD|UNK|CLS|SEP|MASK)]");
  private static final String WITHIN = "##";

  private final Map<String, Integer> vocabulary;
  private final int longestPiece;
  private final int unknown;

  private WordPieces(Map<String, Integer> vocabulary) {
    this.vocabulary = vocabulary;
    this.longestPiece = vocabulary.keySet().stream().mapToInt(String::length).max().orElseThrow();
    this.unknown = id("[UNK]");
  }

  /**
   * Reads the vocabulary.
   *
   * @param tokenizer a {@code tokenizer.json} of Hugging Face's
   */
  static WordPieces of(byte[] tokenizer) {
    Value vocabulary =
        new Reader(new JsonLimits(64, 64, 256))
            .read(tokenizer, tokenizer.length)
            .require("model")
            .asFields()
            .require("vocab");
    var ids = new HashMap<String, Integer>();
    ((Value.Obj) vocabulary).fields().forEach((piece, id) -> ids.put(piece, id.asInt()));
    return new WordPieces(ids);
  }

  /**
   * The number of a piece that the vocabulary must have.
   *
   * @throws IllegalArgumentException if it lacks the piece
   */
  int id(String piece) {
    Integer id = vocabulary.get(piece);
    if (id == null) {
      throw new IllegalArgumentException("the vocabulary lacks " + piece);
    }
    return id;
  }

  /** The numbers of the pieces of a text, in order; nothing stands before or after them. */
  int[] of(String text) {
    var pieces = new Pieces();
    int from = 0;
    for (Matcher special = SPECIAL.matcher(text); special.find(); from = special.end()) {
      words(text.substring(from, special.start()), pieces);
      pieces.add(id(special.group()));
    }
    words(text.substring(from), pieces);
    return pieces.all();
  }

  private void words(String text, Pieces pieces) {
    String spaced = Normalizer.normalize(spaced(text), Normalizer.Form.NFD);
    var word = new StringBuilder();
    spaced
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .map(Character::toLowerCase)
        .forEach(
            c -> {
              boolean mark = isMark(c);
              if (mark || c == ' ') {
                word(word, pieces);
              }
              if (mark) {
                word(word.appendCodePoint(c), pieces);
              } else if (c != ' ') {
                word.appendCodePoint(c);
              }
            });
    word(word, pieces);
  }

  /** Without control characters, with blanks for all white space and around Chinese characters. */
  private static String spaced(String text) {
    var spaced = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c)) {
                spaced.append(' ');
              } else if (isChinese(c)) {
                spaced.append(' ').appendCodePoint(c).append(' ');
              } else if (!isControl(c)) {
                spaced.appendCodePoint(c);
              }
            });
    return spaced.toString();
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> c == 0xfffd;
    };
  }

  /** The blocks that BERT's code lists. */
  private static boolean isChinese(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x20000 && c <= 0x2a6df)
        || (c >= 0x2a700 && c <= 0x2ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2f800 && c <= 0x2fa1f);
  }

  /** Punctuation, and whatever else of ASCII is neither letter nor digit. */
  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    };
  }

  /** Adds the pieces of a word, and empties it. */
  private void word(StringBuilder word, Pieces pieces) {
    int before = pieces.size;
    boolean known = word.codePointCount(0, word.length()) <= LONGEST_WORD;
    for (int from = 0; known && from < word.length(); ) {
      String prefix = from == 0 ? "" : WITHIN;
      int end = Math.min(word.length(), from + longestPiece);
      Integer id = null;
      while (end > from && (id = vocabulary.get(prefix + word.substring(from, end))) == null) {
        end--;
      }
      known = id != null;
      if (id != null) {
        pieces.add(id);
      }
      from = end;
    }
    if (!known) {
      pieces.size = before;
      pieces.add(unknown);
    }
    word.setLength(0);
  }

  /** Numbers without boxes. */
  private static final class Pieces {
    private int[] ids = new int[64];
    private int size;

    void add(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      ids[size++] = id;
    }

    int[] all() {
      return Arrays.copyOf(ids, size);
    }
  }
}
