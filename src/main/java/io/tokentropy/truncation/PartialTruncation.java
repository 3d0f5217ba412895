package io.tokentropy.truncation;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a sampler keeps of a row of which only the best k are known: a number of them, or a range.
 *
 * <p>A cut is certain when every row that fits the list has the same one: for a bound that follows
 * from the entropy, when both ends of its range stop at the same place inside the list. A certain
 * cut leaves a distribution that is known as a whole, and further steps go on from it.
 *
 * @param low the least number of tokens that can be kept
 * @param high the greatest; empty if it is not known
 * @param kept what is kept, where that is certain; its ids are positions in the list
 * @param budget what Top-H allows, nats; null for other samplers
 * @param budgetEntropy the entropy that its α multiplies; null for other samplers
 */
public record PartialTruncation(
    int low,
    OptionalInt high,
    @Nullable Truncation kept,
    @Nullable Interval budget,
    @Nullable Interval budgetEntropy) {

  /** Whether the kept set is the one that the whole row would give. */
  public boolean certified() {
    return kept != null;
  }

  /**
   * Runs a chain.
   *
   * @param entropy of the whole row, nats: the list's own range, or a number that came beside it
   * @throws InvalidInput.ConflictingInputs if a sampler needs the whole row; the pointer begins
   *     with the step's index
   */
  public static PartialTruncation of(
      PartialDistribution row, Interval entropy, List<Sampler> chain) {
    return of(row, entropy, chain, Refusals.BY_INDEX);
  }

  /** The same with refusals in the caller's terms. */
  public static PartialTruncation of(
      PartialDistribution row, Interval entropy, List<Sampler> chain, Refusals refusals) {
    if (row.best().isEmpty()) {
      return new PartialTruncation(1, OptionalInt.empty(), null, null, null);
    }
    int first = firstToAct(chain);
    boolean whole = row.closed() && row.massError() == 0;
    Range range = whole ? null : range(row, entropy, chain.get(first));
    if (range == null) {
      if (!row.closed()) {
        throw refusals.needsWholeRow(first);
      }
      return certain(Truncation.of(listed(row), chain, 0, refusals));
    }
    if (range.low != range.high || row.ratiosOnly() || mayBeTied(row, range.low)) {
      return new PartialTruncation(
          chain.size() == first + 1 ? range.low : 1,
          range.high == Range.OPEN ? OptionalInt.empty() : OptionalInt.of(range.high),
          null,
          range.budget,
          range.budget == null ? null : entropy);
    }
    if (row.closed()) {
      return certain(Truncation.of(listed(row), chain, 0, refusals));
    }
    Pool prefix = listed(row).prefix(range.low);
    Truncation kept =
        Truncation.of(prefix, chain, first + 1, refusals)
            .within(prefixMass(row, range.low), entropy);
    return new PartialTruncation(
        kept.keptCount(),
        OptionalInt.of(kept.keptCount()),
        kept,
        range.budget,
        range.budget == null ? null : entropy);
  }

  /** The first step that is not off; the last if all are. */
  private static int firstToAct(List<Sampler> chain) {
    int first = 0;
    while (first + 1 < chain.size() && chain.get(first).isOff()) {
      first++;
    }
    return first;
  }

  /** Whether the sender's rounding hides which of two tokens is the more probable at a cut. */
  private static boolean mayBeTied(PartialDistribution row, int size) {
    double[] ln = row.lnProbs();
    return row.massError() > 0
        && size < ln.length
        && ln[size - 1] - ln[size] <= 2 * row.decisiveError();
  }

  private static PartialTruncation certain(Truncation kept) {
    TopH.Report report = kept.topH();
    return new PartialTruncation(
        kept.keptCount(),
        OptionalInt.of(kept.keptCount()),
        kept,
        report == null ? null : Interval.exactly(report.budget()),
        report == null ? null : Interval.exactly(report.budgetEntropy()));
  }

  private static Pool listed(PartialDistribution row) {
    double[] lnProbs = row.lnProbs();
    return Pool.ofList(row.vocabSize().orElse(lnProbs.length), lnProbs);
  }

  private static double prefixMass(PartialDistribution row, int size) {
    double mass = 0;
    double[] lnProbs = row.lnProbs();
    for (int i = 0; i < size; i++) {
      mass += Math.exp(lnProbs[i]);
    }
    return mass;
  }

  /** How many tokens can be kept; {@link #OPEN} where more than are listed may be. */
  private record Range(int low, int high, @Nullable Interval budget) {
    static final int OPEN = Integer.MAX_VALUE;
  }

  /**
   * Null for a sampler that needs the whole row. Each probability is known to the row's error,
   * relatively; a ratio to the best one to twice, to its square to three times, and the entropy of
   * a prefix to twice that.
   */
  private static @Nullable Range range(PartialDistribution row, Interval entropy, Sampler sampler) {
    double[] ln = row.lnProbs();
    double top = Math.exp(ln[0]);
    if (sampler.isOff()) {
      return topP(row, 1);
    }
    return switch (sampler) {
      case TopH rule
          when rule.variant() == TopH.Variant.PAPER
              && rule.rule() == TopH.Rule.STOP
              && rule.topN().isEmpty()
              && rule.nodeLimit().isEmpty() ->
          topH(row, entropy.times(rule.alpha()));
      case TopK rule when rule.k() > 0 && rule.k() <= ln.length && !rule.allTies() ->
          new Range(rule.k(), rule.k(), null);
      case AtLeast rule -> widened(range(row, entropy, rule.rule()), rule.tokens(), ln.length);
      case TopP rule -> topP(row, rule.p());
      case MinP rule -> atLeast(row, rule.minP() * top, rule.minP() * top);
      case TopA rule ->
          atLeast(
              row,
              rule.a() * top * top * row.scale().low(),
              rule.a() * top * top * row.scale().high());
      case EpsilonCutoff rule ->
          atLeast(row, rule.epsilon() / row.scale().high(), rule.epsilon() / row.scale().low());
      case EtaCutoff rule ->
          atLeast(
              row,
              rule.threshold(entropy.high()) / row.scale().high(),
              rule.threshold(entropy.low()) / row.scale().low());
      case TopH _,
          TopK _,
          Temperature _,
          TypicalP _,
          TopNSigma _,
          TailFree _,
          Xtc _,
          PLess _,
          MinK _,
          MirostatV1 _,
          MirostatV2 _,
          DynamicTemperature _,
          Quadratic _,
          AdaptiveP _,
          LogitStep _ ->
          null;
    };
  }

  /** A prefix with at least so many tokens; null if that is more than are listed. */
  private static @Nullable Range widened(@Nullable Range range, int least, int listed) {
    return range == null || least > listed
        ? null
        : new Range(Math.max(range.low, least), Math.max(range.high, least), range.budget);
  }

  /** A cut of which nothing is known beyond the list, unless there is nothing beyond it. */
  private static Range within(
      PartialDistribution row, int low, int high, @Nullable Interval budget) {
    boolean open = high >= row.best().size() && !row.closed();
    return new Range(low, open ? Range.OPEN : high, budget);
  }

  private static Range topH(PartialDistribution row, Interval budget) {
    double[] ln = row.lnProbs();
    double error = 2 * row.decisiveError();
    int high = budget.isBounded() ? prefix(ln, budget.high() / (1 - error)) : ln.length;
    return within(row, prefix(ln, budget.low() / (1 + error)), high, budget);
  }

  /** The greedy prefix within a budget. */
  private static int prefix(double[] ln, double budget) {
    var prefix = new Prefix();
    int size = 1;
    while (size < ln.length && prefix.addWithin(ln[0] - ln[size], budget)) {
      size++;
    }
    return size;
  }

  /** Where a prefix has the mass for certain, the stop needs no token after it. */
  private static Range topP(PartialDistribution row, double p) {
    double[] ln = row.lnProbs();
    int all = ln.length + (row.leastTail().mass() > 0 ? 1 : 0);
    if (p == 1) {
      return within(row, all, ln.length, null);
    }
    double error = row.decisiveError();
    double mass = 0;
    int low = 0;
    for (int i = 0; i < ln.length; i++) {
      mass += Math.exp(ln[i]);
      if (low == 0 && Slack.massAtLeast(mass * (1 + error) * row.scale().high(), p)) {
        low = i + 1;
      }
      if (Slack.massAtLeast(mass * (1 - error) * row.scale().low(), p)) {
        return new Range(low, i + 1, null);
      }
    }
    return within(row, low == 0 ? all : low, ln.length, null);
  }

  /**
   * A threshold on probability, known to lie between two; it is certain only if a listed token
   * falls below both.
   */
  private static Range atLeast(PartialDistribution row, double least, double greatest) {
    double[] ln = row.lnProbs();
    double error = 3 * row.decisiveError();
    return within(
        row, reaching(ln, greatest * (1 + error)), reaching(ln, least * (1 - error)), null);
  }

  private static int reaching(double[] ln, double threshold) {
    int n = 0;
    while (n < ln.length && Slack.probabilityAtLeast(Math.exp(ln[n]), threshold)) {
      n++;
    }
    return Math.max(1, n);
  }
}
