package io.tokentropy.ensemble;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;

/**
 * What data say of the members of an ensemble: weights in proportion to prior · e^(log-likelihood),
 * and what the mixture lost against the best of them, which is ln of how much more probable the
 * best made the data: at most −ln of its prior.
 *
 * @see <a href="https://arxiv.org/abs/2506.07661">A universality lens</a>
 */
public final class Evidence {
  private final double[] weights;
  private final double logEvidence;
  private final double regret;
  private final double regretBound;
  private final int bestMember;

  private Evidence(
      double[] weights, double logEvidence, double regret, double regretBound, int bestMember) {
    this.weights = weights;
    this.logEvidence = logEvidence;
    this.regret = regret;
    this.regretBound = regretBound;
    this.bestMember = bestMember;
  }

  /**
   * Evidence of a mixture.
   *
   * @param logLikelihoods natural log, one a member; −∞ for one that rules the data out
   * @param prior shares that sum to 1
   * @throws InvalidInput.ParameterOutOfRange if no member that the prior allows allows the data
   */
  public static Evidence of(double[] logLikelihoods, double[] prior) {
    int best = 0;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < prior.length; i++) {
      if (logLikelihoods[i] > logLikelihoods[best]) {
        best = i;
      }
      if (prior[i] > 0) {
        greatest = Math.max(greatest, logLikelihoods[i]);
      }
    }
    if (greatest == Double.NEGATIVE_INFINITY) {
      throw new InvalidInput.ParameterOutOfRange(
          "", "no member that may have made the data", "one above -Infinity whose prior is not 0");
    }
    // Against the best that the prior allows: 1 + excess = Σ prior · e^(difference), which is tiny
    // beside 1 where one member has all the prior.
    double excess = 0;
    var weights = new double[prior.length];
    for (int i = 0; i < prior.length; i++) {
      double difference = logLikelihoods[i] - greatest;
      if (prior[i] > 0) {
        excess += prior[i] * Math.expm1(difference);
        weights[i] = prior[i] * Math.exp(difference);
      }
    }
    double lnMixed = excess > -0.5 ? Math.log1p(excess) : Math.log(Sums.of(weights));
    double lost = logLikelihoods[best] - greatest;
    return new Evidence(
        Shares.of(weights),
        greatest + lnMixed,
        Math.max(0, lost - lnMixed),
        -Math.log(prior[best]),
        best);
  }

  /** The posterior, which sums to 1. */
  public double[] weights() {
    return weights;
  }

  /** ln Σ prior · e^(log-likelihood), in nats. */
  public double logEvidence() {
    return logEvidence;
  }

  /** Of the mixture against the best member, in nats, ≥ 0. */
  public double regret() {
    return regret;
  }

  /** −ln of the best member's prior, in nats; +∞ if that is 0. */
  public double regretBound() {
    return regretBound;
  }

  /** The one of the greatest log-likelihood; of several, the first. */
  public int bestMember() {
    return bestMember;
  }
}
