package io.tokentropy.endpoint;

import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;

/** Writes why one item of several was refused, in the form in which whole requests are. */
@FunctionalInterface
public interface Refusals {
  Answer of(InvalidInput refusal);
}
