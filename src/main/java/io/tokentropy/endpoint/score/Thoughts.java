package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Token;
import io.tokentropy.score.Thinking;
import java.util.BitSet;
import java.util.List;

/** Which tokens of a response are thinking: by a field of the server's own, or by tags. */
public final class Thoughts {
  private Thoughts() {}

  /**
   * Looks at the tokens of one answer.
   *
   * @param tags around thinking, for servers that have no field for it
   */
  public static Thinking of(List<Token> tokens, List<Thinking.Tag> tags) {
    Thinking tagged = Thinking.of(Texts.pieces(tokens), tags);
    var thought = (BitSet) tagged.tokens().clone();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).thinking()) {
        thought.set(i);
      }
    }
    return new Thinking(thought, tagged.closed());
  }
}
