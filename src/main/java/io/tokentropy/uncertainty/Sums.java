package io.tokentropy.uncertainty;

/** Sums of products in a fixed order, so that the same numbers give the same bits. */
final class Sums {
  private Sums() {}

  /** Four partial sums, as one alone waits for each addition. */
  static double dot(double[] a, int fromA, double[] b, int fromB, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      s0 += a[fromA + i] * b[fromB + i];
      s1 += a[fromA + i + 1] * b[fromB + i + 1];
      s2 += a[fromA + i + 2] * b[fromB + i + 2];
      s3 += a[fromA + i + 3] * b[fromB + i + 3];
    }
    for (; i < length; i++) {
      s0 += a[fromA + i] * b[fromB + i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** The sum of {@code length} numbers. */
  static double of(double[] a, int from, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      s0 += a[from + i];
      s1 += a[from + i + 1];
      s2 += a[from + i + 2];
      s3 += a[from + i + 3];
    }
    for (; i < length; i++) {
      s0 += a[from + i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** {@code -x ln x}, 0 at 0. */
  static double surprise(double x) {
    return x > 0 ? -x * Math.log(x) : 0;
  }
}
