package io.tokentropy.truncation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * "Don't repeat yourself": a token that would carry on a repetition loses multiplier · base^(length
 * − allowedLength), where length is that of the longest end of the text that stood before this
 * token already, if it is at least allowedLength. A multiplier of 0 changes nothing.
 *
 * @param lastN how many of the last tokens it looks at, or {@link History#ALL}
 * @param breakerIds tokens over which no repetition goes, and which are never held back
 * @param lengths that length for each token that has one
 */
public record Dry(
    double multiplier,
    double base,
    int allowedLength,
    int lastN,
    List<Integer> breakerIds,
    Map<Integer, Integer> lengths)
    implements LogitStep {
  /** Longer repetitions count as that long, as in the first implementation; it bounds the work. */
  private static final int LONGEST = 50;

  /** No token comes back from that far below, and the sum stays finite. */
  private static final double GREATEST = 1e9;

  public Dry {
    Parameter.require(
        multiplier >= 0 && Double.isFinite(multiplier), "multiplier", multiplier, "at least 0");
    Parameter.require(base >= 1 && Double.isFinite(base), "base", base, "at least 1");
    Parameter.require(allowedLength >= 1, "allowed_length", allowedLength, "at least 1");
    Parameter.require(lastN >= History.ALL, "last_n", lastN, "at least 0, or -1");
    breakerIds = List.copyOf(breakerIds);
    lengths = Map.copyOf(lengths);
  }

  /** The rule after a sequence. */
  public static Dry of(
      double multiplier,
      double base,
      int allowedLength,
      int lastN,
      List<Integer> breakerIds,
      History history) {
    var rule = new Dry(multiplier, base, allowedLength, lastN, breakerIds, Map.of());
    Map<Integer, Integer> lengths =
        lengths(
            history.last(History.Over.ALL, lastN).stream().mapToInt(Integer::intValue).toArray(),
            Set.copyOf(breakerIds));
    return new Dry(
        rule.multiplier, rule.base, rule.allowedLength, rule.lastN, rule.breakerIds, lengths);
  }

  private static Map<Integer, Integer> lengths(int[] text, Set<Integer> breakers) {
    var lengths = new HashMap<Integer, Integer>();
    int end = text.length - 1;
    if (end < 0 || breakers.contains(text[end])) {
      return lengths;
    }
    for (int i = 0; i < end; i++) {
      if (text[i] == text[end] && !breakers.contains(text[i + 1])) {
        int length = 1;
        while (length < LONGEST
            && length <= i
            && text[i - length] == text[end - length]
            && !breakers.contains(text[end - length])) {
          length++;
        }
        lengths.merge(text[i + 1], length, Math::max);
      }
    }
    return lengths;
  }

  @Override
  public boolean isOff() {
    return multiplier == 0;
  }

  @Override
  public void change(double[] logits) {
    lengths.forEach(
        (id, length) -> {
          LogitStep.requireToken(id, logits, "");
          if (length >= allowedLength) {
            logits[id] -= Math.min(GREATEST, multiplier * Math.pow(base, length - allowedLength));
          }
        });
  }
}
