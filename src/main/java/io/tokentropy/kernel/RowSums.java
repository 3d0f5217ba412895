package io.tokentropy.kernel;

/**
 * What one pass over a row of scores found. With d = (score − max) · scale: Z = Σ e^d, S = Σ d·e^d,
 * Q = Σ d²·e^d, so that H = ln Z − S/Z and the varentropy is Q/Z − (S/Z)². Mutable and reusable, so
 * that a kernel call allocates nothing.
 */
public final class RowSums {
  /**
   * Scores that are summed by themselves before their sums are added up: equal terms would else all
   * round the same way.
   */
  static final int STRETCH = 4096;

  /** Index of the first NaN or +∞ in the row, or −1. */
  public int bad;

  /** The greatest score; −∞ if every token is masked. */
  public double max;

  /** The lowest index that holds {@link #max}. */
  public int argmax;

  public double z;
  public double s;
  public double q;

  /** Room for the lanes of one vector. */
  final double[] lanes = new double[8];

  /** How far the float kernel is. */
  final FloatProgress progress = new FloatProgress();

  void clear() {
    z = 0;
    s = 0;
    q = 0;
  }

  /** Adds the sums of one stretch. */
  void add(double moreZ, double moreS, double moreQ) {
    z += moreZ;
    s += moreS;
    q += moreQ;
  }

  /** One more term of all three sums; −∞ adds nothing, NaN makes all of them NaN. */
  void add(double d) {
    double e = Math.exp(d);
    if (e != 0) {
      add(e, d * e, d * d * e);
    }
  }

  /** Shannon entropy in nats, clamped at 0: rounding may leave −1e-17 for a one-hot row. */
  public double entropy() {
    return Math.max(0, Math.log(z) - s / z);
  }

  /** Variance of the surprisal, in nats squared, clamped at 0. */
  public double varentropy() {
    double mean = s / z;
    return Math.max(0, q / z - mean * mean);
  }
}
