package io.tokentropy.score;

import io.tokentropy.distribution.Interval;
import java.util.Locale;

/** Whether something holds of a number of which only a range is known. */
public enum Flag {
  YES,
  NO,
  /** Some numbers of the range say yes, others no. */
  UNDETERMINED;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a number in the range is above a limit. */
  public static Flag above(Interval range, double limit) {
    if (range.low() > limit) {
      return YES;
    }
    return range.high() <= limit ? NO : UNDETERMINED;
  }
}
