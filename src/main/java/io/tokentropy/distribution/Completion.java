package io.tokentropy.distribution;

import io.tokentropy.kernel.Sums;
import java.util.List;

/**
 * A whole row at the edge of those that fit a list of the best k: none of them is more uneven than
 * {@link PartialDistribution#mostUneven}, none more even than {@link PartialDistribution#mostEven}.
 * A figure that only grows, or only falls, as probabilities are evened out has its ends there.
 *
 * <p>Each listed probability may be off by a relative error, and the mass of the tail by as much.
 * The most uneven row takes what that allows from all but the best token and gives it to the best;
 * the most even one takes it from all and gives it to the tail, or where that has no room to the
 * least of the list. What the best token has follows from what the others have, so that a sure row
 * keeps its digits.
 */
public final class Completion {
  private final double[] lnProbs;
  private final double[] probs;
  private final List<Tail.Level> tail;

  private Completion(double[] lnProbs, double[] probs, List<Tail.Level> tail) {
    this.lnProbs = lnProbs;
    this.probs = probs;
    this.tail = tail;
  }

  /** The listed tokens as they are. */
  static Completion of(double[] lnProbs, double[] probs, List<Tail.Level> tail) {
    return new Completion(lnProbs, probs, tail);
  }

  /**
   * For every j, the greatest sum of the best j.
   *
   * @param lnProbs of the listed tokens, the best first, at least one
   * @param error of each listed probability, relative, below 1
   * @param tail at its least mass
   */
  static Completion uneven(double[] lnProbs, double[] probs, double error, Tail tail) {
    Completion lowered = scaled(lnProbs, probs, -error, tail.packed());
    double others = tail.mass() + lowered.allButTheBest();
    if (1 - others > lowered.probs[0]) {
      lowered.lnProbs[0] = Math.log1p(-others);
      lowered.probs[0] = 1 - others;
    }
    return lowered;
  }

  /**
   * For every j, the least sum of the best j: every listed token lowered, as far as the tail takes
   * what they lose; what it does not take stays with the least of them.
   *
   * @param best how many are of the best k; one more may follow, the sampled token
   * @param tail at its greatest mass
   * @param missing what the list leaves of 1
   */
  static Completion even(
      double[] lnProbs, double[] probs, int best, double error, Tail tail, double missing) {
    double lost = missing + error * (1 - missing);
    double mass = Math.min(lost, tail.mass());
    double left = lost - mass;
    double others = mass;
    Completion row = scaled(lnProbs, probs, -error, List.of());
    double[] ln = row.lnProbs;
    double[] p = row.probs;
    for (int i = p.length - 1; i > 0 && left > 0; i--) {
      double most = 2 * error * probs[i];
      p[i] += Math.min(left, most);
      ln[i] = left < most ? Math.log(p[i]) : lnProbs[i] + Math.log1p(error);
      others += p[i];
      left -= most;
    }
    if (left > 0 && 1 - others > p[0]) {
      p[0] = 1 - others;
      ln[0] = Math.log1p(-others);
    }
    if (mass == 0) {
      levelled(ln, p, p.length, 0, 1);
      return row;
    }
    int unseen = tail.unseen().orElse(Integer.MAX_VALUE);
    boolean follows = best < p.length && probs[best] * unseen < missing;
    double level = levelled(ln, p, follows ? best : p.length, mass, unseen);
    return new Completion(ln, p, List.of(new Tail.Level(level, unseen)));
  }

  /**
   * Gives neighbours that are out of order their common mean, so that the row falls from the best
   * on.
   *
   * @param before how many of the listed tokens stand before the tail
   * @param mass of the tail
   * @param unseen how many tokens share it
   * @return the probability of each of these
   */
  private static double levelled(double[] ln, double[] p, int before, double mass, int unseen) {
    int size = p.length + 1;
    var sums = new double[size];
    var counts = new double[size];
    var ends = new int[size];
    int blocks = 0;
    for (int i = 0; i < size; i++) {
      sums[blocks] = i == before ? mass : p[i < before ? i : i - 1];
      counts[blocks] = i == before ? unseen : 1;
      while (blocks > 0 && sums[blocks] / counts[blocks] > sums[blocks - 1] / counts[blocks - 1]) {
        sums[blocks - 1] += sums[blocks];
        counts[blocks - 1] += counts[blocks];
        blocks--;
      }
      ends[blocks++] = i + 1;
    }
    double tail = mass / unseen;
    for (int block = 0, i = 0; block < blocks; block++) {
      double mean = sums[block] / counts[block];
      boolean alone = ends[block] == i + 1;
      for (; i < ends[block]; i++) {
        if (i == before) {
          tail = mean;
        } else if (!alone) {
          p[i < before ? i : i - 1] = mean;
          ln[i < before ? i : i - 1] = Math.log(mean);
        }
      }
    }
    return tail;
  }

  private static Completion scaled(
      double[] lnProbs, double[] probs, double error, List<Tail.Level> tail) {
    var ln = new double[lnProbs.length];
    var p = new double[probs.length];
    double shift = Math.log1p(error);
    for (int i = 0; i < ln.length; i++) {
      ln[i] = lnProbs[i] + shift;
      p[i] = probs[i] * (1 + error);
    }
    return new Completion(ln, p, tail);
  }

  private double allButTheBest() {
    double sum = 0;
    for (int i = 1; i < probs.length; i++) {
      sum += probs[i];
    }
    return sum;
  }

  /** How many tokens of the row were listed. */
  public int listed() {
    return lnProbs.length;
  }

  /** ln p of a listed token, the best first. */
  public double lnProb(int rank) {
    return lnProbs[rank];
  }

  /** The tokens that were not listed. */
  public List<Tail.Level> tail() {
    return tail;
  }

  /** Shannon entropy in nats, scaled to mass 1; the most probable token is left out of the sums. */
  double entropy() {
    int best = -1;
    double top = probs[0];
    double lnTop = lnProbs[0];
    for (int i = 0; i < tail.size(); i++) {
      if (tail.get(i).prob() > top) {
        best = i;
        top = tail.get(i).prob();
        lnTop = Math.log(top);
      }
    }
    double rest = 0;
    double weighted = 0;
    for (int i = best < 0 ? 1 : 0; i < probs.length; i++) {
      double e = probs[i] / top;
      rest += e;
      weighted += e * (lnTop - lnProbs[i]);
    }
    for (int i = 0; i < tail.size(); i++) {
      Tail.Level level = tail.get(i);
      double e = (level.count() - (i == best ? 1 : 0)) * level.prob() / top;
      if (e > 0) {
        rest += e;
        weighted += e * (lnTop - Math.log(level.prob()));
      }
    }
    return Sums.entropy(rest, weighted);
  }
}
