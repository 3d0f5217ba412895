package io.tokentropy.truncation;

import java.util.HashMap;
import java.util.Map;

/**
 * The tokens that a penalty counts.
 *
 * @param lastN how many of the last tokens it looks at, or {@link History#ALL}
 * @param counts how often each of these tokens stands there
 */
public record Past(History.Over over, int lastN, Map<Integer, Integer> counts) {
  public Past {
    Parameter.require(lastN >= History.ALL, "last_n", lastN, "at least 0, or -1");
    counts = Map.copyOf(counts);
  }

  /** What is to be counted of a sequence. */
  public static Past of(History history, History.Over over, int lastN) {
    Parameter.require(lastN >= History.ALL, "last_n", lastN, "at least 0, or -1");
    var counts = new HashMap<Integer, Integer>();
    history.last(over, lastN).forEach(id -> counts.merge(id, 1, Integer::sum));
    return new Past(over, lastN, counts);
  }

  /** What becomes of the logit of a token that stands there so often. */
  interface Change {
    double of(double logit, int count);
  }

  void change(double[] logits, Change change) {
    counts.forEach(
        (id, count) -> {
          LogitStep.requireToken(id, logits, "");
          logits[id] = change.of(logits[id], count);
        });
  }
}
