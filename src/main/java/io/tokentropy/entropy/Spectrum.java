package io.tokentropy.entropy;

import io.tokentropy.distribution.Completion;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Tail;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/**
 * The probabilities of a row without the names of the tokens: some one by one, some by level, some
 * perhaps as dust, a mass that is spread over ever more tokens. What is left of V has probability
 * 0.
 */
final class Spectrum {
  private final int listed;
  private final IntToDoubleFunction lnProb;
  private final List<Tail.Level> levels;
  private final double dust;
  private final OptionalInt size;

  private Spectrum(
      int listed,
      IntToDoubleFunction lnProb,
      List<Tail.Level> levels,
      double dust,
      OptionalInt size) {
    this.listed = listed;
    this.lnProb = lnProb;
    this.levels = levels;
    this.dust = dust;
    this.size = size;
  }

  static Spectrum of(Distribution row) {
    return new Spectrum(row.size(), row::lnProb, List.of(), 0, row.vocabSize());
  }

  /** The most uneven row that fits the list. */
  static Spectrum packed(PartialDistribution row) {
    return of(row, row.mostUneven(), 0);
  }

  /** The most even row that fits the list; without V the tail is dust. */
  static Spectrum even(PartialDistribution row) {
    Completion even = row.mostEven();
    double tail = even.tail().stream().mapToDouble(level -> level.count() * level.prob()).sum();
    return of(row, even, row.vocabSize().isPresent() ? 0 : tail);
  }

  private static Spectrum of(PartialDistribution row, Completion all, double dust) {
    return new Spectrum(
        all.listed(), all::lnProb, dust > 0 ? List.of() : all.tail(), dust, row.vocabSize());
  }

  /** Σ of a term of ln p over all tokens with p > 0; the dust is not counted. */
  private double sum(DoubleUnaryOperator term) {
    double sum = 0;
    for (int i = 0; i < listed; i++) {
      double ln = lnProb.applyAsDouble(i);
      if (ln > Double.NEGATIVE_INFINITY) {
        sum += term.applyAsDouble(ln);
      }
    }
    for (Tail.Level level : levels) {
      sum += level.count() * term.applyAsDouble(Math.log(level.prob()));
    }
    return sum;
  }

  /** How many tokens have a probability above 0. */
  double support() {
    return dust > 0 ? Double.POSITIVE_INFINITY : sum(ln -> 1);
  }

  /** ln p of the most probable token. */
  double lnMax() {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < listed; i++) {
      max = Math.max(max, lnProb.applyAsDouble(i));
    }
    for (Tail.Level level : levels) {
      max = Math.max(max, Math.log(level.prob()));
    }
    return max;
  }

  double entropy() {
    return dust > 0 ? Double.POSITIVE_INFINITY : Math.max(0, sum(ln -> -ln * Math.exp(ln)));
  }

  double varentropy() {
    double entropy = entropy();
    return sum(ln -> Math.exp(ln) * (ln + entropy) * (ln + entropy));
  }

  /**
   * Σ p^order − 1, without cancellation near order 1: each term is p·(e^((order − 1) ln p) − 1).
   */
  private double excess(double order) {
    if (dust > 0 && order < 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = order - 1;
    return sum(
            ln ->
                Math.abs(power * ln) < 1
                    ? Math.exp(ln) * Math.expm1(power * ln)
                    : Math.exp(order * ln) - Math.exp(ln))
        - dust;
  }

  /** Rényi entropy in nats, orders 0, 1 and ∞ as limits. */
  double renyi(double order) {
    if (order == 0) {
      return Math.log(support());
    }
    if (order == 1) {
      return entropy();
    }
    double lnMax = lnMax();
    if (order == Double.POSITIVE_INFINITY) {
      return Math.max(0, -lnMax);
    }
    if (dust > 0 && order < 1) {
      return Double.POSITIVE_INFINITY;
    }
    if (Math.abs(order - 1) <= 0.5) {
      return Math.max(0, Math.log1p(excess(order)) / (1 - order));
    }
    double lnSum = Math.log1p(powersBelowTheBest(order, lnMax));
    return Math.max(0, lnMax * (order / (1 - order)) + lnSum / (1 - order));
  }

  /** Σ (p / p₁)^order over all tokens but the best, whose own 1 would swallow the others. */
  private double powersBelowTheBest(double order, double lnMax) {
    double sum = 0;
    boolean best = true;
    for (int i = 0; i < listed; i++) {
      double ln = lnProb.applyAsDouble(i);
      if (ln == lnMax && best) {
        best = false;
      } else if (ln > Double.NEGATIVE_INFINITY) {
        sum += Math.exp(order * (ln - lnMax));
      }
    }
    for (Tail.Level level : levels) {
      double ln = Math.log(level.prob());
      sum += (level.count() - (ln == lnMax && best ? 1 : 0)) * Math.exp(order * (ln - lnMax));
      best &= ln != lnMax;
    }
    return sum;
  }

  /** Tsallis entropy, natural logarithm at order 1. */
  double tsallis(double order) {
    return order == 1 ? entropy() : Math.max(0, excess(order) / (1 - order));
  }

  /** KL(u‖p) in nats, u uniform over V: +∞ if a token has probability 0. */
  double selfCertainty() {
    if (support() < vocabSize()) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(0, -sum(ln -> ln) / vocabSize() - Math.log(vocabSize()));
  }

  /**
   * Fisher–Rao distance from uniform, scaled to [0, 1]: 4/π asin(‖√p − √u‖ / 2). Equal to 2/π
   * acos(Σ √(p/V)), which loses half of the digits near 0.
   */
  double fisherRao() {
    double uniform = Math.sqrt(1.0 / vocabSize());
    double squared =
        sum(
                ln -> {
                  double difference = Math.exp(ln / 2) - uniform;
                  return difference * difference;
                })
            + (vocabSize() - support()) / vocabSize();
    return Math.min(1, 4 / Math.PI * Math.asin(Math.min(1, Math.sqrt(squared) / 2)));
  }

  private int vocabSize() {
    return size.orElseThrow(() -> new IllegalStateException("the vocabulary's size is unknown"));
  }
}
