package io.tokentropy.entropy;

/** ψ(x), the derivative of ln Γ(x). */
final class Digamma {
  /** From here on the asymptotic series is used; its first dropped term is below 1e-16. */
  private static final double LARGE = 12;

  private Digamma() {}

  /**
   * ψ(x) = ψ(x + 1) − 1/x up to x ≥ 12, then ln x − 1/(2x) − Σ B₂ₙ/(2n x²ⁿ).
   *
   * @param x above 0
   * @see <a href="https://dlmf.nist.gov/5.11#E2">DLMF 5.11.2</a>
   */
  static double of(double x) {
    double shift = 0;
    double large = x;
    while (large < LARGE) {
      shift -= 1 / large;
      large++;
    }
    double square = 1 / (large * large);
    double series =
        square
            * (1.0 / 12
                - square
                    * (1.0 / 120
                        - square
                            * (1.0 / 252
                                - square
                                    * (1.0 / 240
                                        - square
                                            * (1.0 / 132
                                                - square
                                                    * (691.0 / 32760 - square * (1.0 / 12)))))));
    return shift + Math.log(large) - 1 / (2 * large) - series;
  }
}
