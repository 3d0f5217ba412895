package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;

/**
 * Where a step lies in the plane of entropy and varentropy, by the thresholds of entropix, in nats
 * and nats squared. The first match counts; in the published code a step that matches none counts
 * as {@link #LELV}, which here has a name of its own.
 *
 * @see <a href="https://github.com/xjdr-alt/entropix">entropix</a>
 */
public enum Quadrant {
  /** Low entropy, low varentropy: certain. */
  LELV,
  /** High entropy, low varentropy: many alternatives, all alike. */
  HELV,
  /** Low entropy, high varentropy: few alternatives stand out. */
  LEHV,
  /** High entropy, high varentropy. */
  HEHV,
  /** Between the thresholds. */
  NONE;

  private static final double NOISE_FLOOR = -12;
  private static final double LN_EPSILON = Math.log(1e-8);

  public static Quadrant of(double entropy, double varentropy) {
    if (entropy < 0.3 && varentropy < 1.2) {
      return LELV;
    }
    if (entropy > 2.5 && varentropy < 1.2) {
      return HELV;
    }
    if (entropy < 2.5 && varentropy > 2.5) {
      return LEHV;
    }
    return entropy > 1.2 && varentropy > 2.5 ? HEHV : NONE;
  }

  /**
   * The quadrant as entropix itself finds it, with the noise floor that it has for bfloat16: every
   * ln p below −12, that of a masked token too, counts as ln 1e-8, and nothing is renormalised. A
   * token costs little, a vocabulary of them does not: over 800,000 tokens a sure step (H = 0) has
   * H = 0.15 and varentropy 2.7, which is {@link #LEHV}.
   */
  static Quadrant withNoiseFloor(Distribution row) {
    double entropy = 0;
    double square = 0;
    double mass = 0;
    for (int id = 0; id < row.size(); id++) {
      double ln = row.lnProb(id);
      double floored = ln < NOISE_FLOOR ? LN_EPSILON : ln;
      double p = Math.exp(floored);
      mass += p;
      entropy -= p * floored;
      square += p * floored * floored;
    }
    // Σ p (ln p + H)², where Σ p is not quite 1
    return of(entropy, square - 2 * entropy * entropy + mass * entropy * entropy);
  }

  public String wire() {
    return this == NONE ? "none" : name();
  }
}
