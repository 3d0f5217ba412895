package io.tokentropy.labels;

import io.tokentropy.kernel.Sums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The corners of what is possible, among which is the least entropy.
 *
 * <p>At a corner the pool goes to one taker, a label or the rest of the vocabulary, and the labels
 * beside the pool are at their floor or their ceiling, but for one where they together take all
 * there is, or no more than the pool leaves. Of two labels with the same room, or of two takers,
 * the one with the higher floor comes first: giving it what the other has above its floor never
 * makes the shares more even.
 */
final class Corners {
  /** No more corners than this are looked at; beyond, a bound takes their place. */
  private static final int MOST = 4096;

  /** Sums of doubles that differ by no more than this are the same. */
  private static final double ROUNDING = 1e-12;

  private final double[] floor;
  private final double[] room;
  private final double[] shares;
  private final double extra;
  private final double beyondPool;
  private final List<List<Integer>> chains;

  /** The label that may take the pool; −1 if none may. */
  private int taker = -1;

  /** How many labels of each chain are at their ceilings. */
  private final int[] filled;

  /** The least entropy so far, but for the rounding of sums, and the shares that have it. */
  private double least = Double.POSITIVE_INFINITY;

  private double[] lowest = new double[0];

  Corners(Shares possible) {
    floor = possible.floors();
    shares = floor.clone();
    room = new double[floor.length];
    extra = possible.extra();
    beyondPool = possible.beyondPool();
    var families = new TreeMap<Integer, List<Integer>>();
    double most = 0;
    for (int i = 0; i < floor.length; i++) {
      room[i] = possible.room(i);
      if (!possible.pooled(i)) {
        families.computeIfAbsent(possible.family(i), name -> new ArrayList<>()).add(i);
        most = Math.max(most, room[i]);
      } else if (taker < 0 || floor[i] > floor[taker]) {
        taker = i;
      }
    }
    chains = chains(List.copyOf(families.values()), most);
    filled = new int[chains.size()];
  }

  /**
   * One chain a family; one for all, each with the greatest room, if that made too many corners.
   */
  private List<List<Integer>> chains(List<List<Integer>> families, double most) {
    List<List<Integer>> separate = families.stream().map(this::chain).toList();
    long corners = 1;
    for (List<Integer> chain : separate) {
      corners = Math.min(MOST + 1L, corners * (chain.size() + 1));
    }
    if (corners <= MOST) {
      return separate;
    }
    List<Integer> all = families.stream().flatMap(List::stream).toList();
    all.forEach(i -> room[i] = most);
    return List.of(chain(all));
  }

  /** Labels by falling floor, no longer than they can be filled. */
  private List<Integer> chain(List<Integer> labels) {
    var chain = new ArrayList<Integer>();
    double filled = 0;
    for (int label : labels.stream().sorted(Comparator.comparingDouble(i -> -floor[i])).toList()) {
      if (filled >= extra) {
        break;
      }
      chain.add(label);
      filled += room[label];
    }
    return chain;
  }

  /** The least entropy of shares scaled to a sum of 1, in nats. */
  double least() {
    double sum = 0;
    double weighted = 0;
    for (double share : floor) {
      sum += share;
      weighted += Sums.surprise(share);
    }
    walk(0, 0, sum, weighted);
    return GivenEntropy.of(lowest);
  }

  /**
   * Fills each chain from its front, as far as there is something to fill it with.
   *
   * @param taken what is filled so far
   * @param sum Σp of all labels
   * @param weighted Σ −p ln p
   */
  private void walk(int chain, double taken, double sum, double weighted) {
    if (chain == chains.size()) {
      look(taken, sum, weighted);
      return;
    }
    List<Integer> labels = chains.get(chain);
    double more = taken;
    double surprise = weighted;
    filled[chain] = 0;
    walk(chain + 1, more, sum, surprise);
    while (filled[chain] < labels.size()) {
      int label = labels.get(filled[chain]);
      more += room[label];
      if (more > extra + ROUNDING) {
        break;
      }
      shares[label] = floor[label] + room[label];
      surprise += Sums.surprise(shares[label]) - Sums.surprise(floor[label]);
      filled[chain]++;
      walk(chain + 1, more, sum + more - taken, surprise);
    }
    for (int i = 0; i < filled[chain]; i++) {
      shares[labels.get(i)] = floor[labels.get(i)];
    }
  }

  /** The corner itself, and those where the next label of a chain is filled to an end. */
  private void look(double taken, double sum, double weighted) {
    if (taken >= beyondPool - ROUNDING) {
      take(extra - taken, sum, weighted);
    }
    for (int chain = 0; chain < filled.length; chain++) {
      if (filled[chain] < chains.get(chain).size()) {
        int label = chains.get(chain).get(filled[chain]);
        fill(label, beyondPool - taken, extra - beyondPool, sum, weighted);
        fill(label, extra - taken, 0, sum, weighted);
      }
    }
  }

  private void fill(int label, double more, double forPool, double sum, double weighted) {
    if (more > 0 && more <= room[label] + ROUNDING) {
      shares[label] = floor[label] + more;
      double surprise = Sums.surprise(shares[label]) - Sums.surprise(floor[label]);
      take(forPool, sum + more, weighted + surprise);
      shares[label] = floor[label];
    }
  }

  /** What is for the pool goes to the rest, or to the label that may take it. */
  private void take(double forPool, double sum, double weighted) {
    keep(sum, weighted);
    if (taker >= 0 && forPool > 0) {
      shares[taker] = floor[taker] + forPool;
      double surprise = Sums.surprise(shares[taker]) - Sums.surprise(floor[taker]);
      keep(sum + forPool, weighted + surprise);
      shares[taker] = floor[taker];
    }
  }

  private void keep(double sum, double weighted) {
    double entropy = sum > 0 ? Math.log(sum) + weighted / sum : 0;
    if (entropy < least) {
      least = entropy;
      lowest = shares.clone();
    }
  }
}
