package io.tokentropy.endpoint.truncation;

import io.tokentropy.json.Fields;

/** Whether a cut goes through tokens that are alike. */
enum Ties {
  /** As many as the rule says, the lowest ids first. */
  EXACT,
  /** All that are as good as the last one kept, as Hugging Face does. */
  ALL;

  static final String RANGE = "exact | all";

  String wire() {
    return this == ALL ? "all" : "exact";
  }

  static Ties of(boolean all) {
    return all ? ALL : EXACT;
  }

  /** {@code ties}: whether all are kept. */
  static boolean readAll(Fields step) {
    return step.word("ties", EXACT, Ties::wire) == ALL;
  }
}
