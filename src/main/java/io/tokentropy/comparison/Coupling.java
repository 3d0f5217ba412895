package io.tokentropy.comparison;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.Wanted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * A way to draw two tokens together, one from each of two distributions, which need not be over the
 * same tokens. Masses are right to {@link #NOTHING}.
 *
 * @param cells of both tokens with the mass of drawing them together, above 0, by the first token
 *     and then the second; at most as many as both have tokens, less one
 * @param jointEntropy of the pair, in nats
 * @param lowerBound the greater of both entropies, in nats: no coupling has less
 * @param mutualInformation what one token says of the other, in nats: both entropies − the joint
 */
public record Coupling(
    List<Cell> cells, double jointEntropy, double lowerBound, double mutualInformation) {
  /** A mass below this is rounding. */
  static final double NOTHING = 1e-15;

  /** Two tokens and the mass of drawing them together. */
  public record Cell(int first, int second, double mass) {}

  /** Which of all the couplings. */
  public enum Kind {
    /** The two are the same token as often as can be: with probability Σ min(p, q). */
    MAXIMAL,
    /**
     * As little entropy as the greedy rule reaches, which is within 1 bit of the least: the largest
     * masses that are left of both are matched, the smaller is taken off both, and so on.
     */
    MINIMUM_ENTROPY;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is left of one distribution, the largest mass first; of equal ones, the lowest id. */
  private record Left(int id, double mass) {
    static final Comparator<Left> LARGEST =
        Comparator.comparingDouble(Left::mass).reversed().thenComparingInt(Left::id);
  }

  /**
   * A coupling; O(V log V). Of the maximal one, what both do not share is matched greedily, so that
   * it has few cells; speculative sampling draws that part of both independently.
   *
   * @see <a href="https://arxiv.org/abs/2410.21666">Minimum entropy coupling with bottleneck</a>
   */
  public static Coupling of(Distribution first, Distribution second, Kind kind) {
    double[] p = first.probs();
    double[] q = second.probs();
    var cells = new ArrayList<Cell>();
    if (kind == Kind.MAXIMAL) {
      for (int i = 0; i < Math.min(p.length, q.length); i++) {
        double shared = Math.min(p[i], q[i]);
        if (shared > 0) {
          cells.add(new Cell(i, i, shared));
          p[i] -= shared;
          q[i] -= shared;
        }
      }
    }
    match(queue(p), queue(q), cells);
    cells.sort(Comparator.comparingInt(Cell::first).thenComparingInt(Cell::second));
    double joint = entropy(cells);
    double firstAlone = first.entropy().low();
    double secondAlone = second.entropy().low();
    double bound = Math.max(firstAlone, secondAlone);
    return new Coupling(cells, joint, bound, Math.max(0, firstAlone + secondAlone - joint));
  }

  /** What the coupling has beyond the lower bound, in nats. */
  public double gap() {
    return Math.max(0, jointEntropy - lowerBound);
  }

  private static PriorityQueue<Left> queue(double[] masses) {
    var queue = new PriorityQueue<Left>(Left.LARGEST);
    for (int i = 0; i < masses.length; i++) {
      if (masses[i] > 0) {
        queue.add(new Left(i, masses[i]));
      }
    }
    return queue;
  }

  private static void match(PriorityQueue<Left> p, PriorityQueue<Left> q, List<Cell> cells) {
    while (!p.isEmpty() && !q.isEmpty()) {
      Wanted.orStop();
      Left first = p.remove();
      Left second = q.remove();
      double mass = Math.min(first.mass(), second.mass());
      if (mass <= NOTHING) {
        return;
      }
      cells.add(new Cell(first.id(), second.id(), mass));
      giveBack(p, first, mass);
      giveBack(q, second, mass);
    }
  }

  private static void giveBack(PriorityQueue<Left> queue, Left left, double taken) {
    if (left.mass() - taken > NOTHING) {
      queue.add(new Left(left.id(), left.mass() - taken));
    }
  }

  /** Of the masses, made to sum to 1; the greatest is left out of the sums, as in rows. */
  private static double entropy(List<Cell> cells) {
    int greatest = 0;
    for (int i = 1; i < cells.size(); i++) {
      greatest = cells.get(i).mass() > cells.get(greatest).mass() ? i : greatest;
    }
    double rest = 0;
    double weighted = 0;
    for (int i = 0; i < cells.size(); i++) {
      if (i != greatest) {
        double relative = cells.get(i).mass() / cells.get(greatest).mass();
        rest += relative;
        weighted += Sums.surprise(relative);
      }
    }
    return Sums.entropy(rest, weighted);
  }
}
