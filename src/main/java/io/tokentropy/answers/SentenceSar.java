package io.tokentropy.answers;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;

/**
 * SentenceSAR: an answer is likelier for what says nearly the same. −mean ln(pⱼ + Σ s(j, k) pₖ / t)
 * over the other answers k, with p = e^−energy; computed with logarithms, so that long answers do
 * not vanish. SAR is the same with TokenSAR for energies.
 *
 * @see <a href="https://arxiv.org/abs/2307.01379">Shifting Attention to Relevance</a>
 */
public final class SentenceSar {
  private SentenceSar() {}

  /**
   * The measure of N answers; O(N²).
   *
   * @param energies −ln p of each answer, nats
   * @param similarities of each pair
   * @param t how much less the likeness of others counts, above 0
   * @return nats, from −ln(1 + (N − 1) / t) for energies of at least 0 and likeness of at most 1
   * @throws InvalidInput.ShapeMismatch if the sizes differ
   */
  public static double of(double[] energies, Similarities similarities, double t) {
    int n = energies.length;
    if (similarities.size() != n) {
      throw new InvalidInput.ShapeMismatch(
          "", "found " + n + " energies for " + similarities.size() + " answers");
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double[] like = similarities.row(j);
      double least = energies[j];
      for (int k = 0; k < n; k++) {
        least = like[k] > 0 ? Math.min(least, energies[k]) : least;
      }
      double scaled = Math.exp(least - energies[j]);
      for (int k = 0; k < n; k++) {
        scaled += k != j && like[k] > 0 ? like[k] / t * Math.exp(least - energies[k]) : 0;
      }
      sum += least - Math.log(scaled);
    }
    return sum / n;
  }
}
