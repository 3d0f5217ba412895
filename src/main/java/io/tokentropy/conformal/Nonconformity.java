package io.tokentropy.conformal;

import io.tokentropy.refusal.InvalidInput;

/**
 * How badly a label fits a row of probabilities. Labels are ranked by falling probability, equal
 * ones by their index; no score falls as the rank goes down, so that the labels up to any score are
 * the best few.
 *
 * @see <a href="https://arxiv.org/abs/2107.07511">A gentle introduction to conformal prediction</a>
 */
public sealed interface Nonconformity {
  /**
   * The score of the label at a rank.
   *
   * @param prob its probability
   * @param upTo the mass of the ranks up to and with it
   * @param rank from 1
   * @param u in [0, 1], which share of its own mass does not count; 0 where nothing is drawn
   */
  double at(double prob, double upTo, int rank, double u);

  /** Whether {@code u} counts. */
  boolean takesDraws();

  /** LAC: 1 − p of the label. The smallest sets on average, and the least even ones. */
  record Lac() implements Nonconformity {
    @Override
    public double at(double prob, double upTo, int rank, double u) {
      return 1 - prob;
    }

    @Override
    public boolean takesDraws() {
      return false;
    }
  }

  /** APS: the mass of the ranks up to and with the label, less u times its own. */
  record Aps() implements Nonconformity {
    @Override
    public double at(double prob, double upTo, int rank, double u) {
      return upTo - u * prob;
    }

    @Override
    public boolean takesDraws() {
      return true;
    }
  }

  /**
   * RAPS: that of APS and λ · max(0, rank − k), which keeps long tails out. u multiplies the mass
   * alone, as in the paper; the tutorial's notebook multiplies the penalty as well.
   *
   * @param lambda at least 0
   * @param kReg k, at least 0: ranks that cost nothing
   */
  record Raps(double lambda, int kReg) implements Nonconformity {
    public Raps {
      if (!(lambda >= 0 && lambda <= GREATEST_LAMBDA)) {
        throw new InvalidInput.ParameterOutOfRange(
            "/lambda", lambda, "between 0 and " + GREATEST_LAMBDA);
      }
      if (kReg < 0) {
        throw new InvalidInput.ParameterOutOfRange("/k_reg", kReg, "at least 0");
      }
    }

    @Override
    public double at(double prob, double upTo, int rank, double u) {
      return upTo - u * prob + lambda * Math.max(0, (long) rank - kReg);
    }

    @Override
    public boolean takesDraws() {
      return true;
    }
  }

  /** From far below here on RAPS keeps the best k alone; scores stay finite. */
  double GREATEST_LAMBDA = 1e6;
}
