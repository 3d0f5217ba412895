package io.tokentropy.conformal;

import java.util.Arrays;

/** The labels of one row by falling probability, equal ones by their index. */
final class Ranking {
  private final double[] probs;
  private final double[] falling;

  /**
   * Ranks them.
   *
   * @param probs by label, at least one, of sum 1; not modified
   */
  Ranking(double[] probs) {
    this.probs = probs;
    falling = probs.clone();
    Arrays.sort(falling);
    for (int i = 0, j = falling.length - 1; i < j; i++, j--) {
      double least = falling[i];
      falling[i] = falling[j];
      falling[j] = least;
    }
  }

  /** The score of a label. */
  double score(int label, Nonconformity nonconformity, double u) {
    int rank = 1;
    for (int i = 0; i < probs.length; i++) {
      boolean before = probs[i] > probs[label] || (probs[i] == probs[label] && i < label);
      rank += before ? 1 : 0;
    }
    double upTo = 0;
    for (int r = 0; r < rank; r++) {
      upTo += falling[r];
    }
    return nonconformity.at(probs[label], upTo, rank, u);
  }

  /** How many of the best labels have at most this score, or with {@code strict} less. */
  int countUpTo(double score, boolean strict, Nonconformity nonconformity, double u) {
    double upTo = 0;
    for (int r = 0; r < falling.length; r++) {
      upTo += falling[r];
      double found = nonconformity.at(falling[r], upTo, r + 1, u);
      if (strict ? !(found < score) : found > score) {
        return r;
      }
    }
    return falling.length;
  }

  /** The best labels, ascending. */
  int[] best(int count) {
    var labels = new int[count];
    if (count == 0) {
      return labels;
    }
    double last = falling[count - 1];
    int alike = count;
    for (int r = 0; r < count && falling[r] > last; r++) {
      alike--;
    }
    int kept = 0;
    for (int i = 0; i < probs.length && kept < count; i++) {
      boolean tied = probs[i] == last && alike > 0;
      if (probs[i] > last || tied) {
        labels[kept++] = i;
        alike -= tied ? 1 : 0;
      }
    }
    return labels;
  }
}
