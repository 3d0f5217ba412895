package io.tokentropy.gateway.engine;

import io.tokentropy.distribution.PartialDistribution;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One token as a server sent it; or several that came as one, because the first of them end within
 * a character. A token that ends the text is none.
 *
 * @param ids one, or those that came as one
 * @param bytes what they add to the text; empty for a special token
 * @param boundary whether the text may be cut behind it: no character is open
 * @param reconstructed whether the server did not say the ids, and they were found by the text
 * @param text of the token as the server writes it; the replacement character for parts of others
 * @param lnProb of the token, where the server said it
 * @param row the best k, their texts included; null is no signal
 */
@SuppressWarnings("ArrayRecordComponent") // Steps are never compared.
public record Step(
    List<Integer> ids,
    byte[] bytes,
    boolean boundary,
    boolean reconstructed,
    String text,
    OptionalDouble lnProb,
    @Nullable PartialDistribution row) {

  public Step {
    ids = List.copyOf(ids);
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("a step without a token");
    }
  }
}
