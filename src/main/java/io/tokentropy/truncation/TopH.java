package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation.Step;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Top-H: the most probable tokens, one by one, while their entropy stays within α times that of the
 * row.
 *
 * <p>{@link Variant#PAPER} bounds H(q), q renormalised over the kept tokens, by α H(p) over the
 * whole vocabulary, as Algorithm 1 does. Published code bounds something else: {@link
 * Variant#REFERENCE}, the authors', adds up −p ln p of the kept tokens and bounds it by α times
 * that sum over the best 100; {@link Variant#HF} does the same with p renormalised over the best
 * 100. For p = (½, ¼, ⅛, ⅛) and α = 0.4 all keep one token; at α = 0.6 of a uniform row of 32 the
 * paper keeps 8, the others 19. Neither of the two keeps H(q) within the budget.
 *
 * @param alpha in (0, 1]
 * @param topN look at the best n only; 100 where absent for the published variants
 * @param rule whether the first token that does not fit ends it, or is left out
 * @param certificate whether to bound the mass of every feasible set, for the paper's variant
 * @param nodeLimit with a value, search for the set of greatest mass in so many branches
 * @see <a href="https://arxiv.org/abs/2509.02510">Top-H Decoding</a>
 */
public record TopH(
    double alpha,
    Variant variant,
    OptionalInt topN,
    Rule rule,
    boolean certificate,
    OptionalInt nodeLimit)
    implements Sampler {

  private static final int PUBLISHED_TOP_N = 100;

  /** Which quantity is bounded. */
  public enum Variant {
    PAPER,
    REFERENCE,
    HF;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happens at the first token that does not fit. */
  public enum Rule {
    STOP,
    SKIP;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What Top-H says of its cut.
   *
   * @param budgetEntropy the entropy that α multiplies, nats; for {@link Variant#REFERENCE} the sum
   *     that stands in its place
   * @param budget the bound on the entropy, nats
   * @param nextEntropy H in nats had one more token been kept; null if all are
   * @param cutThroughTie whether the first token not kept is as probable as the last one kept
   * @param certificate null unless asked for, and only for the paper's variant
   * @param optimum null unless asked for
   */
  public record Report(
      double budgetEntropy,
      double budget,
      @Nullable Double nextEntropy,
      boolean cutThroughTie,
      @Nullable Certificate certificate,
      Optimum.@Nullable Found optimum)
      implements Sampler.Report {}

  public TopH {
    if (!(alpha > 0 && alpha <= 1)) {
      throw new InvalidInput.ParameterOutOfRange("/alpha", alpha, "above 0 and at most 1");
    }
    if (topN.isPresent() && topN.getAsInt() < 1) {
      throw new InvalidInput.ParameterOutOfRange("/top_n", topN.getAsInt(), "at least 1");
    }
    if (nodeLimit.isPresent() && nodeLimit.getAsInt() < 1) {
      throw new InvalidInput.ParameterOutOfRange("/node_limit", nodeLimit.getAsInt(), "at least 1");
    }
    if (nodeLimit.isPresent() && variant != Variant.PAPER) {
      throw new InvalidInput.ConflictingInputs(
          "/exact", "the optimum is that of the paper's rule, found variant " + variant.wire());
    }
  }

  /** The paper's rule with a certificate. */
  public static TopH of(double alpha) {
    return new TopH(
        alpha, Variant.PAPER, OptionalInt.empty(), Rule.STOP, true, OptionalInt.empty());
  }

  @Override
  public Step step(Pool pool) {
    return variant == Variant.PAPER ? paper(pool) : published(pool);
  }

  /** H of a prefix from its sums: ln Γ − (Σ p ln p) / Γ. */
  static double prefixEntropy(double mass, double weighted) {
    return Math.max(0, Math.log(mass) - weighted / mass);
  }

  private Step paper(Pool pool) {
    double budget = alpha * pool.entropy();
    int limit = Math.min(topN.orElse(Integer.MAX_VALUE), pool.size());
    double mass = 0;
    double weighted = 0;
    int rank = 0;
    double next = 0;
    while (rank < limit) {
      int position = pool.ranked(rank);
      double p = pool.prob(position);
      double more = weighted + p * pool.lnProb(position);
      double entropy = prefixEntropy(mass + p, more);
      if (rank > 0 && !Slack.atMost(entropy, budget)) {
        next = entropy;
        break;
      }
      mass += p;
      weighted = more;
      rank++;
    }
    if (rank == limit && rank < pool.size()) {
      int position = pool.ranked(rank);
      double p = pool.prob(position);
      next = prefixEntropy(mass + p, weighted + p * pool.lnProb(position));
    }
    boolean all = rank == pool.size();
    Pool kept = pool.prefix(rank);
    if (rule == Rule.SKIP && !all) {
      kept = skipping(pool, rank, limit, budget, mass, weighted);
    }
    Certificate bound = null;
    if (certificate) {
      double after = all ? 0 : pool.prob(pool.ranked(rank));
      bound = Certificate.of(budget, all ? 1 : mass, weighted, after, pool.massOf(kept));
    }
    return Step.kept(
        kept,
        new Report(
            pool.entropy(),
            budget,
            all ? null : next,
            cutsTie(pool, rank),
            bound,
            nodeLimit.isPresent() ? Optimum.of(pool, budget, nodeLimit.getAsInt()) : null));
  }

  /** Every further token that fits, one by one. */
  private static Pool skipping(
      Pool pool, int rank, int limit, double budget, double mass, double weighted) {
    var keeps = new boolean[pool.size()];
    for (int r = 0; r < rank; r++) {
      keeps[pool.ranked(r)] = true;
    }
    double m = mass;
    double w = weighted;
    for (int r = rank; r < limit; r++) {
      int position = pool.ranked(r);
      double p = pool.prob(position);
      double more = w + p * pool.lnProb(position);
      if (Slack.atMost(prefixEntropy(m + p, more), budget)) {
        keeps[position] = true;
        m += p;
        w = more;
      }
    }
    return pool.filtered(position -> keeps[position]);
  }

  private Step published(Pool pool) {
    int limit = Math.min(topN.orElse(PUBLISHED_TOP_N), pool.size());
    double mass = 0;
    double whole = 0;
    for (int rank = 0; rank < limit; rank++) {
      int position = pool.ranked(rank);
      double p = pool.prob(position);
      mass += p;
      whole -= p * pool.lnProb(position);
    }
    boolean renormalised = variant == Variant.HF;
    double scale = renormalised ? mass : 1;
    double shift = Math.log(scale);
    double bounded = Math.max(0, renormalised ? whole / mass + shift : whole);
    double budget = alpha * bounded;
    double sum = 0;
    double keptMass = 0;
    double keptWeighted = 0;
    int rank = 0;
    while (rank < limit) {
      int position = pool.ranked(rank);
      double p = pool.prob(position);
      double more = sum - p / scale * (pool.lnProb(position) - shift);
      if (rank > 0 && !Slack.atMost(more, budget)) {
        break;
      }
      sum = more;
      keptMass += p;
      keptWeighted += p * pool.lnProb(position);
      rank++;
    }
    Double next = null;
    if (rank < pool.size()) {
      int position = pool.ranked(rank);
      double p = pool.prob(position);
      next = prefixEntropy(keptMass + p, keptWeighted + p * pool.lnProb(position));
    }
    return Step.kept(
        pool.prefix(rank), new Report(bounded, budget, next, cutsTie(pool, rank), null, null));
  }

  private static boolean cutsTie(Pool pool, int rank) {
    return rank < pool.size()
        && Slack.probabilityAtLeast(pool.prob(pool.ranked(rank)), pool.prob(pool.ranked(rank - 1)));
  }
}
