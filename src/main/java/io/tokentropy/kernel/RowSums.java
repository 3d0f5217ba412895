package io.tokentropy.kernel;

/**
 * What one pass over a row of scores found. With d = (score − max) · scale: Z = Σ e^d, S = Σ d·e^d,
 * Q = Σ d²·e^d, so that H = ln Z − S/Z and the varentropy is Q/Z − (S/Z)². Of Z only what the best
 * token leaves of it is kept: its own 1 would swallow the others of a sure row. Mutable and
 * reusable, so that a kernel call allocates nothing.
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

  /** Z − 1: Σ e^d over all tokens but the one at {@link #argmax}. */
  public double rest;

  public double s;
  public double q;

  /** Whether float lanes were summed, so that H is within 1e-6 nat only. */
  public boolean rough;

  /** Room for the lanes of one vector. */
  final double[] lanes = new double[8];

  /** How far the float kernel is. */
  final FloatProgress progress = new FloatProgress();

  void clear() {
    rest = 0;
    s = 0;
    q = 0;
    rough = false;
  }

  /** Adds the sums of one stretch. */
  void add(double moreZ, double moreS, double moreQ) {
    rest += moreZ;
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

  /** Z: what the best token's probability is one part of. */
  public double z() {
    return 1 + rest;
  }

  /** Shannon entropy in nats, clamped at 0: float lanes may leave −1e-8 for a sure row. */
  public double entropy() {
    return Math.max(0, Sums.entropy(rest, -s));
  }

  /** Variance of the surprisal, in nats squared, clamped at 0. */
  public double varentropy() {
    double mean = s / z();
    return Math.max(0, q / z() - mean * mean);
  }
}
