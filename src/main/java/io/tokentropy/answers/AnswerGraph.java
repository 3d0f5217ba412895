package io.tokentropy.answers;

import io.tokentropy.similarity.Similarities;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** How strongly answers are tied to one another: a symmetric matrix of weights, at least 0. */
public final class AnswerGraph {
  private final double[][] weights;

  private AnswerGraph(double[][] weights) {
    this.weights = weights;
  }

  private interface Weight {
    double of(int i, int j);
  }

  private static AnswerGraph of(int n, Weight weight) {
    var weights = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        weights[i][j] = Math.max(0, (weight.of(i, j) + weight.of(j, i)) / 2);
        weights[j][i] = weights[i][j];
      }
    }
    return new AnswerGraph(weights);
  }

  /** Ties by likeness: the mean of both directions. */
  public static AnswerGraph of(Similarities similarities) {
    return of(similarities.size(), (i, j) -> similarities.row(i)[j]);
  }

  /** Ties by entailment: the mean of both directions. */
  public static AnswerGraph byEntailment(Entailments judged) {
    return of(judged.size(), judged::entail);
  }

  /** Ties by the absence of contradiction: 1 less the mean of both directions. */
  public static AnswerGraph byContradiction(Entailments judged) {
    return of(judged.size(), (i, j) -> 1 - judged.contra(i, j));
  }

  /**
   * Ties as kernel language entropy has them: 1 for what entails, ½ for what is neutral, 0 for what
   * contradicts, summed over both directions; so up to 2.
   */
  public static AnswerGraph byBothDirections(Entailments judged) {
    return of(judged.size(), (i, j) -> 1 + judged.entail(i, j) - judged.contra(i, j));
  }

  /** The same with the weight 1 of each answer to itself. */
  public AnswerGraph withUnitDiagonal() {
    return of(size(), (i, j) -> i == j ? 1 : weights[i][j]);
  }

  /** Answers, N. */
  public int size() {
    return weights.length;
  }

  double weight(int i, int j) {
    return weights[i][j];
  }

  /** Sums of the rows. */
  double[] degrees() {
    IntToDoubleFunction degree =
        i -> IntStream.range(0, size()).mapToDouble(j -> weights[i][j]).sum();
    return IntStream.range(0, size()).mapToDouble(degree).toArray();
  }
}
