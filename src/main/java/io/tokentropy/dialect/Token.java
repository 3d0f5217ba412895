package io.tokentropy.dialect;

import io.tokentropy.distribution.PartialDistribution;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One token that a server wrote.
 *
 * @param choice which of several answers it belongs to
 * @param lnProb of the token itself, where the server gave it
 * @param row the alternatives to it; null where the server gave none
 */
public record Token(
    int choice,
    @Nullable String text,
    @Nullable Integer id,
    OptionalDouble lnProb,
    @Nullable PartialDistribution row) {
  /** The same token with other alternatives. */
  public Token withRow(PartialDistribution other) {
    return new Token(choice, text, id, lnProb, other);
  }
}
