package io.tokentropy.dialect;

/**
 * Where in a response a token stands.
 *
 * @param choice which of several answers it belongs to
 * @param thinking whether the server says that it belongs to the reasoning before the answer
 */
record Slot(int choice, Part part, boolean thinking) {
  /** A token that the model wrote. */
  static Slot of(int choice) {
    return new Slot(choice, Part.COMPLETION, false);
  }

  /** A token that the model was given. */
  static Slot ofPrompt(int choice) {
    return new Slot(choice, Part.PROMPT, false);
  }

  /** The same within the reasoning, or not. */
  Slot thinking(boolean flag) {
    return new Slot(choice, part, flag);
  }
}
