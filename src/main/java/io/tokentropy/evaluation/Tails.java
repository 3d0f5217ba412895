package io.tokentropy.evaluation;

/** How far out a test statistic is, to nearly all digits. */
final class Tails {
  /** From here on the continued fraction takes fewer terms than the series. */
  private static final double FAR = 2;

  private static final int TERMS = 200;

  private Tails() {}

  /** The probability that χ² with one degree of freedom is at least x. */
  static double chiSquared1(double x) {
    return erfc(Math.sqrt(x / 2));
  }

  /** The same with two degrees of freedom. */
  static double chiSquared2(double x) {
    return Math.exp(-x / 2);
  }

  /** The probability that a standard normal number is at least as far from 0 as z. */
  static double normal(double z) {
    return erfc(Math.abs(z) / Math.sqrt(2));
  }

  /** 1 − erf(x), x at least 0. */
  static double erfc(double x) {
    return x < FAR ? 1 - near(x) : far(x);
  }

  /** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)). */
  private static double near(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < TERMS && term > sum * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), from its end. */
  private static double far(double x) {
    double rest = x;
    for (int n = TERMS; n >= 1; n--) {
      rest = x + n / 2.0 / rest;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * rest);
  }
}
