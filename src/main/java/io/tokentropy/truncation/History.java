package io.tokentropy.truncation;

import java.util.List;
import java.util.stream.Stream;

/**
 * The tokens of one sequence before the row.
 *
 * @param prompt those that the model was given
 * @param output those that it has generated
 */
public record History(List<Integer> prompt, List<Integer> output) {
  /** Of a sequence that has not begun. */
  public static final History NONE = new History(List.of(), List.of());

  /** Every token. */
  public static final int ALL = -1;

  public History {
    prompt = List.copyOf(prompt);
    output = List.copyOf(output);
  }

  /** Which tokens a penalty looks at. */
  public enum Over {
    /** The prompt's and those generated. */
    ALL,
    /** Those generated. */
    OUTPUT
  }

  /** The last n of them, or {@link #ALL}. */
  List<Integer> last(Over over, int n) {
    List<Integer> tokens =
        over == Over.OUTPUT ? output : Stream.concat(prompt.stream(), output.stream()).toList();
    return n == ALL ? tokens : tokens.subList(Math.max(0, tokens.size() - n), tokens.size());
  }
}
