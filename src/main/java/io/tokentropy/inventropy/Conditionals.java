package io.tokentropy.inventropy;

import io.tokentropy.kernel.Kernel;
import io.tokentropy.kernel.Sums;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The whole matrices P(X|Y) and P(Y|X) of the framework; O(N³), where somebody wants to see them.
 */
public final class Conditionals {
  /** Up to here EJML is done before a kernel has set out; at 50 it takes several times as long. */
  private static final int SMALL = 16;

  private final double[][] xGivenY;
  private final double[][] yGivenX;
  private final double trueConditionalEntropy;

  private Conditionals(double[][] xGivenY, double[][] yGivenX, double trueConditionalEntropy) {
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
    double[][] xGivenY = product(rows(y), rows(x));
    double[] marginalX = scores.marginalX();
    double[] marginalY = scores.marginalY();
    var yGivenX = new double[n][n];
    double entropy = 0;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        double p = xGivenY[j][i];
        yGivenX[j][i] = marginalX[i] > 0 ? p * marginalY[j] / marginalX[i] : 0;
        entropy += marginalY[j] * Sums.surprise(p);
      }
    }
    return new Conditionals(xGivenY, yGivenX, entropy);
  }

  private static double[][] rows(Transitions chain) {
    return chain.toRows().toArray(new double[0][]);
  }

  private static double[][] product(double[][] a, double[][] b) {
    int n = a.length;
    var out = new double[n][n];
    if (n > SMALL) {
      Kernel.best().product(a, b, out);
    } else {
      var product = new DMatrixRMaj(n, n);
      CommonOps_DDRM.mult(new DMatrixRMaj(a), new DMatrixRMaj(b), product);
      for (int j = 0; j < n; j++) {
        System.arraycopy(product.getData(), j * n, out[j], 0, n);
      }
    }
    return out;
  }

  /** Row j is P(X | y_j). */
  public List<double[]> xGivenY() {
    return copies(xGivenY);
  }

  /** Row j holds P(y_j | x_i) for all i. */
  public List<double[]> yGivenX() {
    return copies(yGivenX);
  }

  private static List<double[]> copies(double[][] matrix) {
    return Arrays.stream(matrix).map(double[]::clone).toList();
  }

  /** H(X|Y) in nats: what the score would be if it were the conditional entropy. */
  public double trueConditionalEntropy() {
    return trueConditionalEntropy;
  }
}
