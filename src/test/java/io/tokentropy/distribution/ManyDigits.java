package io.tokentropy.distribution;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A row of logits in arithmetic of so many digits that nothing cancels: the reference for rows of
 * any certainty. With 340 digits an entropy of 1e-280 still has 50.
 */
public final class ManyDigits {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private final MathContext context;

  /** Ids from the most probable token on; equal ones by id. */
  public final List<Integer> ranking;

  /** p / p₁ by rank, and −ln of it. */
  private final List<BigDecimal> ratios = new ArrayList<>();

  private final List<BigDecimal> depths = new ArrayList<>();

  /** A set of tokens that holds the best one, by the sums over its others. */
  public record Set(BigDecimal rest, BigDecimal weighted) {
    /** The best token alone. */
    public static final Set BEST = new Set(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  public ManyDigits(double[] logits, int digits) {
    context = new MathContext(digits);
    ranking =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparing((Integer id) -> -logits[id]).thenComparing(id -> id))
            .toList();
    var max = new BigDecimal(logits[ranking.getFirst()]);
    for (int id : ranking) {
      BigDecimal depth = max.subtract(new BigDecimal(logits[id]));
      depths.add(depth);
      ratios.add(exp(depth.negate()));
    }
  }

  public int size() {
    return ratios.size();
  }

  public Set with(Set set, int rank) {
    return new Set(
        set.rest.add(ratios.get(rank), context),
        set.weighted.add(ratios.get(rank).multiply(depths.get(rank), context), context));
  }

  public Set whole() {
    Set set = Set.BEST;
    for (int rank = 1; rank < size(); rank++) {
      set = with(set, rank);
    }
    return set;
  }

  /** H of a set, renormalised: ln(1 + R) + W / (1 + R). */
  public BigDecimal entropy(Set set) {
    return ln(BigDecimal.ONE.add(set.rest))
        .add(set.weighted.divide(BigDecimal.ONE.add(set.rest), context), context);
  }

  /** −p ln p of the token at a rank, times Z, with Z of a given set. */
  public BigDecimal surprise(int rank, Set of) {
    return ratios
        .get(rank)
        .multiply(depths.get(rank).add(ln(BigDecimal.ONE.add(of.rest))), context);
  }

  /** −ln p of the token at a rank. */
  public BigDecimal surprisal(int rank) {
    return depths.get(rank).add(ln(BigDecimal.ONE.add(whole().rest)), context);
  }

  public BigDecimal varentropy() {
    BigDecimal entropy = entropy(whole());
    BigDecimal z = BigDecimal.ONE.add(whole().rest);
    BigDecimal sum = BigDecimal.ZERO;
    for (int rank = 0; rank < size(); rank++) {
      BigDecimal off = surprisal(rank).subtract(entropy);
      sum = sum.add(ratios.get(rank).multiply(off, context).multiply(off, context), context);
    }
    return sum.divide(z, context);
  }

  /** Σ p^order, less 1. */
  public BigDecimal powers(BigDecimal order) {
    BigDecimal lnZ = surprisal(0);
    BigDecimal sum = BigDecimal.ONE.negate();
    for (int rank = 0; rank < size(); rank++) {
      sum = sum.add(exp(depths.get(rank).add(lnZ).multiply(order).negate()));
    }
    return sum;
  }

  /** e^x for x ≤ 0: a series for x / 2^12, squared twelve times. */
  public BigDecimal exp(BigDecimal x) {
    var more = new MathContext(context.getPrecision() + 12);
    BigDecimal small = x.divide(BigDecimal.valueOf(4096), more);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int i = 1;
        term.signum() != 0 && term.scale() - term.precision() < more.getPrecision();
        i++) {
      term = term.multiply(small, more).divide(BigDecimal.valueOf(i), more);
      sum = sum.add(term, more);
    }
    for (int i = 0; i < 12; i++) {
      sum = sum.multiply(sum, more);
    }
    return sum.round(context);
  }

  /** ln y for y ≥ 1, by Halley's steps from the double logarithm: each trebles the digits. */
  public BigDecimal ln(BigDecimal y) {
    BigDecimal less = y.subtract(BigDecimal.ONE);
    var found = new BigDecimal(Math.log1p(less.doubleValue()));
    for (int digits = 15; digits < context.getPrecision(); digits *= 3) {
      BigDecimal inverse = exp(found.negate());
      BigDecimal ratio = y.multiply(inverse, context);
      found =
          found.add(
              TWO.multiply(ratio.subtract(BigDecimal.ONE))
                  .divide(ratio.add(BigDecimal.ONE), context),
              context);
    }
    return found;
  }
}
