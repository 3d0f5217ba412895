package io.tokentropy.evaluation;

import java.util.Arrays;

/**
 * The different scores of some answers, ascending, with how many right and wrong ones have each.
 */
public final class ScoreCounts {
  private final double[] scores;
  private final int[] right;
  private final int[] wrong;
  private int size;

  private ScoreCounts(int most) {
    scores = new double[most];
    right = new int[most];
    wrong = new int[most];
  }

  /**
   * Counts them.
   *
   * @param scores finite; not modified
   * @param correct as many
   */
  public static ScoreCounts of(double[] scores, boolean[] correct) {
    double[] rights = sorted(scores, correct, true);
    double[] wrongs = sorted(scores, correct, false);
    var counts = new ScoreCounts(scores.length);
    int r = 0;
    int w = 0;
    while (r < rights.length || w < wrongs.length) {
      boolean fromRight = w == wrongs.length || (r < rights.length && rights[r] <= wrongs[w]);
      double score = fromRight ? rights[r] : wrongs[w];
      int at = counts.size++;
      counts.scores[at] = score;
      for (; r < rights.length && rights[r] == score; r++) {
        counts.right[at]++;
      }
      for (; w < wrongs.length && wrongs[w] == score; w++) {
        counts.wrong[at]++;
      }
    }
    return counts;
  }

  /** Two sorts of plain numbers take a tenth of one of answers. */
  private static double[] sorted(double[] scores, boolean[] correct, boolean which) {
    var some = new double[scores.length];
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      if (correct[i] == which) {
        some[size++] = scores[i];
      }
    }
    Arrays.sort(some, 0, size);
    return Arrays.copyOf(some, size);
  }

  /** How many different scores there are. */
  public int size() {
    return size;
  }

  public double score(int index) {
    return scores[index];
  }

  /** How many right answers have the score at a place. */
  public int right(int index) {
    return right[index];
  }

  /** How many answers have it. */
  public int count(int index) {
    return right[index] + wrong[index];
  }
}
