package io.tokentropy.answers;

import io.tokentropy.kernel.Sums;
import java.util.Arrays;

/** Kernel language entropy: the von Neumann entropy of a heat kernel over the graph of answers. */
public final class KernelEntropy {
  private KernelEntropy() {}

  /**
   * The entropy −Σ μ ln μ over the eigenvalues μ of K / N, where K = exp(−t (D − W)) is scaled so
   * that its diagonal is 1. Heat spreads over ties: the more it does, the less uncertain; O(N³).
   *
   * @param t how long the heat spreads, above 0
   * @return nats, from 0 (all answers say the same) to ln N (none has to do with another)
   * @see <a href="https://arxiv.org/abs/2405.20003">Kernel Language Entropy</a>
   */
  public static double of(AnswerGraph graph, double t) {
    int n = graph.size();
    double[][] kernel = heat(graph, t);
    double[] scales = new double[n];
    for (int i = 0; i < n; i++) {
      scales[i] = Math.sqrt(kernel[i][i]);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        kernel[i][j] /= scales[i] * scales[j] * n;
      }
    }
    double entropy = Arrays.stream(Eigen.of(kernel, false).values()).map(Sums::surprise).sum();
    return Math.clamp(entropy, 0, Math.log(n));
  }

  /** exp(−t (D − W)): the eigenvectors of D − W with e^(−t λ) for each eigenvalue λ. */
  private static double[][] heat(AnswerGraph graph, double t) {
    int n = graph.size();
    double[] degrees = graph.degrees();
    var laplacian = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        laplacian[i][j] = (i == j ? degrees[i] : 0) - graph.weight(i, j);
      }
    }
    Eigen eigen = Eigen.of(laplacian, true);
    var kernel = new double[n][n];
    for (int k = 0; k < n; k++) {
      double[] vector = eigen.vector(k);
      double share = Math.exp(-t * Math.max(0, eigen.values()[k]));
      for (int i = 0; i < n; i++) {
        double scaled = share * vector[i];
        for (int j = 0; j < n; j++) {
          kernel[i][j] += scaled * vector[j];
        }
      }
    }
    return kernel;
  }
}
