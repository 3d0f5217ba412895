package io.tokentropy.labels;

import java.util.List;

/**
 * What one label has of a row.
 *
 * @param seen its tokens that are seen
 * @param unseen how many tokens it has that are not seen, where that is known
 * @param open whether it may have any number of them
 */
record Claim(List<Seen> seen, int unseen, boolean open) {
  /** Σp of what is seen. */
  double mass() {
    double sum = 0;
    for (Seen token : seen) {
      sum += token.prob();
    }
    return sum;
  }

  /** ln Σp of what is seen, however small; −∞ if that is nothing. */
  double lnMass() {
    double top = seen.stream().mapToDouble(Seen::lnProb).max().orElse(Double.NEGATIVE_INFINITY);
    if (top == Double.NEGATIVE_INFINITY) {
      return top;
    }
    double sum = 0;
    for (Seen token : seen) {
      sum += Math.exp(token.lnProb() - top);
    }
    return top + Math.log(sum);
  }
}
