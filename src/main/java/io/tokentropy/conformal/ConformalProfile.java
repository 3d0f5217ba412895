package io.tokentropy.conformal;

import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What calibration rows came to: q̂, the ⌈(n + 1)(1 − α)⌉-th smallest of their n scores, unbounded
 * where there are not so many. Sets of the labels that score at most q̂ hold the right one with a
 * probability in [1 − α, 1 − α + 1/(n + 1)], the upper side where no scores are equal. That is an
 * average over calibration and new rows, and needs both to be exchangeable.
 *
 * @see <a href="https://arxiv.org/abs/2107.07511">A gentle introduction to conformal prediction</a>
 */
public final class ConformalProfile {
  /** (n + 1)(1 − α) may be this far above an integer and count as it: 10 · (1 − 0.7) is 3. */
  private static final double ROUNDING = 1e-9;

  /** Larger integers are not exact in JSON. */
  private static final double EXACT = 0x1.0p53;

  private final double alpha;
  private final double[] scores;
  private final int rank;
  private final double qhat;

  private ConformalProfile(double alpha, double[] scores) {
    this.alpha = alpha;
    this.scores = scores;
    rank = Math.max(1, (int) Math.ceil((scores.length + 1) * (1 - alpha) - ROUNDING));
    double[] ascending = scores.clone();
    Arrays.sort(ascending);
    qhat = rank > scores.length ? Double.POSITIVE_INFINITY : ascending[rank - 1];
  }

  /**
   * The profile of some scores.
   *
   * @param scores of the right label of each calibration row, at least one; not modified
   * @param alpha the wanted rate of error, in (0, 1)
   * @throws InvalidInput.ParameterOutOfRange at {@code /alpha}
   */
  public static ConformalProfile of(double[] scores, double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw InvalidInput.ParameterOutOfRange.share(
          "/alpha", alpha, "between 0 and 1, without both");
    }
    return new ConformalProfile(alpha, scores.clone());
  }

  /**
   * The score of a row's right label.
   *
   * @param probs by label, of sum 1; not modified
   * @param label in [0, number of labels)
   * @param u as of {@link Nonconformity#at}
   */
  public static double score(double[] probs, int label, Nonconformity nonconformity, double u) {
    return new Ranking(probs).score(label, nonconformity, u);
  }

  /** The fewest calibration rows for which q̂ is bounded; absent if no double counts so many. */
  public static OptionalLong needed(double alpha) {
    double rows = Math.max(1, Math.ceil((1 - alpha - ROUNDING) / alpha));
    return rows < EXACT ? OptionalLong.of((long) rows) : OptionalLong.empty();
  }

  public double alpha() {
    return alpha;
  }

  /** In the order of the calibration rows, in a fresh array. */
  public double[] scores() {
    return scores.clone();
  }

  /** How many rows it rests on. */
  public int size() {
    return scores.length;
  }

  /** Which of the ascending scores q̂ is, from 1; above {@link #size} where it is unbounded. */
  public int rank() {
    return rank;
  }

  /** The greatest score of a label that is kept; absent if every label is. */
  public OptionalDouble qhat() {
    return qhat == Double.POSITIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(qhat);
  }

  /** The least probability that a set holds the right label. */
  public double coverageLower() {
    return 1 - alpha;
  }

  /** The greatest one, where no scores are equal. */
  public double coverageUpper() {
    return Math.min(1, 1 - alpha + 1.0 / (scores.length + 1));
  }
}
