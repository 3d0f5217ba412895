package io.tokentropy.answers;

import io.tokentropy.refusal.InvalidInput;
import java.util.List;

/**
 * What a judge of natural language inference says of each pair of answers: how probable it is that
 * the one entails the other, and that it contradicts it. The rest is neutral. The order counts.
 */
public final class Entailments {
  /** Probabilities that miss 1 by no more than this were rounded. */
  private static final double ROUNDED = 1e-6;

  private final double[][] entail;
  private final double[][] contra;

  private Entailments(double[][] entail, double[][] contra) {
    this.entail = entail;
    this.contra = contra;
  }

  /**
   * Two square matrices of probabilities; row i, column j is about answer i as the premise of j.
   *
   * @throws InvalidInput.ShapeMismatch if one is not square, or they differ in size
   * @throws InvalidInput.NotADistribution if an entry is no probability, or two of a pair are
   *     together above 1
   */
  public static Entailments of(List<double[]> entail, List<double[]> contra) {
    int n = entail.size();
    double[][] e = square(entail, n, "/entail");
    double[][] c = square(contra, n, "/contra");
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (e[i][j] + c[i][j] > 1 + ROUNDED) {
          throw new InvalidInput.NotADistribution(
              "/contra/" + i + "/" + j,
              "found "
                  + c[i][j]
                  + " beside an entailment of "
                  + e[i][j]
                  + "; expected at most 1 together, the rest is neutral");
        }
      }
    }
    return new Entailments(e, c);
  }

  private static double[][] square(List<double[]> matrix, int n, String pointer) {
    if (matrix.size() != n) {
      throw new InvalidInput.ShapeMismatch(
          pointer, "found " + matrix.size() + " rows beside " + n + " of entail");
    }
    var rows = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] row = matrix.get(i);
      String at = pointer + "/" + i;
      if (row.length != n) {
        throw new InvalidInput.ShapeMismatch(
            at, "found " + row.length + " entries in a matrix of " + n + " rows; expected " + n);
      }
      for (int j = 0; j < n; j++) {
        if (!(row[j] >= 0 && row[j] <= 1 + ROUNDED)) {
          throw new InvalidInput.NotADistribution(
              at + "/" + j, "found " + row[j] + ", expected a probability between 0 and 1");
        }
      }
      rows[i] = row.clone();
    }
    return rows;
  }

  /** Answers, N. */
  public int size() {
    return entail.length;
  }

  double entail(int i, int j) {
    return entail[i][j];
  }

  double contra(int i, int j) {
    return contra[i][j];
  }

  private double neutral(int i, int j) {
    return 1 - entail[i][j] - contra[i][j];
  }

  /** Whether entailment is the most probable of the three. */
  boolean entails(int i, int j) {
    return entail[i][j] > contra[i][j] && entail[i][j] > neutral(i, j);
  }

  /** Whether contradiction is the most probable, or as probable as another. */
  boolean contradicts(int i, int j) {
    return contra[i][j] >= entail[i][j] && contra[i][j] >= neutral(i, j);
  }
}
