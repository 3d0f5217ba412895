package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/** Up to the steepest relative cliff of the sorted scores, but at least ⌊τ / range⌋ tokens. */
public record MinK(double tau) implements Sampler {
  /** How many are kept. */
  public record Report(int k) implements Sampler.Report {}

  public MinK {
    Parameter.require(
        tau >= 0 && tau < Double.POSITIVE_INFINITY, "tau", tau, "a finite number, at least 0");
  }

  @Override
  public Step step(Pool pool) {
    int n = pool.size();
    double range = pool.score(pool.ranked(0)) - pool.score(pool.ranked(n - 1));
    int k = 1;
    double steepest = -1;
    for (int i = 1; i < n; i++) {
      double fall = (pool.score(pool.ranked(i - 1)) - pool.score(pool.ranked(i))) / (i * range);
      if (fall > steepest) {
        steepest = fall;
        k = i;
      }
    }
    int least = range == 0 ? n : (int) Math.min(n, tau / range);
    k = Math.min(n, Math.max(k, least));
    return Step.kept(pool.prefix(k), new Report(k));
  }
}
