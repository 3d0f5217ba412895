package io.tokentropy.answers;

import io.tokentropy.refusal.Wanted;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Eigenvalues, and where they are wanted eigenvectors, of a symmetric matrix; O(n³). */
final class Eigen {

  private final double[] values;
  private final double[][] vectors;

  private Eigen(double[] values, double[][] vectors) {
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * Those of a symmetric matrix. The greatest entry is added to the diagonal before, and taken off
   * the eigenvalues after: of a matrix that is next to singular, EJML's steps would be told by
   * rounding errors alone, and some do not end.
   */
  static Eigen of(double[][] symmetric, boolean vectors) {
    Wanted.orStop();
    int n = symmetric.length;
    var matrix = new DMatrixRMaj(symmetric);
    double shift = CommonOps_DDRM.elementMaxAbs(matrix);
    for (int i = 0; i < n; i++) {
      matrix.add(i, i, shift);
    }
    EigenDecomposition_F64<DMatrixRMaj> found = DecompositionFactory_DDRM.eig(n, vectors, true);
    if (!found.decompose(matrix)) {
      throw new IllegalStateException("the eigenvalues of " + n + " answers did not converge");
    }
    var values = new double[n];
    var rows = new double[vectors ? n : 0][];
    for (int k = 0; k < n; k++) {
      values[k] = found.getEigenvalue(k).getReal() - shift;
      if (vectors) {
        rows[k] = found.getEigenVector(k).getData().clone();
      }
    }
    return new Eigen(values, rows);
  }

  /** The values, in no order. */
  double[] values() {
    return values;
  }

  /** The vector of value k, of length 1, if vectors were wanted. */
  double[] vector(int k) {
    return vectors[k];
  }
}
