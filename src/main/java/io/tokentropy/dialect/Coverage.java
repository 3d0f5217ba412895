package io.tokentropy.dialect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of the answer has log-probabilities: what the server counts against what it scored, or,
 * where it counts nothing, the text that came against that of the tokens.
 */
final class Coverage {
  private final Map<Integer, Long> counted = new HashMap<>();
  private long characters;
  private boolean anyBare;

  /**
   * The server's count of tokens that the model wrote; a later one takes the place of an earlier.
   *
   * @param of which answer; −1 for all of them together
   * @param tokens −1 where the server says nothing
   */
  void counted(int of, long tokens) {
    if (tokens >= 0) {
      counted.put(of, tokens);
    }
  }

  /** Text that came with log-probabilities. */
  void scored(String text) {
    characters += text.length();
  }

  /** Text that came without. */
  void bare(String text) {
    characters += text.length();
    anyBare |= !text.isEmpty();
  }

  /** What is missing, in words; null if nothing is, as far as the server says. */
  @Nullable String gap(List<Token> tokens) {
    List<Token> written = tokens.stream().filter(token -> token.part() == Part.COMPLETION).toList();
    long scored = written.stream().filter(Token::isScored).count();
    if (scored == 0) {
      return null;
    }
    Long all = counted.get(-1);
    long total = all == null ? counted.values().stream().mapToLong(Long::longValue).sum() : all;
    if (!counted.isEmpty()) {
      return total > scored ? words(scored, total) : null;
    }
    long unscored = written.size() - scored;
    if (unscored > 0) {
      return words(scored, written.size());
    }
    boolean named = written.stream().noneMatch(token -> Loose.isBlank(token.text()));
    long spelt = written.stream().mapToLong(token -> length(token.text())).sum();
    return anyBare && named && characters > spelt
        ? "some of the text came without log-probabilities: the figures are those of the other"
            + " tokens"
        : null;
  }

  private static String words(long scored, long total) {
    return scored
        + " of the "
        + total
        + " tokens of the answer have log-probabilities: the figures are theirs";
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
