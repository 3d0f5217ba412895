package io.tokentropy.calibration;

import io.tokentropy.evaluation.RankingQuality;
import io.tokentropy.evaluation.ScoreCounts;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;

/**
 * Scores of answers, and which answers are right; enough of both to learn from, and in the
 * direction that is claimed.
 */
public final class Answers {
  /** Each of the folds of a cross-validation is to hold an answer of each kind. */
  static final int FEWEST_OF_A_KIND = 5;

  /** Fewer give maps that say more about these answers than about others. */
  static final int FEWEST = 20;

  private final double[] scores;
  private final boolean[] right;
  private final boolean uncertain;

  private Answers(double[] scores, boolean[] right, boolean uncertain) {
    this.scores = scores;
    this.right = right;
    this.uncertain = uncertain;
  }

  /**
   * Checks that something can be learned from them.
   *
   * @param scores finite; not modified
   * @param right as many; not modified
   * @param uncertain whether a higher score is more uncertain
   * @throws InvalidInput.ParameterOutOfRange if there are too few, of one kind only, or if they run
   *     the other way
   */
  public static Answers of(double[] scores, boolean[] right, boolean uncertain) {
    ConfidenceMap.requireModest(scores, "/scores");
    if (scores.length < FEWEST) {
      throw new InvalidInput.ParameterOutOfRange(
          "/scores", scores.length + " scores", "at least " + FEWEST + " to calibrate");
    }
    var answers = new Answers(scores.clone(), right.clone(), uncertain);
    int count = answers.countRight();
    int fewer = Math.min(count, scores.length - count);
    if (fewer < FEWEST_OF_A_KIND) {
      throw new InvalidInput.ParameterOutOfRange(
          "/correct",
          count + " right and " + (scores.length - count) + " wrong answers",
          "at least " + FEWEST_OF_A_KIND + " of each");
    }
    double auroc = answers.auroc();
    if (auroc < 0.5) {
      throw new InvalidInput.ParameterOutOfRange(
              "/higher_means",
              "scores of AUROC " + auroc,
              "at least 0.5: they run the other way, or say nothing")
          .withHint(
              "If higher scores are more "
                  + (uncertain ? "confident" : "uncertain")
                  + ", send higher_means: more_"
                  + (uncertain ? "confident" : "uncertain")
                  + ".");
    }
    return answers;
  }

  /** How many there are. */
  public int size() {
    return scores.length;
  }

  /** How many are right. */
  public int countRight() {
    int count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return count;
  }

  /** Whether a higher score is more uncertain. */
  boolean uncertain() {
    return uncertain;
  }

  double score(int answer) {
    return scores[answer];
  }

  boolean right(int answer) {
    return right[answer];
  }

  /** In a fresh array. */
  public boolean[] right() {
    return right.clone();
  }

  public double lowest() {
    return Arrays.stream(scores).min().orElseThrow();
  }

  public double highest() {
    return Arrays.stream(scores).max().orElseThrow();
  }

  /** How often a wrong answer has a score that is more uncertain than that of a right one. */
  public double auroc() {
    double[] uncertainties =
        uncertain ? scores : Arrays.stream(scores).map(score -> -score).toArray();
    return RankingQuality.of(uncertainties, right).auroc().orElseThrow();
  }

  /** The scores as confidences, if they can be: all in [0, 1], from 1 where they are uncertain. */
  public double[] asConfidences() {
    return Arrays.stream(scores).map(score -> uncertain ? 1 - score : score).toArray();
  }

  /** Their scores in ascending order. */
  ScoreCounts counts() {
    return ScoreCounts.of(scores, right);
  }

  /** Some of the answers; none of what is asked of all is asked of them. */
  Answers pick(int[] which) {
    var picked = new double[which.length];
    var flags = new boolean[which.length];
    for (int i = 0; i < which.length; i++) {
      picked[i] = scores[which[i]];
      flags[i] = right[which[i]];
    }
    return new Answers(picked, flags, uncertain);
  }
}
