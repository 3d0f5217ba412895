package io.tokentropy.comparison;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.refusal.InvalidInput;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The list-wise loss of Plackett–Luce distillation at one position: a teacher p ranks the tokens,
 * the label first and the others by falling p, and a student q pays at each rank, weighted by p,
 * for what it prefers to the token there among those from that rank on.
 *
 * @see <a href="https://arxiv.org/abs/2506.12542">PLD</a>
 */
public final class PlackettLuce {
  private PlackettLuce() {}

  /**
   * Σ p (logsumexp of the student's logits from this rank on − its own), from the last rank back;
   * O(V log V). Equal tokens of the teacher go by token id.
   *
   * @param pair the teacher, and the student
   * @param label a token id
   * @return nats, ≥ 0; +∞ if the student rules out a token that the teacher does not
   * @throws InvalidInput.ParameterOutOfRange if there is no such token
   */
  public static double loss(Contrast pair, int label) {
    if (label < 0 || label >= pair.size()) {
      throw new InvalidInput.ParameterOutOfRange(
          "", label, "a token id from 0 to " + (pair.size() - 1));
    }
    int[] ranked =
        IntStream.range(0, pair.size())
            .filter(id -> id != label)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -pair.lnP(id)))
            .mapToInt(Integer::intValue)
            .toArray();
    double loss = 0;
    double behind = Double.NEGATIVE_INFINITY;
    for (int rank = ranked.length - 1; rank >= 0; rank--) {
      Contrast.stopIfUnwanted(rank);
      double score = pair.lnQ(ranked[rank]);
      loss += cost(pair.p(ranked[rank]), score, behind);
      behind = logSumExp(score, behind);
    }
    return loss + cost(pair.p(label), pair.lnQ(label), behind);
  }

  /** p ln(1 + e^(behind − score)), 0 where the teacher does not care. */
  private static double cost(double p, double score, double behind) {
    if (p == 0 || score == Double.NEGATIVE_INFINITY) {
      return p == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double lead = behind - score;
    return p * (lead > 0 ? lead + Math.log1p(Math.exp(-lead)) : Math.log1p(Math.exp(lead)));
  }

  private static double logSumExp(double a, double b) {
    double greatest = Math.max(a, b);
    return greatest == Double.NEGATIVE_INFINITY
        ? greatest
        : greatest + Math.log1p(Math.exp(-Math.abs(a - b)));
  }
}
