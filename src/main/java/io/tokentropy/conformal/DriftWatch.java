package io.tokentropy.conformal;

import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whether new scores still look like those of a calibration: evidence against it, one score after
 * another. A score above q̂ is a miss.
 *
 * <p>While n calibration scores and the new ones are exchangeable, and none are equal, the next one
 * is a miss with probability q = (n + 1 − rank + misses)/(n + 1 + seen), whatever the scores'
 * distribution is. A bet that the odds are r times these multiplies its stake by r/(1 − q + rq) on
 * a miss and by 1/(1 − q + rq) on a hit: on average by 1. Stakes of three sizes r start at every
 * score, that of the k-th being 1/(k(k + 1)) of the whole, so that a late shift is found as well.
 * Their sum, with what is not yet staked, is 1 on average at all times, so that it ever reaches 1/δ
 * with a probability of at most δ (Ville), however long the watch lasts.
 *
 * @param seen new scores
 * @param misses those above q̂
 * @param stakes of each size, at least 0
 * @param greatest the most that the evidence has been
 * @see <a href="https://arxiv.org/abs/2210.01948">Ramdas and others, Game-theoretic statistics</a>
 */
public record DriftWatch(long seen, long misses, List<Double> stakes, double greatest) {
  /** How many times the odds of a miss may have become. */
  private static final double[] ODDS = {1.5, 2, 4};

  /** Stakes do not grow beyond this; it only ever makes the evidence less. */
  private static final double MOST = 1e200;

  /** Sums of counts stay exact. */
  private static final long LONGEST = 1L << 50;

  public DriftWatch {
    stakes = List.copyOf(stakes);
    if (seen < 0 || seen > LONGEST) {
      throw new InvalidInput.InvalidState("/seen", "found " + seen + ", expected 0 to " + LONGEST);
    }
    if (misses < 0 || misses > seen) {
      throw new InvalidInput.InvalidState("/misses", "found " + misses + ", expected 0 to seen");
    }
    if (stakes.size() != ODDS.length) {
      throw new InvalidInput.InvalidState(
          "/stakes", "found " + stakes.size() + " stakes, expected " + ODDS.length);
    }
    for (int i = 0; i < ODDS.length; i++) {
      if (!(stakes.get(i) >= 0 && stakes.get(i) <= MOST)) {
        throw new InvalidInput.InvalidState(
            "/stakes/" + i, "found " + stakes.get(i) + ", expected 0 to " + MOST);
      }
    }
    double evidence = evidence(seen, stakes);
    if (!(greatest >= evidence && greatest <= 2 * MOST)) {
      throw new InvalidInput.InvalidState(
          "/greatest", "found " + greatest + ", expected at least the evidence, " + evidence);
    }
  }

  /** What the evidence says. */
  public enum Status {
    /** Nothing speaks against the profile. */
    VALID,
    /** The evidence is at 1/√δ or above, which at most √δ of all quiet watches ever see. */
    SUSPECT,
    /** It has been at 1/δ, which at most δ of all quiet watches ever see. Final. */
    WITHDRAWN
  }

  /** A new watch. */
  public static DriftWatch begun() {
    return new DriftWatch(0, 0, Collections.nCopies(ODDS.length, 0.0), 1);
  }

  /**
   * The watch after one more score.
   *
   * @param score of the right label of a new row
   * @param profile the same all along; without a q̂ nothing is a miss
   */
  public DriftWatch after(double score, ConformalProfile profile) {
    double miss = (profile.size() + 1.0 - profile.rank() + misses) / (profile.size() + 1.0 + seen);
    boolean missed = score > profile.qhat().orElse(Double.POSITIVE_INFINITY) + LabelSets.SLACK;
    double start = 1 / ((seen + 1.0) * (seen + 2.0));
    var next = new ArrayList<Double>();
    for (int i = 0; i < ODDS.length; i++) {
      double factor = (missed ? ODDS[i] : 1) / (1 - miss + ODDS[i] * miss);
      next.add(Math.min(MOST, (stakes.get(i) + start) * factor));
    }
    double evidence = evidence(seen + 1, next);
    return new DriftWatch(seen + 1, misses + (missed ? 1 : 0), next, Math.max(greatest, evidence));
  }

  /** How much speaks against the profile; 1 at first, and on average while nothing changes. */
  public double evidence() {
    return evidence(seen, stakes);
  }

  private static double evidence(long seen, List<Double> stakes) {
    double sum = 0;
    for (double stake : stakes) {
      sum += stake / ODDS.length;
    }
    return sum + 1 / (seen + 1.0);
  }

  /**
   * What to think of the profile.
   *
   * @param falseAlarm δ, in (0, 1)
   */
  public Status status(double falseAlarm) {
    if (greatest >= 1 / falseAlarm) {
      return Status.WITHDRAWN;
    }
    return evidence() >= 1 / Math.sqrt(falseAlarm) ? Status.SUSPECT : Status.VALID;
  }
}
