package io.tokentropy.truncation;

import io.tokentropy.kernel.Sums;
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
      throw InvalidInput.ParameterOutOfRange.share("/alpha", alpha, "above 0 and at most 1");
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

  private Step paper(Pool pool) {
    double budget = alpha * pool.entropy();
    int limit = Math.min(topN.orElse(Integer.MAX_VALUE), pool.size());
    var prefix = new Prefix();
    int rank = 1;
    while (rank < limit && prefix.addWithin(pool.depthOfRank(rank), budget)) {
      rank++;
    }
    boolean all = rank == pool.size();
    Pool kept = pool.prefix(rank);
    if (rule == Rule.SKIP && !all) {
      kept = skipping(pool, rank, limit, budget, prefix);
    }
    return Step.kept(
        kept,
        new Report(
            pool.entropy(),
            budget,
            all ? null : prefix.with(pool.depthOfRank(rank)).entropy(),
            cutsTie(pool, rank),
            certificate ? Certificate.of(budget, prefix, pool, rank, kept) : null,
            nodeLimit.isPresent() ? Optimum.of(pool, budget, nodeLimit.getAsInt()) : null));
  }

  /** Every further token that fits, one by one. */
  private static Pool skipping(Pool pool, int rank, int limit, double budget, Prefix prefix) {
    var keeps = new boolean[pool.size()];
    for (int r = 0; r < rank; r++) {
      keeps[pool.ranked(r)] = true;
    }
    var set = new Prefix(prefix);
    for (int r = rank; r < limit; r++) {
      if (set.addWithin(pool.depthOfRank(r), budget)) {
        keeps[pool.ranked(r)] = true;
      }
    }
    return pool.filtered(position -> keeps[position]);
  }

  /**
   * Adds up −p ln p = e (depth − ln p₁) p₁, where e = p / p₁; over both sides of the comparison p₁
   * is left out.
   */
  private Step published(Pool pool) {
    int limit = Math.min(topN.orElse(PUBLISHED_TOP_N), pool.size());
    var best = new Prefix();
    for (int rank = 1; rank < limit; rank++) {
      best.add(pool.depthOfRank(rank));
    }
    boolean renormalised = variant == Variant.HF;
    double rest = renormalised ? best.rest() : pool.rest();
    double surprise = Sums.ln1p(rest);
    double whole = best.weighted() + surprise * (1 + best.rest());
    var prefix = new Prefix();
    int rank = 1;
    while (rank < limit) {
      Prefix more = prefix.with(pool.depthOfRank(rank));
      if (!Slack.atMost(more.weighted() + surprise * (1 + more.rest()), alpha * whole)) {
        break;
      }
      prefix = more;
      rank++;
    }
    return Step.kept(
        pool.prefix(rank),
        new Report(
            whole / (1 + rest),
            alpha * whole / (1 + rest),
            rank == pool.size() ? null : prefix.with(pool.depthOfRank(rank)).entropy(),
            cutsTie(pool, rank),
            null,
            null));
  }

  private static boolean cutsTie(Pool pool, int rank) {
    return rank < pool.size()
        && Slack.probabilityAtLeast(pool.prob(pool.ranked(rank)), pool.prob(pool.ranked(rank - 1)));
  }
}
