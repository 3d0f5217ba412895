package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.Arrays;
import java.util.List;

/** Which tokens are those of the reasoning that a server gives in a field of its own. */
final class Thinking {
  private Thinking() {}

  /**
   * Finds the reasoning in the text that the tokens spell; what stands before it, such as the tag
   * that opens it, belongs to it.
   *
   * @param tokens as objects
   * @param reasoning empty if there is none
   * @param alone whether there is no other text
   */
  static boolean[] of(List<Value> tokens, String reasoning, boolean alone) {
    var thinking = new boolean[tokens.size()];
    if (reasoning.isEmpty()) {
      return thinking;
    }
    if (alone) {
      Arrays.fill(thinking, true);
      return thinking;
    }
    var text = new StringBuilder();
    var starts = new int[tokens.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = text.length();
      text.append(Loose.text(Loose.child(tokens.get(i), "token")));
    }
    int found = text.indexOf(reasoning.strip());
    int end = found < 0 ? 0 : found + reasoning.strip().length();
    for (int i = 0; i < starts.length; i++) {
      thinking[i] = starts[i] < end;
    }
    return thinking;
  }
}
