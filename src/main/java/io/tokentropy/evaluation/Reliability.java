package io.tokentropy.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * How well confidences agree with what came true. Bins are of equal width, (low, high], the first
 * with its lower end: of 10 bins, 0.3 is in the third.
 *
 * @param ece expected calibration error: |accuracy − mean confidence| of a bin, averaged over all
 *     answers, in [0, 1]
 * @param mce the greatest of these, in [0, 1]
 * @param brier the mean of (confidence − correct)², in [0, 1]
 * @param logLoss the mean of −ln of the confidence in what came true, in nats; +∞ where a
 *     confidence of 1 was wrong or one of 0 right
 * @param bins those that hold answers, ascending
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al., On calibration of modern neural
 *     networks</a>
 */
public record Reliability(double ece, double mce, double brier, double logLoss, List<Bin> bins) {
  public Reliability {
    bins = List.copyOf(bins);
  }

  /** The answers of one bin, of those that are numbered from 0. */
  public record Bin(int bin, int count, double confidence, double accuracy) {}

  /**
   * Compares them.
   *
   * @param confidences in [0, 1], at least one; not modified
   * @param correct as many
   * @param bins at least 1
   */
  public static Reliability of(double[] confidences, boolean[] correct, int bins) {
    var counts = new int[bins];
    var right = new int[bins];
    var sums = new double[bins];
    double brier = 0;
    double logLoss = 0;
    for (int i = 0; i < confidences.length; i++) {
      double confidence = confidences[i];
      int bin = bin(confidence, bins);
      counts[bin]++;
      right[bin] += correct[i] ? 1 : 0;
      sums[bin] += confidence;
      double miss = correct[i] ? 1 - confidence : confidence;
      brier += miss * miss;
      logLoss -= correct[i] ? Math.log(confidence) : Math.log1p(-confidence);
    }
    int n = confidences.length;
    double ece = 0;
    double mce = 0;
    var found = new ArrayList<Bin>();
    for (int b = 0; b < bins; b++) {
      if (counts[b] > 0) {
        double confidence = sums[b] / counts[b];
        double accuracy = (double) right[b] / counts[b];
        found.add(new Bin(b, counts[b], confidence, accuracy));
        ece += Math.abs(accuracy - confidence) * counts[b] / n;
        mce = Math.max(mce, Math.abs(accuracy - confidence));
      }
    }
    return new Reliability(ece, mce, brier / n, logLoss / n, found);
  }

  /** The bin of a confidence; a product that rounds past an edge does not move it. */
  private static int bin(double confidence, int bins) {
    int bin = Math.clamp((int) Math.ceil(confidence * bins) - 1, 0, bins - 1);
    if (bin > 0 && confidence <= (double) bin / bins) {
      return bin - 1;
    }
    return bin < bins - 1 && confidence > (double) (bin + 1) / bins ? bin + 1 : bin;
  }
}
