package io.tokentropy.dialect;

import io.tokentropy.distribution.PartialDistribution;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One token that a server wrote, or was given.
 *
 * @param choice which of several answers it belongs to
 * @param part whether it was given or written
 * @param bytes of its text, where the server gave them
 * @param thinking whether the server says that it belongs to the reasoning before the answer
 * @param special whether the server says that it is no text, such as an end
 * @param lnProb of the token itself, at most 0, where the server gave it
 * @param atFloor whether the server gave a value that means probability 0; then {@code lnProb} is
 *     empty
 * @param row the alternatives to it; null where the server gave none
 */
public record Token(
    int choice,
    Part part,
    @Nullable String text,
    @Nullable Integer id,
    @Nullable TokenBytes bytes,
    boolean thinking,
    boolean special,
    OptionalDouble lnProb,
    boolean atFloor,
    @Nullable PartialDistribution row) {
  /**
   * Whether the server said how probable it was. The first token of a prompt has nothing that it
   * could depend on, and llama.cpp leaves out tokens that end within a character.
   */
  public boolean isScored() {
    return lnProb.isPresent() || atFloor;
  }

  /** The same token with other alternatives. */
  public Token withRow(PartialDistribution other) {
    return new Token(choice, part, text, id, bytes, thinking, special, lnProb, atFloor, other);
  }
}
