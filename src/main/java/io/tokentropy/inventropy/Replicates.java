package io.tokentropy.inventropy;

import io.tokentropy.refusal.Wanted;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Several answers a prompt: the framework for every draw of one answer each. The prompts' chain is
 * the same in all of them.
 *
 * @see <a href="https://arxiv.org/abs/2506.09684">Inv-Entropy, equation (6)</a>
 */
public final class Replicates {
  private final List<InvEntropy> draws;

  private Replicates(List<InvEntropy> draws) {
    this.draws = draws;
  }

  /**
   * The framework of every draw.
   *
   * @param x the prompts, N of them
   * @param answers all M answers
   */
  public static Replicates of(
      Transitions x,
      Similarities answers,
      Groups groups,
      Draws draws,
      Transitions.ZeroRow zeroRow,
      InvEntropy.MarginalX kind) {
    double[][] columns = x.columns();
    var all = new ArrayList<InvEntropy>(draws.size());
    for (int[] positions : draws.picks()) {
      Wanted.orStop();
      Transitions y = Transitions.of(answers, groups.at(positions), zeroRow);
      all.add(InvEntropy.of(x, columns, y, kind));
    }
    return new Replicates(all);
  }

  /**
   * Each prompt as often as it has answers, for all of them at once: M states, on the scale ln M.
   */
  public static Similarities repeated(Similarities prompts, Groups groups) {
    return prompts.at(groups.owners());
  }

  /** The framework of each draw. */
  public List<InvEntropy> draws() {
    return List.copyOf(draws);
  }

  /** The mean of a score over the draws. */
  public double mean(ToDoubleFunction<InvEntropy> score) {
    double sum = 0;
    for (InvEntropy draw : draws) {
      sum += score.applyAsDouble(draw);
    }
    return sum / draws.size();
  }

  /** The standard deviation of a score over the draws, divided by their number. */
  public double deviation(ToDoubleFunction<InvEntropy> score) {
    double mean = mean(score);
    double sum = 0;
    for (InvEntropy draw : draws) {
      double distance = score.applyAsDouble(draw) - mean;
      sum += distance * distance;
    }
    return Math.sqrt(sum / draws.size());
  }
}
