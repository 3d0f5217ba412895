package io.tokentropy.labels;

import org.jspecify.annotations.Nullable;

/**
 * One token of a row whose probability is known.
 *
 * @param lnProb natural log, at most 0; −∞ for probability 0
 */
public record Seen(@Nullable Integer id, @Nullable String text, double lnProb) {
  public double prob() {
    return Math.exp(lnProb);
  }
}
