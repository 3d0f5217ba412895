package io.tokentropy.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The whole matrices P(X|Y) and P(Y|X) of the framework; O(N³), where somebody wants to see them.
 */
public final class Conditionals {
  private final int n;
  private final double[] xGivenY;
  private final double[] yGivenX;
  private final double trueConditionalEntropy;

  private Conditionals(int n, double[] xGivenY, double[] yGivenX, double trueConditionalEntropy) {
    this.n = n;
    this.xGivenY = xGivenY;
    this.yGivenX = yGivenX;
    this.trueConditionalEntropy = trueConditionalEntropy;
  }

  /**
   * The matrices of two chains.
   *
   * @param scores the framework's scalars for the same two
   */
  public static Conditionals of(Transitions x, Transitions y, InvEntropy scores) {
    int n = x.size();
    var product = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(matrix(y), matrix(x), product);
    double[] xGivenY = product.getData();
    double[] marginalX = scores.marginalX();
    double[] marginalY = scores.marginalY();
    var yGivenX = new double[n * n];
    double entropy = 0;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        double p = xGivenY[j * n + i];
        yGivenX[j * n + i] = marginalX[i] > 0 ? p * marginalY[j] / marginalX[i] : 0;
        entropy += marginalY[j] * Sums.surprise(p);
      }
    }
    return new Conditionals(n, xGivenY, yGivenX, entropy);
  }

  private static DMatrixRMaj matrix(Transitions chain) {
    return new DMatrixRMaj(chain.toRows().toArray(new double[0][]));
  }

  /** Row j is P(X | y_j). */
  public List<double[]> xGivenY() {
    return toRows(xGivenY);
  }

  /** Row j holds P(y_j | x_i) for all i. */
  public List<double[]> yGivenX() {
    return toRows(yGivenX);
  }

  private List<double[]> toRows(double[] matrix) {
    var rows = new ArrayList<double[]>(n);
    for (int j = 0; j < n; j++) {
      rows.add(Arrays.copyOfRange(matrix, j * n, (j + 1) * n));
    }
    return rows;
  }

  /** H(X|Y) in nats: what the score would be if it were the conditional entropy. */
  public double trueConditionalEntropy() {
    return trueConditionalEntropy;
  }
}
