package io.tokentropy.answers;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;

/**
 * Three measures of the graph of answers, by the eigenvalues λ and eigenvectors of its normalised
 * Laplacian L = I − D^−½ W D^−½, where D holds the sums of the rows of the weights W; O(N³).
 *
 * @see <a href="https://arxiv.org/abs/2305.19187">Generating with Confidence</a>
 */
public final class Spectrum {
  private final double[] degrees;
  private final double[] distances;
  private final double eigValLaplacian;
  private final double nearest;

  private Spectrum(double[] degrees, double[] distances, double eigValLaplacian, double nearest) {
    this.degrees = degrees;
    this.distances = distances;
    this.eigValLaplacian = eigValLaplacian;
    this.nearest = nearest;
  }

  /**
   * The measures of a graph.
   *
   * @param threshold of the eigenvalues whose eigenvectors count
   * @throws InvalidInput.ParameterOutOfRange if an answer is tied to none, itself included
   */
  public static Spectrum of(AnswerGraph graph, double threshold) {
    int n = graph.size();
    double[] degrees = graph.degrees();
    for (int i = 0; i < n; i++) {
      if (!(degrees[i] > 0)) {
        throw new InvalidInput.ParameterOutOfRange(
                "/" + i, "a row of zeros", "an answer that is like itself at least")
            .withHint("unit_diagonal: true sets each answer's likeness to itself to 1.");
      }
    }
    Eigen eigen = Eigen.of(laplacian(graph, degrees), true);
    double positive = 0;
    double nearest = Double.MAX_VALUE;
    var squares = new double[n];
    for (int k = 0; k < n; k++) {
      double value = eigen.values()[k];
      positive += Math.max(0, 1 - value);
      nearest = Math.min(nearest, Math.abs(value - threshold));
      if (value < threshold) {
        addSquares(eigen.vector(k), squares);
      }
    }
    double[] distances = Arrays.stream(squares).map(Math::sqrt).toArray();
    return new Spectrum(degrees, distances, positive, nearest);
  }

  /** Σ max(0, 1 − λ): a number of meanings that need not be whole, 1 to N. */
  public double eigValLaplacian() {
    return eigValLaplacian;
  }

  /** Σ (N − Dᵢᵢ) / N²: the mean distance of two answers, 0 to 1 for weights up to 1. */
  public double degMat() {
    double n = degrees.length;
    return Arrays.stream(degrees).map(degree -> n - degree).sum() / (n * n);
  }

  /**
   * ‖V − mean‖, V the eigenvectors with λ below the threshold: how far the answers are from their
   * centre, 0 to √(N − 1).
   */
  public double eccentricity() {
    return Math.sqrt(Sums.dot(distances, distances));
  }

  /** Dᵢᵢ / N of each answer. */
  public double[] degreeConfidences() {
    return Arrays.stream(degrees).map(degree -> degree / degrees.length).toArray();
  }

  /** Less the distance of each answer from the centre. */
  public double[] eccentricityConfidences() {
    return Arrays.stream(distances).map(distance -> 0 - distance).toArray();
  }

  /**
   * How far the eigenvalue nearest to the threshold is from it: eccentricity jumps where one
   * crosses.
   */
  public double nearest() {
    return nearest;
  }

  private static double[][] laplacian(AnswerGraph graph, double[] degrees) {
    int n = graph.size();
    var laplacian = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double tie = graph.weight(i, j) / Math.sqrt(degrees[i] * degrees[j]);
        laplacian[i][j] = (i == j ? 1 : 0) - tie;
      }
    }
    return laplacian;
  }

  /** Adds for each answer the square of its distance from the mean, along one eigenvector. */
  private static void addSquares(double[] vector, double[] squares) {
    double mean = Arrays.stream(vector).sum() / vector.length;
    for (int i = 0; i < squares.length; i++) {
      squares[i] += (vector[i] - mean) * (vector[i] - mean);
    }
  }
}
