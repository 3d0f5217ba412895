package io.tokentropy.comparison;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.refusal.InvalidInput;
import java.util.function.IntToDoubleFunction;

/**
 * Rényi's divergence and cross-entropy of one order between a reference p and a candidate q, in
 * nats. Of order 1 they are KL(p‖q) and −Σ p ln q; the divergence rises with the order.
 *
 * @param order a, in [0, ∞]
 * @see "A. Rényi, On measures of entropy and information, 1961"
 */
public record Renyi(double order) {
  private static final double SMALL = 0.5;
  private static final int TERMS = 18;

  public Renyi {
    if (!(order >= 0)) {
      throw new InvalidInput.ParameterOutOfRange("", order, "at least 0, or \"inf\"");
    }
  }

  /**
   * ln(Σ pᵃ q^(1−a)) / (a − 1), ≥ 0; +∞ where p and q have no token in common, and from a = 1 on
   * where p can be what q cannot. With p and q both of sum 1 it is ln(1 + (a − 1) Σ q ψ) / (a − 1)
   * with ψ = (e^(at) − 1 − a (eᵗ − 1)) / (a − 1) ≥ 0 and t = ln(p/q), which does not cancel.
   */
  public double divergence(Contrast pair) {
    if (order == 1) {
      return pair.kl();
    }
    if (order == Double.POSITIVE_INFINITY) {
      return greatestRatio(pair);
    }
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      Contrast.stopIfUnwanted(i);
      double lnRatio = pair.lnRatio(i);
      if (lnRatio == Double.POSITIVE_INFINITY) {
        if (order > 1) {
          return lnRatio;
        }
        sum += order * pair.p(i) / (1 - order);
      } else {
        sum += lnRatio == Double.NEGATIVE_INFINITY ? pair.q(i) : pair.q(i) * excess(lnRatio);
      }
    }
    return ln(
            (order - 1) * sum,
            pair.size(),
            i ->
                Double.isInfinite(pair.lnRatio(i))
                    ? Double.NEGATIVE_INFINITY
                    : order * pair.lnP(i) + (1 - order) * pair.lnQ(i))
        / (order - 1);
  }

  /** ψ. */
  private double excess(double t) {
    if (Math.abs(t) * Math.max(1, order) >= SMALL) {
      return Math.exp(t) * Math.expm1((order - 1) * t) / (order - 1) - Math.expm1(t);
    }
    double sum = 0;
    double power = t;
    double coefficient = 1;
    for (int n = 2; n <= TERMS; n++) {
      power *= t / n;
      sum += order * coefficient * power;
      coefficient = coefficient * order + 1;
    }
    return sum;
  }

  /** The most that a token is more probable in p than in q: ln max p/q. */
  private static double greatestRatio(Contrast pair) {
    double greatest = 0;
    for (int i = 0; i < pair.size(); i++) {
      greatest = Math.max(greatest, pair.lnRatio(i));
    }
    return greatest;
  }

  /**
   * ln(Σ p q^(a−1)) / (1 − a); +∞ where p and q have no token in common, and up to a = 1 where p
   * can be what q cannot.
   */
  public double crossEntropy(Contrast pair) {
    double least = Double.POSITIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      Contrast.stopIfUnwanted(i);
      double lnRatio = pair.lnRatio(i);
      boolean alone = lnRatio == Double.POSITIVE_INFINITY;
      if (alone && order <= 1) {
        return lnRatio;
      }
      if (alone) {
        sum -= pair.p(i);
      } else if (pair.p(i) > 0) {
        least = Math.min(least, -pair.lnQ(i));
        sum += order == 1 ? -pair.p(i) * pair.lnQ(i) : pair.p(i) * powerLessOne(pair.lnQ(i));
      }
    }
    if (order == 1) {
      return sum;
    }
    if (order == Double.POSITIVE_INFINITY) {
      return least;
    }
    return ln(
            sum,
            pair.size(),
            i ->
                pair.p(i) > 0 && pair.lnRatio(i) < Double.POSITIVE_INFINITY
                    ? pair.lnP(i) + (order - 1) * pair.lnQ(i)
                    : Double.NEGATIVE_INFINITY)
        / (1 - order);
  }

  /** q^(a−1) − 1. */
  private double powerLessOne(double lnQ) {
    return Math.expm1((order - 1) * lnQ);
  }

  /** ln(1 + x), where x is too far from 0 or too large for that by the logarithms of its terms. */
  private static double ln(double x, int terms, IntToDoubleFunction lnTerm) {
    if (Math.abs(x) <= SMALL) {
      return Math.log1p(x);
    }
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < terms; i++) {
      greatest = Math.max(greatest, lnTerm.applyAsDouble(i));
    }
    if (greatest == Double.NEGATIVE_INFINITY) {
      return greatest;
    }
    double sum = 0;
    for (int i = 0; i < terms; i++) {
      sum += Math.exp(lnTerm.applyAsDouble(i) - greatest);
    }
    return greatest + Math.log(sum);
  }
}
