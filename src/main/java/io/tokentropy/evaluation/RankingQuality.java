package io.tokentropy.evaluation;

import java.util.OptionalDouble;

/**
 * How well an uncertainty tells wrong answers from right ones. Only the order of the numbers
 * counts. Equal numbers are in no order: where it matters, the mean over all orders is taken.
 *
 * @param auroc how often a wrong answer is more uncertain than a right one, equal ones counting ½;
 *     absent unless there are both
 * @param averagePrecision of finding right answers among the most certain; equal numbers come at
 *     once; absent if no answer is right
 * @param auarc the accuracy of the k most certain answers, averaged over k = 1 … n
 * @param prr prediction rejection ratio: how far auarc is on the way from that of a random order to
 *     that of the best; absent unless there are both kinds
 * @param accuracy the share of right answers
 */
public record RankingQuality(
    OptionalDouble auroc,
    OptionalDouble averagePrecision,
    double auarc,
    OptionalDouble prr,
    double accuracy) {

  /**
   * Ranks the answers.
   *
   * @param uncertainties finite, at least one; not modified
   * @param correct as many
   */
  public static RankingQuality of(double[] uncertainties, boolean[] correct) {
    int n = uncertainties.length;
    ScoreCounts counts = ScoreCounts.of(uncertainties, correct);
    double pairs = 0;
    double precision = 0;
    double accuracies = 0;
    int right = 0;
    int start = 0;
    for (int i = 0; i < counts.size(); i++) {
      int size = counts.count(i);
      int rightHere = counts.right(i);
      pairs += (size - rightHere) * (right + 0.5 * rightHere);
      for (int k = 1; k <= size; k++) {
        accuracies += (right + (double) rightHere * k / size) / (start + k);
      }
      right += rightHere;
      start += size;
      precision += (double) rightHere * right / start;
    }
    double accuracy = (double) right / n;
    double auarc = accuracies / n;
    boolean both = right > 0 && right < n;
    return new RankingQuality(
        both ? OptionalDouble.of(pairs / ((double) right * (n - right))) : OptionalDouble.empty(),
        right > 0 ? OptionalDouble.of(precision / right) : OptionalDouble.empty(),
        auarc,
        both
            ? OptionalDouble.of((auarc - accuracy) / (best(n, right) - accuracy))
            : OptionalDouble.empty(),
        accuracy);
  }

  /** That of the best order: all right answers first. */
  private static double best(int n, int right) {
    double sum = 0;
    for (int k = 1; k <= n; k++) {
      sum += (double) Math.min(k, right) / k;
    }
    return sum / n;
  }
}
