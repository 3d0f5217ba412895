package io.tokentropy.distribution;

import java.util.SplittableRandom;

/** Random rows of many shapes: flat, peaked, with equal probabilities, with masked tokens. */
public final class RandomRows {
  private RandomRows() {}

  /** Logits with at least one token that is not masked. */
  public static double[] logits(SplittableRandom random, int size) {
    double spread = random.nextInt(4) * 3;
    double coarseness = random.nextInt(3) == 0 ? 1 : 0;
    double masked = random.nextInt(3) == 0 ? 0.3 : 0;
    var logits = new double[size];
    for (int i = 0; i < size; i++) {
      double logit = spread * random.nextDouble(-1, 1);
      logits[i] = coarseness > 0 ? Math.rint(logit) : logit;
      if (random.nextDouble() < masked) {
        logits[i] = Double.NEGATIVE_INFINITY;
      }
    }
    logits[random.nextInt(size)] = random.nextDouble() * 5 * spread;
    return logits;
  }

  /** The softmax of {@link #logits}. */
  public static double[] probs(SplittableRandom random, int size) {
    return Distribution.ofLogits(logits(random, size), 1).probs();
  }
}
