package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;

/** Checks the parameters of samplers. */
final class Parameter {
  private Parameter() {}

  /**
   * Refuses a parameter outside its range.
   *
   * @throws InvalidInput.ParameterOutOfRange unless it is good, at its name
   */
  static void require(boolean good, String name, Object found, String expected) {
    if (!good) {
      throw new InvalidInput.ParameterOutOfRange("/" + name, found, expected);
    }
  }

  /** The same for a share of 1. */
  static void requireShare(boolean good, String name, double found, String expected) {
    if (!good) {
      throw InvalidInput.ParameterOutOfRange.share("/" + name, found, expected);
    }
  }
}
