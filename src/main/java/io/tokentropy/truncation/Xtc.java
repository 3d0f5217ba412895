package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;
import java.util.List;

/**
 * Where u is below the probability, all tokens with p ≥ threshold are dropped but the least of
 * them.
 */
public record Xtc(double threshold, double probability, double u, List<Integer> protectedIds)
    implements Sampler {
  /** Whether anything was dropped. */
  public record Report(boolean active) implements Sampler.Report {}

  public Xtc {
    Parameter.requireShare(
        threshold >= 0 && threshold <= 1, "threshold", threshold, "between 0 and 1");
    Parameter.requireShare(
        probability >= 0 && probability <= 1, "probability", probability, "between 0 and 1");
    Parameter.require(u >= 0 && u < 1, "u", u, "at least 0 and below 1");
    protectedIds = List.copyOf(protectedIds);
  }

  @Override
  public boolean isOff() {
    return probability == 0;
  }

  @Override
  public Step step(Pool pool) {
    int above = 0;
    while (above < pool.size()
        && Slack.probabilityAtLeast(pool.prob(pool.ranked(above)), threshold)) {
      above++;
    }
    var dropped = new boolean[pool.size()];
    boolean active = u < probability && above >= 2 && pool.size() - (above - 1) >= pool.least();
    for (int rank = 0; rank < above - 1 && active; rank++) {
      active = !protectedIds.contains(pool.id(pool.ranked(rank)));
      dropped[pool.ranked(rank)] = true;
    }
    return Step.kept(active ? pool.filtered(i -> !dropped[i]) : pool, new Report(active));
  }
}
