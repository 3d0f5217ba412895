package io.tokentropy.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The product of square matrices with the Vector API. */
final class SimdProduct {
  private static final VectorSpecies<Double> D = SimdKernel.D;
  private static final int DOUBLES = D.length();

  private SimdProduct() {}

  /** Four rows by two vectors of columns at a time; what is left over goes number by number. */
  static void of(double[][] a, double[][] b, double[][] out) {
    int n = b.length;
    int columns = n - n % (2 * DOUBLES);
    int rows = n - n % 4;
    for (int j = 0; j < rows; j += 4) {
      for (int i = 0; i < columns; i += 2 * DOUBLES) {
        tile(a[j], a[j + 1], a[j + 2], a[j + 3], b, i, out, j);
      }
    }
    ScalarKernel.product(a, b, 0, rows, columns, out);
    ScalarKernel.product(a, b, rows, n, 0, out);
  }

  private static void tile(
      double[] a0,
      double[] a1,
      double[] a2,
      double[] a3,
      double[][] b,
      int i,
      double[][] out,
      int j) {
    var s00 = DoubleVector.zero(D);
    var s01 = s00;
    var s10 = s00;
    var s11 = s00;
    var s20 = s00;
    var s21 = s00;
    var s30 = s00;
    var s31 = s00;
    for (int k = 0; k < b.length; k++) {
      var left = DoubleVector.fromArray(D, b[k], i);
      var right = DoubleVector.fromArray(D, b[k], i + DOUBLES);
      var a = DoubleVector.broadcast(D, a0[k]);
      s00 = a.fma(left, s00);
      s01 = a.fma(right, s01);
      a = DoubleVector.broadcast(D, a1[k]);
      s10 = a.fma(left, s10);
      s11 = a.fma(right, s11);
      a = DoubleVector.broadcast(D, a2[k]);
      s20 = a.fma(left, s20);
      s21 = a.fma(right, s21);
      a = DoubleVector.broadcast(D, a3[k]);
      s30 = a.fma(left, s30);
      s31 = a.fma(right, s31);
    }
    s00.intoArray(out[j], i);
    s01.intoArray(out[j], i + DOUBLES);
    s10.intoArray(out[j + 1], i);
    s11.intoArray(out[j + 1], i + DOUBLES);
    s20.intoArray(out[j + 2], i);
    s21.intoArray(out[j + 2], i + DOUBLES);
    s30.intoArray(out[j + 3], i);
    s31.intoArray(out[j + 3], i + DOUBLES);
  }
}
