package io.tokentropy.kernel;

/**
 * Sums of products in a fixed order, so that the same numbers give the same bits; and an entropy
 * from sums that leave the best token out.
 */
public final class Sums {
  private Sums() {}

  /** Four partial sums, as one alone waits for each addition. */
  public static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i <= a.length - 4; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  public static double of(double[] a) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i <= a.length - 4; i += 4) {
      s0 += a[i];
      s1 += a[i + 1];
      s2 += a[i + 2];
      s3 += a[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** {@code -x ln x}, 0 at 0 and at 1. */
  public static double surprise(double x) {
    return x > 0 ? 0 - x * Math.log(x) : 0;
  }

  /** ln(1 + x) to full relative accuracy for any x ≥ 0, without log1p's cost where x is large. */
  public static double ln1p(double x) {
    return x < 0.5 ? Math.log1p(x) : Math.log(1 + x);
  }

  /**
   * Entropy in nats, without cancellation however sure the row is: with e = p / p₁ of each token
   * but the best, H = ln(1 + Σ e) + Σ (−e ln e) / (1 + Σ e). Both terms are at least 0.
   *
   * @param rest Σ e, at least 0
   * @param weighted Σ (−e ln e), at least 0
   */
  public static double entropy(double rest, double weighted) {
    return ln1p(rest) + weighted / (1 + rest);
  }
}
