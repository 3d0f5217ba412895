package io.tokentropy.entailment;

import org.jspecify.annotations.Nullable;

/** What says whether one text follows from another. Safe to share between threads. */
public interface Judge {
  /** What it is called. */
  String model();

  /** How many pairs it takes at once. */
  int atOnce();

  /**
   * What the first of two answers says of the second.
   *
   * @throws JudgeUnavailable if it cannot be reached, or answered with something else
   */
  Verdict judge(Pair pair);

  /**
   * Two answers in their order.
   *
   * @param question that both answer; null if there is none
   */
  record Pair(@Nullable String question, String first, String second) {}

  /**
   * What was found of a pair; the rest to 1 is that it is neither.
   *
   * @param entails the probability that the second follows from the first
   * @param contradicts the probability that it cannot be if the first is
   * @param width of the range of either, at most; 0 where nothing was hidden
   */
  record Verdict(double entails, double contradicts, double width) {
    /** Of an answer and itself. */
    static final Verdict SAME = new Verdict(1, 0, 0);
  }
}
