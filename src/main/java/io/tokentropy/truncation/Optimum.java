package io.tokentropy.truncation;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.Wanted;
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

  /** A set must beat the best by this much, relative to what it adds: less is rounding. */
  private static final double STEP = 1e-12;

  /** After so many branches, some milliseconds, the search asks whether anybody waits for it. */
  private static final int BRANCHES = 4096;

  private final double budget;
  private final double total;

  /** p / p₁ by rank. */
  private final double[] e;

  private final double[] depth;

  /** Σ e and Σ −e ln e over the ranks before each, the best token's 1 left out. */
  private final double[] sumE;

  private final double[] sumW;
  private double bestGain;
  private BitSet best = new BitSet();

  private Optimum(Pool pool, double budget) {
    this.budget = budget * (1 + Slack.S);
    total = 1 + pool.rest();
    int n = pool.size();
    e = new double[n];
    depth = new double[n];
    sumE = new double[n + 1];
    sumW = new double[n + 1];
    for (int rank = 0; rank < n; rank++) {
      depth[rank] = pool.depthOfRank(rank);
      e[rank] = Math.exp(-depth[rank]);
      sumE[rank + 1] = sumE[rank] + (rank == 0 ? 0 : e[rank]);
      sumW[rank + 1] = sumW[rank] + e[rank] * depth[rank];
    }
  }

  static Found of(Pool pool, double budget, long nodeLimit) {
    return new Optimum(pool, budget).search(pool, nodeLimit);
  }

  /** How much more mass than the best token alone, in parts of it. */
  private static double gain(boolean top, double rest) {
    return top ? rest : rest - 1;
  }

  private boolean beats(double gain, boolean top) {
    return gain > bestGain + STEP * (top ? bestGain : 1);
  }

  /**
   * m (H − B) / p₁ of a set, at most 0 if it is feasible; the budget has the slack of every
   * comparison.
   *
   * @param top whether it holds the best token
   * @param rest Σ e over its other tokens
   * @param weighted Σ −e ln e
   */
  private double excess(boolean top, double rest, double weighted) {
    if (top) {
      return weighted + (1 + rest) * (Sums.ln1p(rest) - budget);
    }
    return rest > 0 ? weighted + rest * (Math.log(rest) - budget) : 0;
  }

  private double excess(int from, int to, boolean top, double rest, double weighted) {
    return excess(
        top || (from == 0 && to > 0),
        rest + sumE[to] - sumE[from],
        weighted + sumW[to] - sumW[from]);
  }

  /** No completion of this branch with tokens from {@code from} on gains more. */
  private double bound(int from, boolean top, double rest, double weighted) {
    int low = from;
    int high = e.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (excess(from, middle + 1, top, rest, weighted)
          >= excess(from, middle, top, rest, weighted)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int least = low;
    if (excess(from, least, top, rest, weighted) > 0) {
      return least == e.length
          ? Double.NEGATIVE_INFINITY
          : gain(top || from == 0, rest + sumE[least + 1] - sumE[from]);
    }
    high = e.length;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (excess(from, middle, top, rest, weighted) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    boolean holds = top || (from == 0 && low > 0);
    double whole = rest + sumE[low] - sumE[from];
    if (low == e.length) {
      return gain(holds, whole);
    }
    double head = weighted + sumW[low] - sumW[from];
    double none = 0;
    double all = 1;
    for (int i = 0; i < 60; i++) {
      double part = (none + all) / 2 * e[low];
      if (excess(holds, whole + part, head + part * depth[low]) <= 0) {
        none = (none + all) / 2;
      } else {
        all = (none + all) / 2;
      }
    }
    return gain(holds, whole + all * e[low]);
  }

  private Found search(Pool pool, long nodeLimit) {
    start();
    var taken = new BitSet();
    int n = e.length;
    var rests = new double[n + 1];
    var sums = new double[n + 1];
    var tried = new byte[n + 1];
    int at = 0;
    long nodes = 0;
    double open = 0;
    while (at >= 0) {
      if (at == n || tried[at] == 2) {
        if (at < n) {
          tried[at] = 0;
        }
        at--;
        continue;
      }
      if (nodes % BRANCHES == 0) {
        Wanted.orStop();
      }
      boolean take = tried[at]++ == 0;
      taken.set(at, take);
      boolean top = taken.get(0);
      double rest = rests[at] + (take && at > 0 ? e[at] : 0);
      double weighted = sums[at] + (take ? e[at] * depth[at] : 0);
      if (++nodes > nodeLimit) {
        open = Math.max(open, bound(at, at > 0 && top, rests[at], sums[at]));
        for (int i = 0; i < at; i++) {
          if (tried[i] == 1) {
            open = Math.max(open, bound(i + 1, i > 0 && top, rests[i], sums[i]));
          }
        }
        break;
      }
      if (take && excess(top, rest, weighted) <= 0 && beats(gain(top, rest), top)) {
        bestGain = gain(top, rest);
        best = (BitSet) taken.clone();
        best.clear(at + 1, n);
      }
      if (beats(bound(at + 1, top, rest, weighted), top)) {
        rests[at + 1] = rest;
        sums[at + 1] = weighted;
        at++;
        tried[at] = 0;
      }
    }
    boolean optimal = nodes <= nodeLimit;
    return new Found(
        best.stream().mapToObj(rank -> pool.id(pool.ranked(rank))).toList(),
        (1 + bestGain) / total,
        optimal,
        optimal ? 0 : Math.max(0, open - bestGain) / total,
        Math.min(nodes, nodeLimit));
  }

  /** The skip rule's set: whoever fits, in rank order; it contains the greedy set. */
  private void start() {
    double weighted = 0;
    best.set(0);
    for (int rank = 1; rank < e.length; rank++) {
      double more = weighted + e[rank] * depth[rank];
      if (excess(true, bestGain + e[rank], more) <= 0) {
        bestGain += e[rank];
        weighted = more;
        best.set(rank);
      }
    }
  }
}
