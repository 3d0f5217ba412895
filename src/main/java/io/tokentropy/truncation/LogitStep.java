package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation.Step;

/**
 * A step that changes the logits of single tokens. A logit's own value matters here, its sign even,
 * and a token may come back from far below the best; so it works on the row as it was sent, and
 * only a temperature may come before it. Of log-probabilities and probabilities ln p is the logit.
 */
public sealed interface LogitStep extends Sampler
    permits LogitBias, RepetitionPenalty, PresencePenalty, FrequencyPenalty, Dry {

  /**
   * Changes the logits, by token id, where they stand.
   *
   * @throws InvalidInput.ParameterOutOfRange if a token is not of the row
   */
  void change(double[] logits);

  /** Where logits are no longer to be had. */
  @Override
  default Step step(Pool pool) {
    if (isOff()) {
      return Step.reshaped(pool);
    }
    throw new InvalidInput.ConflictingInputs(
        "", "it changes the logits of a whole row; before it only a temperature can stand");
  }

  /** Refuses a token that the row does not have. */
  static void requireToken(int id, double[] logits, String pointer) {
    if (id < 0 || id >= logits.length) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer, id, "a token of the row, below " + logits.length);
    }
  }
}
