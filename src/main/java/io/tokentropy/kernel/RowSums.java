package io.tokentropy.kernel;

/**
 * What one pass over a row of scores found. With d = (score − max) · scale: Z = Σ e^d, S = Σ d·e^d,
 * Q = Σ d²·e^d, so that H = ln Z − S/Z and the varentropy is Q/Z − (S/Z)². Mutable and reusable, so
 * that a kernel call allocates nothing.
 */
public final class RowSums {
  /** Index of the first NaN or +∞ in the row, or −1. */
  public int bad;

  /** The greatest score; −∞ if every token is masked. */
  public double max;

  /** The lowest index that holds {@link #max}. */
  public int argmax;

  public double z;
  public double s;
  public double q;

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
