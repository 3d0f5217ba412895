package io.tokentropy.labels;

import io.tokentropy.distribution.Interval;
import java.util.Arrays;
import java.util.List;

/**
 * All the ways in which a probability of 1 may be shared by some labels and the rest of the
 * vocabulary. Each has at least its floor; what the floors leave of 1 is given to them in any way
 * that leaves each, and those that take from one pool together, within its room.
 *
 * <p>Floors and rooms that are nested like this make a polymatroid: a linear figure is greatest
 * where one after the other, by falling weight, takes all that it can ({@link #filled}). So are
 * quotients of linear figures, as the weights only have to be right at the greatest value.
 */
final class Shares {
  private final double[] floor;
  private final double[] room;
  private final boolean[] pooled;
  private final double pool;
  private final double extra;

  /** Labels that have the same number of unseen tokens stand in the same family. */
  private final int[] family;

  /** The rooms of those beside the pool. */
  private final double beside;

  /** How many labels take from the pool. */
  private final int open;

  private Shares(
      double[] floor, double[] room, boolean[] pooled, double pool, double extra, int[] family) {
    this.floor = floor;
    this.room = room;
    this.pooled = pooled;
    this.pool = pool;
    this.extra = extra;
    this.family = family;
    double rooms = 0;
    int takers = 0;
    for (int i = 0; i < family.length; i++) {
      rooms += pooled[i] ? 0 : room[i];
      takers += pooled[i] ? 1 : 0;
    }
    this.beside = rooms;
    this.open = takers;
  }

  /** Shares that are known. */
  static Shares exactly(double[] shares, double rest) {
    double[] floor = Arrays.copyOf(shares, shares.length + 1);
    floor[shares.length] = rest;
    return new Shares(
        floor, new double[floor.length], new boolean[floor.length], 0, 0, new int[shares.length]);
  }

  /**
   * Shares of a row of which not all tokens are seen.
   *
   * @param rest Σp of what is seen and belongs to no label
   * @param hidden what is not seen
   * @param factor what each probability that is seen may have to be multiplied with
   */
  static Shares of(List<Claim> claims, double rest, Hidden hidden, Interval factor) {
    double width = factor.high() - factor.low();
    int n = claims.size();
    var floor = new double[n + 1];
    var room = new double[n + 1];
    var pooled = new boolean[n + 1];
    var family = new int[n];
    double listed = rest;
    double pool = hidden.room(claims) + width * rest;
    for (int i = 0; i < n; i++) {
      Claim claim = claims.get(i);
      double mass = claim.mass();
      listed += mass;
      floor[i] = mass * factor.low();
      pooled[i] = claim.open();
      family[i] = claim.open() ? -1 : claim.unseen();
      room[i] =
          width * mass + (claim.open() ? Double.POSITIVE_INFINITY : claim.unseen() * hidden.cap());
      pool += claim.open() ? width * mass : 0;
    }
    floor[n] = rest * factor.low();
    room[n] = Double.POSITIVE_INFINITY;
    pooled[n] = true;
    return new Shares(
        floor, room, pooled, pool, hidden.mass() + (1 - factor.low()) * listed, family);
  }

  /**
   * What is not seen of a row.
   *
   * @param mass its probability
   * @param cap what each of its tokens has at most
   * @param tokens how many they are; +∞ if nobody knows
   */
  record Hidden(double mass, double cap, double tokens) {
    /** What the tokens can hold that no label names. */
    private double room(List<Claim> claims) {
      double named = claims.stream().mapToInt(Claim::unseen).sum();
      return cap == 0 ? 0 : Math.max(0, tokens - named) * cap;
    }
  }

  /** How many labels there are. */
  int labels() {
    return family.length;
  }

  /** Whether there is but one way. */
  boolean isExact() {
    return extra == 0;
  }

  /** What each label has at least, in a fresh array. */
  double[] floors() {
    return Arrays.copyOf(floor, labels());
  }

  /** What a label may have above its floor. */
  double room(int label) {
    return Math.min(extra, pooled[label] ? Math.min(room[label], pool) : room[label]);
  }

  /** Labels of one family have the same room but for the error of what is seen. */
  int family(int label) {
    return family[label];
  }

  /** Whether what a label may have above its floor comes from the pool, as with the rest. */
  boolean pooled(int label) {
    return pooled[label];
  }

  /** What is to be shared above the floors. */
  double extra() {
    return extra;
  }

  /** What of it the pool cannot take, so that labels beside it must. */
  double beyondPool() {
    return Math.max(0, extra - pool);
  }

  /** One after the other takes all that it can; the rest of the vocabulary is number n. */
  double[] filled(int[] order) {
    double[] shares = floor.clone();
    double left = extra;
    double leftInPool = pool;
    for (int i : order) {
      double taken = Math.min(left, room[i]);
      if (pooled[i]) {
        taken = Math.min(taken, leftInPool);
        leftInPool -= taken;
      }
      shares[i] += taken;
      left -= taken;
    }
    shares[labels()] += left;
    return shares;
  }

  /** What all but one label can take, or all labels, without the rest as number n. */
  private double others(int i) {
    if (i == labels()) {
      return beside + (open > 0 ? pool : 0);
    }
    return Math.max(0, beside - (pooled[i] ? 0 : room[i])) + pool;
  }

  /** What all labels but one can take. */
  private double otherLabels(int label) {
    boolean pools = open > (pooled[label] ? 1 : 0);
    return Math.max(0, beside - (pooled[label] ? 0 : room[label])) + (pools ? pool : 0);
  }

  /** The probability of one label, or of the rest of the vocabulary as number n. */
  Interval share(int i) {
    double low = floor[i] + Math.max(0, extra - others(i));
    return isExact()
        ? Interval.exactly(Math.min(1, floor[i]))
        : new Interval(low, Math.min(1, Math.max(low, floor[i] + room(i))));
  }

  /** The least and the greatest sum of all labels. */
  Interval sum() {
    double floors = floorsWithout(labels());
    double low = floors + Math.max(0, extra - pool);
    return isExact()
        ? Interval.exactly(floors)
        : new Interval(low, floors + Math.min(extra, others(labels())));
  }

  private double floorsWithout(int label) {
    double sum = 0;
    for (int i = 0; i < labels(); i++) {
      sum += i == label ? 0 : floor[i];
    }
    return sum;
  }

  /**
   * One label's share and the sum of the others', the one as great and the other as small as can be
   * at once: the label takes what it can, then the rest of the vocabulary.
   */
  double[] outward(int label) {
    double taken = room(label);
    double left = extra - taken - (pooled[label] ? pool - taken : pool);
    return new double[] {floor[label] + taken, floorsWithout(label) + Math.max(0, left)};
  }

  /** The same with the label's share as small as can be, and that of the others as great. */
  double[] inward(int label) {
    return new double[] {
      floor[label] + Math.max(0, extra - others(label)),
      floorsWithout(label) + Math.min(extra, otherLabels(label))
    };
  }

  /** By how much one label is above the best of the others, of which there is at least one. */
  Interval margin(int label) {
    double low = Double.POSITIVE_INFINITY;
    for (int i = 0; i < labels(); i++) {
      if (i != label) {
        low = Math.min(low, leastAbove(label, i));
      }
    }
    return isExact() ? Interval.exactly(low) : new Interval(low, greatestMargin(label));
  }

  /** The other takes what it can, then all but the label. */
  private double leastAbove(int label, int other) {
    double left = Math.max(0, extra - others(label));
    return floor[label] + left - floor[other] - room(other);
  }

  /**
   * The label takes what it can, then the rest of the vocabulary, which empties the pool; what is
   * left then raises the lowest of the others.
   */
  private double greatestMargin(int label) {
    double taken = room(label);
    double left = extra - taken - (pooled[label] ? pool - taken : pool);
    int n = labels();
    var low = new double[n - 1];
    var high = new double[n - 1];
    double floors = 0;
    for (int i = 0; i < n; i++) {
      if (i != label) {
        int at = i < label ? i : i - 1;
        low[at] = floor[i];
        high[at] = pooled[i] ? floor[i] : floor[i] + room[i];
        floors += floor[i];
      }
    }
    double[] others = left > 0 ? Level.shares(low, high, Level.of(low, high, floors + left)) : low;
    double second = Arrays.stream(others).max().orElseThrow();
    return floor[label] + taken - second;
  }
}
