package io.tokentropy.dialect;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the caller says of a whole response.
 *
 * @param vocabSize V, for the bounds of the rows
 * @param massError how far the server's rounding may have moved each probability; empty for what is
 *     known of the dialect's servers
 * @param skipBad whether a token that cannot be read is passed over instead of refused
 * @param textSuffices whether a response with a text needs no log-probabilities
 */
public record Sent(
    OptionalInt vocabSize, OptionalDouble massError, boolean skipBad, boolean textSuffices) {
  public Sent(OptionalInt vocabSize, OptionalDouble massError, boolean skipBad) {
    this(vocabSize, massError, skipBad, false);
  }

  public Sent(OptionalInt vocabSize, OptionalDouble massError) {
    this(vocabSize, massError, false);
  }

  /** The same where the text of an answer is enough. */
  public Sent textSufficing() {
    return new Sent(vocabSize, massError, skipBad, true);
  }

  /** A response of which at most V is said. */
  public static Sent of(OptionalInt vocabSize) {
    return new Sent(vocabSize, OptionalDouble.empty());
  }
}
