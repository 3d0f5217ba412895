package io.tokentropy.answers;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How alike answers are as words in a row: ROUGE-L's F1, from the longest common subsequence of the
 * words of two texts. No stemming.
 *
 * @see "C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004"
 */
public final class RougeL {
  private RougeL() {}

  /** What a word is, in lower case. */
  public enum Words {
    /** Letters a to z and digits, as the reference implementation has it. */
    ASCII("[a-z0-9]+"),
    /** Letters and digits of any script. */
    UNICODE("[\\p{L}\\p{M}\\p{N}]+");

    private final Pattern pattern;

    Words(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The words of a text, in order. */
    List<String> of(String text) {
      return pattern
          .matcher(text.toLowerCase(Locale.ROOT))
          .results()
          .map(MatchResult::group)
          .toList();
    }

    /** Whether a text has any. */
    public boolean anyIn(String text) {
      return pattern.matcher(text.toLowerCase(Locale.ROOT)).find();
    }
  }

  /**
   * The mean over all pairs of texts; O(words²) a pair.
   *
   * @param texts at least two
   * @return 0 (no word in common) to 1
   * @throws InvalidInput.ParameterOutOfRange if there is one text alone
   */
  public static double mean(List<String> texts, Words words) {
    if (texts.size() < 2) {
      throw new InvalidInput.ParameterOutOfRange("", texts.size() + " text", "at least 2");
    }
    List<List<String>> all = texts.stream().map(words::of).toList();
    int n = texts.size();
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        Wanted.orStop();
        sum += f1(all.get(i), all.get(j));
      }
    }
    return sum / (0.5 * n * (n - 1));
  }

  private static double f1(List<String> a, List<String> b) {
    int common = longest(a, b);
    if (common == 0) {
      return 0;
    }
    double precision = (double) common / b.size();
    double recall = (double) common / a.size();
    return 2 * precision * recall / (precision + recall);
  }

  /** Length of the longest common subsequence. */
  private static int longest(List<String> a, List<String> b) {
    var above = new int[b.size() + 1];
    for (String word : a) {
      int corner = 0;
      for (int j = 0; j < b.size(); j++) {
        int before = above[j + 1];
        above[j + 1] = word.equals(b.get(j)) ? corner + 1 : Math.max(before, above[j]);
        corner = before;
      }
    }
    return above[b.size()];
  }
}
