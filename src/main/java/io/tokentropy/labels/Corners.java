package io.tokentropy.labels;

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
  /** No more shares than this are looked at in all corners; beyond, a bound takes their place. */
  private static final int MOST = 65_536;

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

  private double least = Double.POSITIVE_INFINITY;

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
  }

  /**
   * One chain a family; one for all, each with the greatest room, if that made too many corners.
   */
  private List<List<Integer>> chains(List<List<Integer>> families, double most) {
    List<List<Integer>> separate = families.stream().map(this::chain).toList();
    long work = floor.length;
    for (List<Integer> chain : separate) {
      work = Math.min(MOST + 1L, work * (chain.size() + 1));
    }
    if (work <= MOST) {
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
    walk(0, 0);
    return least;
  }

  /** Fills each chain from its front, as far as there is something to fill it with. */
  private void walk(int chain, double taken) {
    if (chain == chains.size()) {
      look(taken);
      return;
    }
    walk(chain + 1, taken);
    double more = taken;
    for (int label : chains.get(chain)) {
      more += room[label];
      if (more > extra + ROUNDING) {
        break;
      }
      shares[label] = floor[label] + room[label];
      walk(chain + 1, more);
    }
    for (int label : chains.get(chain)) {
      shares[label] = floor[label];
    }
  }

  /** The corner itself, and those where the next label of a chain is filled to an end. */
  private void look(double taken) {
    if (taken >= beyondPool - ROUNDING) {
      take(extra - taken);
    }
    for (List<Integer> chain : chains) {
      for (int label : chain) {
        if (shares[label] < floor[label] + room[label]) {
          fill(label, beyondPool - taken, extra - beyondPool);
          fill(label, extra - taken, 0);
          break;
        }
      }
    }
  }

  private void fill(int label, double more, double forPool) {
    if (more > 0 && more <= room[label] + ROUNDING) {
      shares[label] = floor[label] + more;
      take(forPool);
      shares[label] = floor[label];
    }
  }

  /** What is for the pool goes to the rest, or to the label that may take it. */
  private void take(double forPool) {
    least = Math.min(least, GivenEntropy.of(shares));
    if (taker >= 0) {
      shares[taker] = floor[taker] + Math.max(0, forPool);
      least = Math.min(least, GivenEntropy.of(shares));
      shares[taker] = floor[taker];
    }
  }
}
