package io.tokentropy.comparison;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.List;

/**
 * An upper bound of the earth mover's distance between a reference p and a candidate q, where
 * moving a token costs 1 less the cosine of the two embeddings: DEMD = Σᵢⱼ qᵢ pⱼ (1 − cos(eᵢ, eⱼ)).
 * It is that of moving without regard to what is there already, so it is 0 for p = q only where p
 * is sure; for a sure p it is the distance itself.
 *
 * <p>1 − cos is ½ |êᵢ − êⱼ|², so with all vectors measured from that of p's best token the sum is ½
 * Σ q |d|² + ½ Σ p |d|² − ⟨Σ q d, Σ p d⟩, which keeps its digits where they are alike; O(V ·
 * dimensions).
 *
 * @see <a href="https://arxiv.org/abs/2310.04691">EMO</a>
 */
public final class EarthMover {
  private final double distance;
  private final double[] gradient;

  private EarthMover(double distance, double[] gradient) {
    this.distance = distance;
    this.gradient = gradient;
  }

  /**
   * The bound with its gradient.
   *
   * @param embeddings a vector a token, all of one length, of any norm above 0
   * @throws InvalidInput.ShapeMismatch if there are more or fewer vectors than tokens
   * @throws InvalidInput.RaggedRows if the lengths differ
   * @throws InvalidInput.ParameterOutOfRange on a vector of zeros, which has no direction
   */
  public static EarthMover of(Contrast pair, List<double[]> embeddings) {
    int size = pair.size();
    if (embeddings.size() != size) {
      throw new InvalidInput.ShapeMismatch(
          "", "found " + embeddings.size() + " vectors for " + size + " tokens");
    }
    double[] centre = direction(embeddings, pair.top());
    var offsets = new double[size][];
    var half = new double[size];
    var towardsP = new double[centre.length];
    var towardsQ = new double[centre.length];
    double spreadP = 0;
    double spreadQ = 0;
    for (int i = 0; i < size; i++) {
      Contrast.stopIfUnwanted(i);
      double[] offset = direction(embeddings, i);
      if (offset.length != centre.length) {
        throw new InvalidInput.RaggedRows("/" + i, offset.length, centre.length);
      }
      double p = pair.p(i);
      double q = pair.q(i);
      double square = 0;
      for (int d = 0; d < centre.length; d++) {
        offset[d] -= centre[d];
        square += offset[d] * offset[d];
        towardsP[d] += p * offset[d];
        towardsQ[d] += q * offset[d];
      }
      offsets[i] = offset;
      half[i] = square / 2;
      spreadP += p * half[i];
      spreadQ += q * half[i];
    }
    double distance = Math.max(0, spreadQ + spreadP - Sums.dot(towardsQ, towardsP));
    var gradient = new double[size];
    for (int i = 0; i < size; i++) {
      double cost = half[i] + spreadP - Sums.dot(offsets[i], towardsP);
      gradient[i] = pair.q(i) * (cost - distance);
    }
    return new EarthMover(distance, gradient);
  }

  private static double[] direction(List<double[]> embeddings, int id) {
    double[] unit = Similarities.unit(embeddings.get(id));
    boolean zero = true;
    for (double x : unit) {
      zero &= x == 0;
    }
    if (zero) {
      throw new InvalidInput.ParameterOutOfRange(
          "/" + id, "a vector without a direction", "at least one number that is not 0");
    }
    return unit;
  }

  /** DEMD, in [0, 2]. */
  public double distance() {
    return distance;
  }

  /** By each of the candidate's logits: qᵢ (cᵢ − DEMD), cᵢ being what moving to token i costs. */
  public double[] gradient() {
    return gradient;
  }
}
