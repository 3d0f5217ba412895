package io.tokentropy.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** The nearest of the names that exist, for a name that does not. */
public final class DidYouMean {
  private DidYouMean() {}

  /** The name that was probably meant, if one is near enough. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    return nearest(name, known, Integer.MAX_VALUE);
  }

  /** The same where no more than so many letters may be wrong. */
  public static Optional<String> nearest(String name, Collection<String> known, int most) {
    return known.stream()
        .sorted()
        .filter(
            candidate ->
                distance(name, candidate) <= Math.min(most, Math.max(1, candidate.length() / 3)))
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
  }

  /** {@code "; did you mean \"logits\"?"}, or all names if none is near. */
  public static String suffix(String name, Collection<String> known) {
    return nearest(name, known)
        .map(candidate -> "; did you mean \"" + candidate + "\"?")
        .orElseGet(() -> "; known here: " + String.join(", ", new TreeSet<>(known)));
  }

  /** Levenshtein distance; names are cut to 64 characters, so that a long one costs nothing. */
  static int distance(String a, String b) {
    String left = a.length() > 64 ? a.substring(0, 64) : a;
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (left.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
