package io.tokentropy.inventropy;

import io.tokentropy.kernel.Sums;
import java.util.Arrays;
import java.util.Locale;

/**
 * Inv-Entropy: how much the prompts can be told apart from the answers. Prompts and answers are
 * states of two Markov chains; an answer leads back to its own prompt with the probability {@code
 * d_i = P(x_i | y_i)}, one step by the answers and one by the prompts, and the score is {@code -
 * sum d_i ln d_i}. The scalars take O(N²): only the diagonal of the product of the two matrices is
 * needed.
 *
 * <p>The {@code d_i} are no distribution and do not sum to 1. The score is ln N when the answers
 * say nothing of the prompts, and rises with their dispersion while every {@code d_i} is below 1/e
 * ({@link #monotone()}).
 *
 * @see <a href="https://arxiv.org/abs/2506.09684">Inv-Entropy: A Fully Probabilistic Framework for
 *     Uncertainty Quantification in Language Models</a>
 */
public final class InvEntropy {
  private static final double ONE_OVER_E = 1 / Math.E;

  private final double[] xGivenY;
  private final double[] yGivenX;
  private final double[] marginalX;
  private final double[] marginalY;

  private InvEntropy(double[] xGivenY, double[] yGivenX, double[] marginalX, double[] marginalY) {
    this.xGivenY = xGivenY;
    this.yGivenX = yGivenX;
    this.marginalX = marginalX;
    this.marginalY = marginalY;
  }

  /** How P(X) is made; Inv-Entropy itself does not depend on it. */
  public enum MarginalX {
    /** {@code pi Py Py Px}: total probability, so that P(Y|X) is a distribution. */
    BAYES,
    /** {@code pi Py Px}, as the paper prints it. */
    PAPER;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The framework for prompts {@code x} and their answers {@code y}, of the same number N. */
  public static InvEntropy of(Transitions x, Transitions y, MarginalX kind) {
    return of(x, x.columns(), y, kind);
  }

  /** The same with the columns of {@code x} at hand, for many draws of {@code y}. */
  static InvEntropy of(Transitions x, double[][] xColumns, Transitions y, MarginalX kind) {
    int n = x.size();
    var uniform = new double[n];
    Arrays.fill(uniform, 1.0 / n);
    double[] marginalY = y.step(uniform);
    double[] marginalX = x.step(kind == MarginalX.BAYES ? y.step(marginalY) : marginalY);
    var xGivenY = new double[n];
    var yGivenX = new double[n];
    for (int i = 0; i < n; i++) {
      xGivenY[i] = Sums.dot(y.row(i), xColumns[i]);
      yGivenX[i] = marginalX[i] > 0 ? xGivenY[i] * marginalY[i] / marginalX[i] : 0;
    }
    return new InvEntropy(xGivenY, yGivenX, marginalX, marginalY);
  }

  /** N. */
  public int size() {
    return xGivenY.length;
  }

  /** Inv-Entropy in nats, equation (5); between 0 and N/e. */
  public double invEntropy() {
    return surprise(xGivenY);
  }

  /** NI-Entropy in nats: equation (5) with P(y_i | x_i). */
  public double niEntropy() {
    return surprise(yGivenX);
  }

  private static double surprise(double[] diagonal) {
    double sum = 0;
    for (double d : diagonal) {
      sum += Sums.surprise(d);
    }
    return sum;
  }

  /** The largest P(y_i | x_i), the paper's MAX-py-x. */
  public double maxPyGivenX() {
    return Arrays.stream(yGivenX).max().orElseThrow();
  }

  /** The largest P(y_i), which the authors' code calls MAX-py-x. */
  public double maxPy() {
    return Arrays.stream(marginalY).max().orElseThrow();
  }

  /**
   * Mean distance of the sorted masses of P(X) and P(Y), the authors' WD-px-py; blind to which
   * state holds the mass.
   */
  public double wdSortedMasses() {
    double[] x = marginalX.clone();
    double[] y = marginalY.clone();
    Arrays.sort(x);
    Arrays.sort(y);
    return distance(x, y) / x.length;
  }

  /** Half the sum of |P(x_i) - P(y_i)|. */
  public double totalVariation() {
    return distance(marginalX, marginalY) / 2;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  /** Jensen-Shannon divergence of P(X) and P(Y), in nats. */
  public double jensenShannon() {
    double sum = 0;
    for (int i = 0; i < marginalX.length; i++) {
      double mean = (marginalX[i] + marginalY[i]) / 2;
      sum += Sums.surprise(mean) - (Sums.surprise(marginalX[i]) + Sums.surprise(marginalY[i])) / 2;
    }
    return Math.max(0, sum);
  }

  /** Whether every P(x_i | y_i) is below 1/e, where the score rises with dispersion. */
  public boolean monotone() {
    return Arrays.stream(xGivenY).allMatch(d -> d < ONE_OVER_E);
  }

  /** P(x_i | y_i). */
  public double[] diagXGivenY() {
    return xGivenY.clone();
  }

  /** P(y_i | x_i). */
  public double[] diagYGivenX() {
    return yGivenX.clone();
  }

  /** P(x_i). */
  public double[] marginalX() {
    return marginalX.clone();
  }

  /** P(y_i). */
  public double[] marginalY() {
    return marginalY.clone();
  }
}
