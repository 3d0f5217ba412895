package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;

/** How a step of a chain is refused: with its index, or in the terms of whoever wrote the chain. */
@FunctionalInterface
public interface Refusals {
  /** At the step's index, and there at the step's own parameter: {@code "/1/alpha"}. */
  Refusals BY_INDEX = (step, e) -> e.under("/" + step);

  /** A refusal of a step, placed relative to the step, at its place in the chain. */
  InvalidInput placed(int step, InvalidInput e);

  /** A step that cannot tell from the best k tokens alone what it keeps. */
  default InvalidInput needsWholeRow(int step) {
    return placed(
        step,
        new InvalidInput.ConflictingInputs(
            "", "this step, as it is set here, needs the whole row"));
  }
}
