package io.tokentropy.conformal;

import java.util.OptionalDouble;

/**
 * How sets of labels are drawn around rows.
 *
 * @param qhat the greatest score of a label that is kept; absent: all are
 * @param allowEmpty whether a set may be empty; else it then holds the most probable label
 */
public record LabelSets(
    Nonconformity nonconformity, OptionalDouble qhat, Rule rule, boolean allowEmpty) {

  /** A score this little above q̂ counts as q̂: sums of the same masses differ by rounding. */
  static final double SLACK = 1e-12;

  /** Where a set ends. */
  public enum Rule {
    /** All labels that score at most q̂: what the theorem is about. */
    SCORE,
    /** One more: the fewest of the best labels whose score reaches q̂, without draws. */
    INCLUSIVE
  }

  /**
   * The labels that it can be, ascending.
   *
   * @param probs by label, at least one, of sum 1; not modified
   * @param u as of {@link Nonconformity#at}
   */
  public int[] of(double[] probs, double u) {
    var ranking = new Ranking(probs);
    if (qhat.isEmpty()) {
      return ranking.best(probs.length);
    }
    double most = qhat.getAsDouble();
    int count =
        switch (rule) {
          case SCORE -> ranking.countUpTo(most + SLACK, false, nonconformity, u);
          case INCLUSIVE ->
              Math.min(probs.length, 1 + ranking.countUpTo(most, true, nonconformity, 0));
        };
    return ranking.best(count == 0 && !allowEmpty ? 1 : count);
  }
}
