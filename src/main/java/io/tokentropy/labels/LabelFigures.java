package io.tokentropy.labels;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Tail;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of some labels from one row. All ranges hold whatever the unseen tokens are, and
 * their ends are attained.
 *
 * @param labels in the order in which they were asked for
 * @param other the probability that it is none of them
 * @param best the label with the greatest probability, by the middle of its range; the first of
 *     equals
 * @param certified whether no way to share makes another label better
 * @param margin by how much the best is above the best of the others; null if it is alone
 * @param given what follows if the answer is one of the labels; null if none of them can be it
 */
public record LabelFigures(
    List<Found> labels,
    Interval other,
    int best,
    boolean certified,
    @Nullable Interval margin,
    @Nullable Given given) {

  /** A margin this small is the rounding of doubles. */
  private static final double ROUNDING = 1e-12;

  /**
   * One label.
   *
   * @param seen its tokens whose probabilities are known
   */
  public record Found(Label label, Interval prob, List<Seen> seen) {}

  /**
   * Figures of the labels' probabilities scaled to a sum of 1.
   *
   * @param probs one for each label
   * @param entropy nats, in [0, ln n]
   * @param score the mean of their scores; null unless all have one
   */
  public record Given(List<Interval> probs, Interval entropy, @Nullable Interval score) {}

  /** Labels of which everything is known, however improbable they are. */
  static LabelFigures exactly(List<Label> labels, List<Claim> claims) {
    double[] probs = claims.stream().mapToDouble(Claim::mass).toArray();
    double[] lnProbs = claims.stream().mapToDouble(Claim::lnMass).toArray();
    double top = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < probs.length; i++) {
      top = Math.max(top, lnProbs[i]);
      sum += probs[i];
    }
    var scaled = new double[probs.length];
    for (int i = 0; i < scaled.length && top > Double.NEGATIVE_INFINITY; i++) {
      scaled[i] = Math.exp(lnProbs[i] - top);
    }
    return of(
        labels, claims, Shares.exactly(probs, Math.max(0, 1 - sum)), Shares.exactly(scaled, 0), 0);
  }

  /**
   * Labels of a row of which the best tokens are known.
   *
   * @param rest Σp of what is seen and belongs to none
   * @param unnamed the probability of a token that counts as unseen, as nobody says which it is
   */
  static LabelFigures of(
      List<Label> labels,
      List<Claim> claims,
      double rest,
      PartialDistribution row,
      double unnamed) {
    Tail tail = row.tail();
    double error = row.decisiveError() > ROUNDING ? row.decisiveError() : 0;
    Interval scale = row.scale();
    boolean closed = row.closed();
    double tokens = tail.unseen().isPresent() ? tail.unseen().getAsInt() : Double.POSITIVE_INFINITY;
    var hidden =
        new Shares.Hidden(
            (scale.isExact() ? tail.mass() : hidden(claims, rest)) + unnamed,
            (1 + error) * Math.max(closed ? 0 : tail.cap(), unnamed),
            (closed ? 0 : tokens) + (unnamed > 0 ? 1 : 0));
    var factor = new Interval(scale.low() * (1 - error), scale.high() * (1 + error));
    Shares shares = Shares.of(claims, rest, hidden, factor);
    return of(labels, claims, shares, shares, row.closed() ? 0 : ROUNDING);
  }

  /** What is not seen of a row whose probabilities may all be too great or too small together. */
  private static double hidden(List<Claim> claims, double rest) {
    return 1 - rest - claims.stream().mapToDouble(Claim::mass).sum();
  }

  private static LabelFigures of(
      List<Label> labels, List<Claim> claims, Shares shares, Shares scaled, double leastMargin) {
    var found = new ArrayList<Found>();
    int best = 0;
    double greatest = 0;
    for (int i = 0; i < labels.size(); i++) {
      Interval prob = shares.share(i);
      found.add(new Found(labels.get(i), prob, claims.get(i).seen()));
      double middle = shares == scaled ? prob.midpoint() : scaled.share(i).midpoint();
      if (i == 0 || middle > greatest) {
        best = i;
        greatest = middle;
      }
    }
    Interval margin = labels.size() > 1 ? shares.margin(best) : null;
    return new LabelFigures(
        found,
        shares.share(labels.size()),
        best,
        margin == null || margin.low() >= leastMargin,
        margin,
        scaled.sum().high() > 0 ? given(scaled, scores(labels)) : null);
  }

  private static double @Nullable [] scores(List<Label> labels) {
    boolean scored = labels.stream().allMatch(label -> label.score().isPresent());
    return scored
        ? labels.stream().mapToDouble(label -> label.score().getAsDouble()).toArray()
        : null;
  }

  static Given given(Shares shares, double @Nullable [] scores) {
    var given = new GivenLabels(shares);
    var probs = new ArrayList<Interval>();
    for (int i = 0; i < shares.labels(); i++) {
      probs.add(given.share(i));
    }
    return new Given(probs, given.entropy(), scores == null ? null : given.mean(scores));
  }
}
