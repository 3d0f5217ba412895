package io.tokentropy.ensemble;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;

/** How much each member of an ensemble counts; the shares sum to 1. */
public final class Shares {
  private Shares() {}

  /** The same share for each. */
  public static double[] equal(int members) {
    var shares = new double[members];
    Arrays.fill(shares, 1.0 / members);
    return shares;
  }

  /**
   * Weights of any sum, divided by it.
   *
   * @throws InvalidInput.ParameterOutOfRange on one below 0, or if all are 0
   */
  public static double[] of(double[] weights) {
    double greatest = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] <= Double.MAX_VALUE)) {
        throw new InvalidInput.ParameterOutOfRange(
            "/" + i, weights[i], "a weight, finite and at least 0");
      }
      greatest = Math.max(greatest, weights[i]);
    }
    if (greatest == 0) {
      throw new InvalidInput.ParameterOutOfRange(
          "", "weights that are all 0", "at least one above 0");
    }
    var shares = new double[weights.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = weights[i] / greatest;
    }
    double sum = Sums.of(shares);
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }
}
