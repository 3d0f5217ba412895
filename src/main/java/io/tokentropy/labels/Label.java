package io.tokentropy.labels;

import java.util.List;
import java.util.OptionalDouble;

/**
 * An answer that one token can give, and the tokens that give it.
 *
 * @param ids of tokens
 * @param texts of tokens, as they are written
 * @param score what the answer is worth, as the 4 of "4 of 5"
 */
public record Label(String name, List<Integer> ids, List<String> texts, OptionalDouble score) {
  public Label {
    ids = ids.stream().distinct().toList();
    texts = texts.stream().distinct().toList();
  }

  /** How many tokens it names. */
  int tokens() {
    return ids.size() + texts.size();
  }
}
