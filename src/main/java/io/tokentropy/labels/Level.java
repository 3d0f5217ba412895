package io.tokentropy.labels;

/**
 * Shares between floors and ceilings that are as even as can be: each is at one common level, or at
 * its floor above it, or at its ceiling below it. Of all shares with the same sum they have the
 * greatest entropy, and the lowest greatest share.
 */
final class Level {
  /** A level in [0, 1] is found to 2^-64. */
  private static final int HALVINGS = 64;

  private Level() {}

  /** The level at which the shares have a sum, or the nearest to it that there is. */
  static double of(double[] floor, double[] ceiling, double sum) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double level = (low + high) / 2;
      double found = 0;
      for (int j = 0; j < floor.length; j++) {
        found += share(floor[j], ceiling[j], level);
      }
      if (found < sum) {
        low = level;
      } else {
        high = level;
      }
    }
    return high;
  }

  private static double share(double floor, double ceiling, double level) {
    return Math.max(floor, Math.min(ceiling, level));
  }

  /** The shares at a level. */
  static double[] shares(double[] floor, double[] ceiling, double level) {
    var shares = new double[floor.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = share(floor[i], ceiling[i], level);
    }
    return shares;
  }
}
