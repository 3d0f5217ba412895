package io.tokentropy.truncation;

import java.util.BitSet;
import java.util.List;

/**
 * The set of greatest mass with H(q) ≤ B, by branch and bound in rank order: a token is taken or
 * left, and a branch is cut where even the fractional prefix of what is left ({@link Certificate})
 * does not beat the best set so far. The problem is NP-hard; a limit on the branches stops the
 * search, and the answer says so.
 */
public final class Optimum {
  /**
   * The best set found.
   *
   * @param ids by probability, then by id
   * @param optimal whether the search was finished
   * @param gap how much more mass a set can have at most; 0 if optimal
   * @param nodes branches looked at
   */
  public record Found(List<Integer> ids, double mass, boolean optimal, double gap, long nodes) {}

  /** A set must beat the best by this much: less is rounding. */
  private static final double STEP = 1e-12;

  private final double budget;
  private final double[] p;
  private final double[] sumP;
  private final double[] sumA;
  private double bestMass;
  private BitSet best = new BitSet();

  private Optimum(Pool pool, double budget) {
    this.budget = budget;
    int n = pool.size();
    p = new double[n];
    sumP = new double[n + 1];
    sumA = new double[n + 1];
    for (int rank = 0; rank < n; rank++) {
      int position = pool.ranked(rank);
      p[rank] = pool.prob(position);
      sumP[rank + 1] = sumP[rank] + p[rank];
      sumA[rank + 1] = sumA[rank] + p[rank] * (-pool.lnProb(position) - budget);
    }
  }

  static Found of(Pool pool, double budget, long nodeLimit) {
    return new Optimum(pool, budget).search(pool, nodeLimit);
  }

  /**
   * Σ a + m ln m, which is m (H − B): at most 0 if the set is feasible, with the slack of every
   * comparison.
   */
  private boolean feasible(double mass, double a) {
    return mass > 0 && a + mass * Math.log(mass) <= mass * Slack.S * Math.max(1, budget);
  }

  private double g(int from, int to, double mass, double a) {
    double m = mass + sumP[to] - sumP[from];
    return a + sumA[to] - sumA[from] + (m > 0 ? m * Math.log(m) : 0);
  }

  /** No completion of this branch with tokens from {@code from} on has more mass. */
  private double bound(int from, double mass, double a) {
    int low = from;
    int high = p.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (g(from, middle + 1, mass, a) >= g(from, middle, mass, a)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int least = low;
    if (g(from, least, mass, a) > Slack.S) {
      return least == p.length ? 0 : mass + sumP[Math.min(p.length, least + 1)] - sumP[from];
    }
    high = p.length;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (g(from, middle, mass, a) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    double whole = mass + sumP[low] - sumP[from];
    if (low == p.length) {
      return whole;
    }
    double head = a + sumA[low] - sumA[from];
    double slope = sumA[low + 1] - sumA[low];
    double none = 0;
    double all = 1;
    for (int i = 0; i < 60; i++) {
      double part = (none + all) / 2;
      double m = whole + part * p[low];
      if (head + part * slope + m * Math.log(m) <= 0) {
        none = part;
      } else {
        all = part;
      }
    }
    return whole + all * p[low];
  }

  private Found search(Pool pool, long nodeLimit) {
    start();
    var taken = new BitSet();
    int n = p.length;
    var masses = new double[n + 1];
    var sums = new double[n + 1];
    var tried = new byte[n + 1];
    int depth = 0;
    long nodes = 0;
    double open = 0;
    while (depth >= 0) {
      if (depth == n || tried[depth] == 2) {
        if (depth < n) {
          tried[depth] = 0;
        }
        depth--;
        continue;
      }
      boolean take = tried[depth]++ == 0;
      taken.set(depth, take);
      double mass = masses[depth] + (take ? p[depth] : 0);
      double a = sums[depth] + (take ? sumA[depth + 1] - sumA[depth] : 0);
      if (++nodes > nodeLimit) {
        open = Math.max(open, bound(depth, masses[depth], sums[depth]));
        for (int i = 0; i < depth; i++) {
          if (tried[i] == 1) {
            open = Math.max(open, bound(i + 1, masses[i], sums[i]));
          }
        }
        break;
      }
      if (mass > bestMass + STEP && feasible(mass, a)) {
        bestMass = mass;
        best = (BitSet) taken.clone();
        best.clear(depth + 1, n);
      }
      if (bound(depth + 1, mass, a) > bestMass + STEP) {
        masses[depth + 1] = mass;
        sums[depth + 1] = a;
        depth++;
        tried[depth] = 0;
      }
    }
    boolean optimal = nodes <= nodeLimit;
    return new Found(
        best.stream().mapToObj(rank -> pool.id(pool.ranked(rank))).toList(),
        bestMass,
        optimal,
        optimal ? 0 : Math.max(0, open - bestMass),
        Math.min(nodes, nodeLimit));
  }

  /** The skip rule's set: whoever fits, in rank order; it contains the greedy set. */
  private void start() {
    double mass = p[0];
    double a = sumA[1];
    best.set(0);
    for (int rank = 1; rank < p.length; rank++) {
      double more = a + sumA[rank + 1] - sumA[rank];
      if (feasible(mass + p[rank], more)) {
        mass += p[rank];
        a = more;
        best.set(rank);
      }
    }
    bestMass = mass;
  }
}
