package io.tokentropy.inventropy;

import io.tokentropy.kernel.Sums;
import java.util.OptionalDouble;

/**
 * How far answers can lift Inv-Entropy above ln N for given prompts. Answers that are all alike
 * lead back to prompt i with the mean of its column of P(X), those with nothing in common with
 * P(x_i|x_i); mixtures reach everything between. The greatest score takes for each prompt the d in
 * between that has the greatest −d ln d.
 *
 * @param alike −Σ d ln d of answers that are all alike, nats: ln N where all columns have the same
 *     sum, less where some prompts are nearer to all others
 * @param excess the greatest score less ln N, nats
 */
public record Reach(double alike, double excess) {
  /** The reach of N prompts, from their chain; O(N²). */
  public static Reach of(Transitions prompts) {
    int n = prompts.size();
    double alike = 0;
    double greatest = 0;
    var means = new double[n];
    for (int k = 0; k < n; k++) {
      double[] row = prompts.row(k);
      for (int i = 0; i < n; i++) {
        means[i] += row[i] / n;
      }
    }
    for (int i = 0; i < n; i++) {
      double own = prompts.row(i)[i];
      alike += Sums.surprise(means[i]);
      double low = Math.min(means[i], own);
      double high = Math.max(means[i], own);
      greatest += Sums.surprise(Math.clamp(1 / Math.E, low, high));
    }
    return new Reach(alike, greatest - Math.log(n));
  }

  /**
   * Where a score lies between no excess and the greatest, in [0, 1]; empty where these prompts
   * leave no room above ln N.
   *
   * @param above a score less ln N, nats
   */
  public OptionalDouble scaled(double above) {
    return excess > 0
        ? OptionalDouble.of(Math.clamp(above / excess, 0.0, 1.0))
        : OptionalDouble.empty();
  }
}
