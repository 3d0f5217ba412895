package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.json.Answer;
import java.util.Locale;

/**
 * One number with what it takes to read it.
 *
 * @param low the least it can be; −∞ if there is no bound
 * @param high the greatest it can be; +∞ if there is no bound
 * @param estimator how it comes about
 */
public record Figure(
    String name, double value, Means means, double low, double high, String estimator) {

  /** What a higher number means. */
  public enum Means {
    MORE_UNCERTAIN,
    MORE_CONFIDENT;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Its direction, range and estimator; an open end of the range is left out. */
  Answer about() {
    var range = new Answer();
    if (Double.isFinite(low)) {
      range.put("low", low);
    }
    if (Double.isFinite(high)) {
      range.put("high", high);
    }
    return new Answer()
        .put("higher_means", means.wire())
        .put("range", range)
        .put("estimator", estimator);
  }
}
