package io.tokentropy.entropy;

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

  public String wire() {
    return this == NONE ? "none" : name();
  }
}
