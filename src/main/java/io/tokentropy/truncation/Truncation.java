package io.tokentropy.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a chain of samplers leaves of one row, its tokens by probability, then by id. */
public final class Truncation {
  private final Pool kept;
  private final double keptMass;
  private final double entropyIn;
  private final Map<String, Object> extra;
  private final @Nullable TopHReport topH;

  private Truncation(
      Pool kept,
      double keptMass,
      double entropyIn,
      Map<String, Object> extra,
      @Nullable TopHReport topH) {
    this.kept = kept;
    this.keptMass = keptMass;
    this.entropyIn = entropyIn;
    this.extra = extra;
    this.topH = topH;
  }

  /**
   * What Top-H says of its cut.
   *
   * @param budget the bound on the entropy, nats
   * @param nextEntropy H in nats had one more token been kept; null if all are
   * @param cutThroughTie whether the first token not kept is as probable as the last one kept
   * @param certificate null unless asked for, and only for the paper's variant
   * @param optimum null unless asked for
   */
  public record TopHReport(
      double budget,
      @Nullable Double nextEntropy,
      boolean cutThroughTie,
      @Nullable Certificate certificate,
      Optimum.@Nullable Found optimum) {}

  /** A step's tokens and what it has to say. */
  record Step(Pool kept, boolean reshapes, Map<String, Object> extra, @Nullable TopHReport topH) {
    static Step kept(Pool pool) {
      return new Step(pool, false, Map.of(), null);
    }

    static Step kept(Pool pool, String name, Object value) {
      return new Step(pool, false, Map.of(name, value), null);
    }

    static Step reshaped(Pool pool, Map<String, Object> extra) {
      return new Step(pool, true, extra, null);
    }
  }

  /**
   * Runs a chain: each step sees the renormalised outcome of the one before.
   *
   * @throws InvalidInput if a step's parameters do not fit the row; the pointer begins with the
   *     step's index
   */
  public static Truncation of(Distribution row, List<Sampler> chain) {
    return of(Pool.of(row), chain);
  }

  static Truncation of(Pool pool, List<Sampler> chain) {
    double mass = 1;
    Pool kept = pool;
    Map<String, Object> extra = Map.of();
    TopHReport topH = null;
    for (int i = 0; i < chain.size(); i++) {
      Step step;
      try {
        step = chain.get(i).step(kept);
      } catch (InvalidInput e) {
        throw e.under("/" + i);
      }
      mass *= step.reshapes() ? 1 : kept.massOf(step.kept());
      kept = step.kept();
      extra = step.extra();
      topH = step.topH();
    }
    return new Truncation(kept, mass, pool.entropy(), new LinkedHashMap<>(extra), topH);
  }

  /** The same, as part of a row that is known in part: the pool was a prefix with this mass. */
  Truncation within(double mass, Interval rowEntropy) {
    return new Truncation(
        kept, keptMass * mass, rowEntropy.isExact() ? rowEntropy.low() : Double.NaN, extra, topH);
  }

  public int keptCount() {
    return kept.size();
  }

  /** The first {@code limit} kept ids. */
  public int[] keptIds(int limit) {
    var ids = new int[Math.min(limit, kept.size())];
    for (int rank = 0; rank < ids.length; rank++) {
      ids[rank] = kept.id(kept.ranked(rank));
    }
    return ids;
  }

  /** Their probabilities, renormalised over all that is kept. */
  public double[] probs(int limit) {
    var probs = new double[Math.min(limit, kept.size())];
    for (int rank = 0; rank < probs.length; rank++) {
      probs[rank] = kept.prob(kept.ranked(rank));
    }
    return probs;
  }

  /** Natural logarithms of {@link #probs}. */
  public double[] lnProbs(int limit) {
    var lnProbs = new double[Math.min(limit, kept.size())];
    for (int rank = 0; rank < lnProbs.length; rank++) {
      lnProbs[rank] = kept.lnProb(kept.ranked(rank));
    }
    return lnProbs;
  }

  /**
   * The rank of the kept token that a number in [0, 1) draws: probabilities are added in the order
   * of {@link #keptIds} until they exceed it.
   */
  public int draw(double u) {
    double sum = 0;
    for (int rank = 0; rank < kept.size(); rank++) {
      sum += kept.prob(kept.ranked(rank));
      if (sum > u) {
        return rank;
      }
    }
    return kept.size() - 1;
  }

  /** One bit for each token of the vocabulary, bit i of byte j for token 8j + i. */
  public byte[] bitmask() {
    var mask = new byte[(kept.vocabSize() + 7) / 8];
    for (int i = 0; i < kept.size(); i++) {
      mask[kept.id(i) >> 3] |= (byte) (1 << (kept.id(i) & 7));
    }
    return mask;
  }

  /**
   * The kept mass in what each step was given, multiplied over the steps; a step that only reshapes
   * counts 1.
   */
  public double keptMass() {
    return keptMass;
  }

  /** H in nats before the first step; NaN where only a range of it is known. */
  public double entropyIn() {
    return entropyIn;
  }

  /** H in nats of what is left. */
  public double entropy() {
    return kept.entropy();
  }

  public int vocabSize() {
    return kept.vocabSize();
  }

  /** The numbers of the last step, by their names on the wire. */
  public Map<String, Object> extra() {
    return extra;
  }

  /** What the last step has to say if it is Top-H. */
  public @Nullable TopHReport topH() {
    return topH;
  }
}
