package io.tokentropy.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a chain of samplers leaves of one row, its tokens by probability, then by id. */
public final class Truncation {
  private final Pool kept;
  private final double keptMass;
  private final double entropyIn;
  private final Sampler.Report report;

  private Truncation(Pool kept, double keptMass, double entropyIn, Sampler.Report report) {
    this.kept = kept;
    this.keptMass = keptMass;
    this.entropyIn = entropyIn;
    this.report = report;
  }

  /** A step's tokens and what it has to say. */
  record Step(Pool kept, boolean reshapes, Sampler.Report report) {
    private static final Sampler.Report NOTHING = new Sampler.Nothing();

    static Step kept(Pool pool) {
      return kept(pool, NOTHING);
    }

    static Step kept(Pool pool, Sampler.Report report) {
      return new Step(pool, false, report);
    }

    static Step reshaped(Pool pool) {
      return reshaped(pool, NOTHING);
    }

    static Step reshaped(Pool pool, Sampler.Report report) {
      return new Step(pool, true, report);
    }
  }

  /**
   * Runs a chain: each step sees the renormalised outcome of the one before.
   *
   * @throws InvalidInput if a step's parameters do not fit the row; the pointer begins with the
   *     step's index
   */
  public static Truncation of(Distribution row, List<Sampler> chain) {
    return of(row, chain, Refusals.BY_INDEX);
  }

  /** The same with refusals in the caller's terms. */
  public static Truncation of(Distribution row, List<Sampler> chain, Refusals refusals) {
    int leading = leading(chain);
    if (leading == 0) {
      return of(Pool.of(row), chain, 0, refusals);
    }
    Truncation found =
        of(Pool.of(changed(row, chain, leading, refusals)), chain, leading, refusals);
    return new Truncation(found.kept, found.keptMass, row.entropy().low(), found.report);
  }

  /** How many steps there are up to the last that changes logits, if nothing cuts before it. */
  private static int leading(List<Sampler> chain) {
    int leading = 0;
    for (int i = 0; i < chain.size(); i++) {
      Sampler step = chain.get(i).bare();
      if (step.isOff() || (step instanceof Temperature heat && heat.temperature() > 0)) {
        continue;
      }
      if (!(step instanceof LogitStep)) {
        break;
      }
      leading = i + 1;
    }
    return leading;
  }

  /** The row with its logits changed by the first steps. */
  private static Distribution changed(
      Distribution row, List<Sampler> chain, int steps, Refusals refusals) {
    var logits = new double[row.size()];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = row.score(id);
    }
    for (int i = 0; i < steps; i++) {
      try {
        switch (chain.get(i).bare()) {
          case LogitStep step -> step.change(logits);
          case Temperature heat -> heat.divide(logits);
          case Sampler off -> {}
        }
      } catch (InvalidInput e) {
        throw refusals.placed(i, e);
      }
    }
    return Distribution.ofLogits(logits, 1);
  }

  /** The rest of a chain, from a step on. */
  static Truncation of(Pool pool, List<Sampler> chain, int from, Refusals refusals) {
    double mass = 1;
    Pool kept = pool;
    Sampler.Report report = Step.NOTHING;
    for (int i = from; i < chain.size(); i++) {
      Wanted.orStop();
      Step step;
      try {
        step = chain.get(i).step(kept);
      } catch (InvalidInput e) {
        throw refusals.placed(i, e);
      }
      mass *= step.reshapes() ? 1 : kept.massOf(step.kept());
      kept = step.kept();
      report = step.report();
    }
    return new Truncation(kept, mass, pool.entropy(), report);
  }

  /** The same, as part of a row that is known in part: the pool was a prefix with this mass. */
  Truncation within(double mass, Interval rowEntropy) {
    return new Truncation(
        kept, keptMass * mass, rowEntropy.isExact() ? rowEntropy.low() : Double.NaN, report);
  }

  public int keptCount() {
    return kept.size();
  }

  /** The kept id at a rank, from 0; asked for in order, no rank is sorted twice. */
  public int keptId(int rank) {
    return kept.id(kept.ranked(rank));
  }

  /** The first {@code limit} kept ids. */
  public int[] keptIds(int limit) {
    var ids = new int[Math.min(limit, kept.size())];
    for (int rank = 0; rank < ids.length; rank++) {
      ids[rank] = keptId(rank);
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

  /** What the last step has to say. */
  public Sampler.Report report() {
    return report;
  }

  /** The same if that step is Top-H, else null. */
  public TopH.@Nullable Report topH() {
    return report instanceof TopH.Report topH ? topH : null;
  }
}
