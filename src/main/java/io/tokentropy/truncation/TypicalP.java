package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/**
 * The tokens whose surprisal is nearest to H, until their mass is at least m; m = 1 keeps all. With
 * {@code allTies} also whatever is as near as the last of them.
 */
public record TypicalP(double mass, boolean allTies) implements Sampler {
  public TypicalP {
    Parameter.requireShare(mass > 0 && mass <= 1, "mass", mass, "above 0 and at most 1");
  }

  @Override
  public boolean isOff() {
    return mass == 1;
  }

  @Override
  public Step step(Pool pool) {
    if (isOff()) {
      return Step.kept(pool);
    }
    int n = pool.size();
    pool.ranked(n - 1);
    double[] deviation = new double[n];
    for (int rank = 0; rank < n; rank++) {
      deviation[rank] = Math.abs(-pool.lnProb(pool.ranked(rank)) - pool.entropy());
    }
    int left = 0;
    for (int rank = 1; rank < n; rank++) {
      if (deviation[rank] < deviation[left]) {
        left = rank;
      }
    }
    // deviations fall up to the nearest rank and rise after it, so the kept ranks are one stretch
    int right = left;
    while (right > 0 && deviation[right - 1] == deviation[left]) {
      right--;
    }
    left = right;
    double sum = pool.prob(pool.ranked(left));
    int least = Math.min(pool.least(), n);
    while (right - left + 1 < least || (!Slack.massAtLeast(sum, mass) && right - left + 1 < n)) {
      boolean up =
          right + 1 == n || (left > 0 && Slack.atMost(deviation[left - 1], deviation[right + 1]));
      sum += pool.prob(pool.ranked(up ? --left : ++right));
    }
    if (allTies) {
      double last = Math.max(deviation[left], deviation[right]);
      while (left > 0 && Slack.atMost(deviation[left - 1], last)) {
        left--;
      }
      while (right + 1 < n && Slack.atMost(deviation[right + 1], last)) {
        right++;
      }
    }
    var keeps = new boolean[n];
    for (int rank = left; rank <= right; rank++) {
      keeps[pool.ranked(rank)] = true;
    }
    return Step.kept(pool.filtered(i -> keeps[i]));
  }
}
