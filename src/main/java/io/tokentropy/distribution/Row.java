package io.tokentropy.distribution;

import java.util.OptionalInt;

/**
 * One decoding step, as far as the caller knows it: all of it, its best k tokens, or a summary made
 * elsewhere.
 */
public sealed interface Row permits Distribution, PartialDistribution, Summary {
  /**
   * Shannon entropy in nats, as the range in which it is known to lie; a single point when
   * everything is known.
   *
   * @see "C. E. Shannon, A Mathematical Theory of Communication, 1948, section 6"
   */
  Interval entropy();

  /**
   * The same where something is decided by it, such as a kept set or a switch: of rows in float
   * lanes, whose {@link #entropy} is within 1e-6 nat, the sum in double.
   */
  default Interval decisiveEntropy() {
    return entropy();
  }

  /** V, where the caller said it. */
  OptionalInt vocabSize();
}
