package io.tokentropy.perturbation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A text as its words and what stands between them. A word is letters and digits, also with
 * hyphens, dots and apostrophes inside; the {@code 's} of a possessive stands between words.
 */
public final class Words {
  private static final String OPENING = "([{“‘«";
  private static final String CLOSING = ")]}”’»";
  private static final String SENTENCE_END = ".?!";

  private final String text;
  private final List<String> words;

  /** What stands before each word, and after the last. */
  private final List<String> between;

  private final boolean capitals;

  private Words(String text, List<String> words, List<String> between) {
    this.text = text;
    this.words = List.copyOf(words);
    this.between = List.copyOf(between);
    this.capitals =
        words.size() > 1
            && text.codePoints().noneMatch(Character::isLowerCase)
            && text.codePoints().anyMatch(Character::isUpperCase);
  }

  public static Words of(String text) {
    var words = new ArrayList<String>();
    var between = new ArrayList<String>();
    int end = 0;
    int at = 0;
    while (at < text.length()) {
      int start = at;
      if (at == end && !words.isEmpty() && isPossessive(text, at)) {
        at += 2;
      } else if (isPart(text, at)) {
        at = endOfWord(text, at);
        between.add(text.substring(end, start));
        words.add(text.substring(start, at));
        end = at;
      } else {
        at += Character.charCount(text.codePointAt(at));
      }
    }
    between.add(text.substring(end));
    return new Words(text, words, between);
  }

  private static int endOfWord(String text, int start) {
    int at = start;
    while (at < text.length()) {
      if (isPart(text, at)) {
        at += Character.charCount(text.codePointAt(at));
      } else if ("-.'’".indexOf(text.charAt(at)) >= 0
          && isPart(text, at + 1)
          && !isPossessive(text, at)) {
        at++;
      } else {
        return at;
      }
    }
    return at;
  }

  private static boolean isPart(String text, int at) {
    if (at >= text.length()) {
      return false;
    }
    int point = text.codePointAt(at);
    return Character.isLetterOrDigit(point)
        || Character.getType(point) == Character.NON_SPACING_MARK
        || Character.getType(point) == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isPossessive(String text, int at) {
    return isApostrophe(text.charAt(at))
        && at + 1 < text.length()
        && (text.charAt(at + 1) == 's' || text.charAt(at + 1) == 'S')
        && !isPart(text, at + 2);
  }

  private static boolean isApostrophe(char c) {
    return c == '\'' || c == '’';
  }

  public int size() {
    return words.size();
  }

  public String at(int position) {
    return words.get(position);
  }

  public String text() {
    return text;
  }

  /** Whether a sentence begins with that word. */
  boolean beginsSentence(int position) {
    return position == 0 || endsSentence(between.get(position));
  }

  private static boolean endsSentence(String between) {
    return between.chars().anyMatch(c -> SENTENCE_END.indexOf(c) >= 0);
  }

  /**
   * Writes a perturbed text: what stands between the words stays, a sentence that began with a
   * capital still does, and the articles {@code a} and {@code an} go with what now follows them.
   */
  String write(Genome genome) {
    var out = new StringBuilder(text.length() + 16);
    int previous = -1;
    int article = -1;
    for (Gene gene : genome.genes()) {
      int position = gene.position();
      String gap = gap(previous, position);
      String by = gene.by();
      String word = by == null ? at(position) : capitals ? by.toUpperCase(Locale.ROOT) : by;
      boolean changed = by != null || position != previous + 1;
      boolean begins = out.isEmpty() || endsSentence(gap);
      if (changed && begins && isCapital(at(sentenceStart(previous, position)))) {
        word = capitalised(word);
      }
      if (changed && article >= 0 && gap.isBlank()) {
        agree(out, article, word);
      }
      out.append(gap);
      article = isArticle(word, begins) ? out.length() : -1;
      out.append(word);
      previous = position;
    }
    return out.append(gap(previous, size())).toString();
  }

  /** The word of the original with which the sentence began that now begins with another. */
  private int sentenceStart(int previous, int position) {
    int start = position;
    while (start > Math.max(previous + 1, 0) && !beginsSentence(start)) {
      start--;
    }
    return start;
  }

  private static boolean isArticle(String word, boolean begins) {
    return word.equals("a")
        || word.equals("an")
        || (begins && (word.equals("A") || word.equals("An")));
  }

  /** Makes the article with which the text ends go with what is to follow. */
  private static void agree(StringBuilder out, int article, String word) {
    boolean vowel = Inflection.soundsLikeVowel(word);
    out.replace(article + 1, out.length(), vowel ? "n" : "");
  }

  static boolean isCapital(String word) {
    return Character.isUpperCase(word.codePointAt(0));
  }

  static String capitalised(String word) {
    int first = word.offsetByCodePoints(0, 1);
    return word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first);
  }

  /** What stands between two words that follow one another now. */
  private String gap(int from, int to) {
    if (to <= from) {
      return " ";
    }
    String gap = between.get(from + 1);
    for (int i = from + 2; i <= to; i++) {
      gap = merged(gap, between.get(i));
    }
    return gap;
  }

  /** What is left of what stood before and after a word that is no more. */
  private static String merged(String before, String rest) {
    String after = rest.length() > 1 && isPossessive(rest, 0) ? rest.substring(2) : rest;
    if (before.isBlank() && after.isBlank()) {
      boolean edge = before.isEmpty() || after.isEmpty();
      return edge ? "" : before.indexOf('\n') >= 0 ? before : after;
    }
    if (before.isEmpty()) {
      return withoutLeading(after);
    }
    if (after.isEmpty()) {
      return withoutTrailing(before);
    }
    if (before.isBlank()) {
      return after;
    }
    if (after.isBlank()) {
      return before;
    }
    char open = before.charAt(before.length() - 1);
    char close = after.charAt(0);
    if (opens(before) && closes(open, close)) {
      return merged(before.substring(0, before.length() - 1), after.substring(1));
    }
    return opens(before) || endsSentence(before) ? before : after;
  }

  /** Whether what follows belongs to the next word, as after a bracket. */
  private static boolean opens(String between) {
    int last = between.length() - 1;
    return OPENING.indexOf(between.charAt(last)) >= 0
        || ("\"'".indexOf(between.charAt(last)) >= 0
            && (last == 0 || Character.isWhitespace(between.charAt(last - 1))));
  }

  private static boolean closes(char open, char close) {
    int bracket = OPENING.indexOf(open);
    return bracket < 0 ? open == close : CLOSING.indexOf(close) == bracket;
  }

  private static String withoutLeading(String between) {
    int from = 0;
    while (from < between.length() && isLoose(between.charAt(from), CLOSING + SENTENCE_END)) {
      from++;
    }
    return between.substring(from);
  }

  private static String withoutTrailing(String between) {
    int to = between.length();
    while (to > 0 && isLoose(between.charAt(to - 1), OPENING)) {
      to--;
    }
    return between.substring(0, to);
  }

  private static boolean isLoose(char c, String marks) {
    return Character.isWhitespace(c) || ",;:".indexOf(c) >= 0 || marks.indexOf(c) >= 0;
  }
}
