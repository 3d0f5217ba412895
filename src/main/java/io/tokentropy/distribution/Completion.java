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
 * the most even one gives to all others what it takes from the best, down to a common level. What
 * the best token has follows from what the others have, so that a sure row keeps its digits.
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
   * For every j, the least sum of the best j.
   *
   * @param tail at its greatest mass
   */
  static Completion even(double[] lnProbs, double[] probs, double error, Tail tail) {
    Completion raised = scaled(lnProbs, probs, error, tail.uniform());
    double[] p = raised.probs;
    double others = tail.mass() + raised.allButTheBest();
    double sum = Math.min(p[0], Math.max(1 - others, probs[0] * (1 - error)));
    int cut = 1;
    while (cut < p.length && sum < cut * p[cut]) {
      sum += p[cut++];
    }
    for (int i = 0; i < cut; i++) {
      p[i] = sum / cut;
      raised.lnProbs[i] = cut == 1 && sum == 1 - others ? Math.log1p(-others) : Math.log(p[i]);
    }
    return raised;
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
