package io.tokentropy.ensemble;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.kernel.Sums;
import java.util.List;

/**
 * What several models say of one step, and what part of the uncertainty is that they disagree. All
 * entropies and divergences are in nats, all weighted by the members' shares w:
 *
 * <ul>
 *   <li>total = H(m) of the mixture m = Σ w p;
 *   <li>aleatoric = Σ w H(p), which more members cannot take away;
 *   <li>epistemic = Σ w KL(p‖m) = total − aleatoric, between 0 and H(w).
 * </ul>
 *
 * The difference would cancel where the members agree, so epistemic is summed from divergences, and
 * these from ln(p/m) = t − ln(1 + Σ w (eᵗ − 1)), where t = ln(p/r) is that of a {@link Contrast}
 * with the member r of the greatest share: it keeps its digits however near the members are.
 *
 * @see <a href="https://arxiv.org/abs/2506.09648">Scaling laws for uncertainty</a>
 */
public final class Ensemble {
  private final double[] shares;
  private final double[] memberEntropies;
  private final double[] toMixture;
  private final double[] fromMixture;
  private final Distribution mixture;
  private final double variance;

  private Ensemble(
      double[] shares,
      double[] memberEntropies,
      double[] toMixture,
      double[] fromMixture,
      Distribution mixture,
      double variance) {
    this.shares = shares;
    this.memberEntropies = memberEntropies;
    this.toMixture = toMixture;
    this.fromMixture = fromMixture;
    this.mixture = mixture;
    this.variance = variance;
  }

  /**
   * The decomposition; O(members · V).
   *
   * @param members at least one, all over the same tokens
   * @param shares one a member, at least 0; they sum to 1
   */
  public static Ensemble of(List<Distribution> members, double[] shares) {
    return new Sum(members, shares).all();
  }

  /** m. */
  public Distribution mixture() {
    return mixture;
  }

  /** H(m). */
  public double total() {
    return mixture.entropy().low();
  }

  /** Σ w H(p). */
  public double aleatoric() {
    return Sums.dot(shares, memberEntropies);
  }

  /** Σ w KL(p‖m), the mutual information between token and member. */
  public double epistemic() {
    return weighted(toMixture);
  }

  /**
   * Σ w KL(m‖p), the reverse mutual information; +∞ if a member rules out what another does not.
   */
  public double reverse() {
    return weighted(fromMixture);
  }

  /** Mean KL between every two members, themselves included: epistemic + reverse. */
  public double epkl() {
    return epistemic() + reverse();
  }

  /** Σ w ‖p − m‖², in squared probabilities. */
  public double variance() {
    return variance;
  }

  /** H(p), one a member. */
  public double[] memberEntropies() {
    return memberEntropies;
  }

  /** KL(p‖m), one a member; NaN where its share is 0. */
  public double[] memberDivergences() {
    double[] divergences = toMixture.clone();
    for (int m = 0; m < shares.length; m++) {
      divergences[m] = shares[m] > 0 ? divergences[m] : Double.NaN;
    }
    return divergences;
  }

  /** e^H(w): as many equal members count as much. */
  public double effectiveMembers() {
    double spread = 0;
    for (double share : shares) {
      spread += Sums.surprise(share);
    }
    return Math.exp(spread);
  }

  private double weighted(double[] divergences) {
    double sum = 0;
    for (int m = 0; m < shares.length; m++) {
      sum += shares[m] > 0 ? shares[m] * divergences[m] : 0;
    }
    return sum;
  }

  /** The sums over all tokens; a member without a share takes no part in them. */
  private static final class Sum {
    private final List<Distribution> members;
    private final double[] shares;
    private final Distribution reference;
    private final Contrast[] contrasts;
    private final double[] lnRatios;
    private final double[] toMixture;
    private final double[] fromMixture;
    private double variance;

    Sum(List<Distribution> members, double[] shares) {
      this.members = members;
      this.shares = shares;
      int greatest = 0;
      for (int m = 1; m < shares.length; m++) {
        greatest = shares[m] > shares[greatest] ? m : greatest;
      }
      reference = members.get(greatest);
      contrasts = new Contrast[shares.length];
      for (int m = 0; m < shares.length; m++) {
        contrasts[m] = Contrast.of(shares[m] > 0 ? members.get(m) : reference, reference);
      }
      lnRatios = new double[shares.length];
      toMixture = new double[shares.length];
      fromMixture = new double[shares.length];
    }

    Ensemble all() {
      var lnMixture = new double[reference.size()];
      for (int i = 0; i < lnMixture.length; i++) {
        Contrast.stopIfUnwanted(i);
        lnMixture[i] = lnMixture(i);
        if (lnMixture[i] > Double.NEGATIVE_INFINITY) {
          add(i, Math.exp(lnMixture[i]));
        }
      }
      return new Ensemble(
          shares,
          members.stream().mapToDouble(member -> member.entropy().low()).toArray(),
          toMixture,
          fromMixture,
          Distribution.ofLogits(lnMixture, 1),
          variance);
    }

    /** ln m of a token, with ln(p/m) of each member beside it. */
    private double lnMixture(int id) {
      boolean near = true;
      double excess = 0;
      for (int m = 0; m < shares.length; m++) {
        if (shares[m] > 0) {
          lnRatios[m] = contrasts[m].lnRatio(id);
          near &= Math.abs(lnRatios[m]) <= 1;
          excess += shares[m] * Math.expm1(lnRatios[m]);
        }
      }
      double lnReference = reference.lnProb(id);
      if (!near || lnReference == Double.NEGATIVE_INFINITY) {
        return lnMixtureOfFar(id);
      }
      double more = Math.log1p(excess);
      for (int m = 0; m < shares.length; m++) {
        lnRatios[m] -= more;
      }
      return lnReference + more;
    }

    /** The same where the members are far from one another; no power overflows. */
    private double lnMixtureOfFar(int id) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int m = 0; m < shares.length; m++) {
        lnRatios[m] = shares[m] > 0 ? members.get(m).lnProb(id) : Double.NEGATIVE_INFINITY;
        greatest = Math.max(greatest, lnRatios[m]);
      }
      if (greatest == Double.NEGATIVE_INFINITY) {
        return greatest;
      }
      double sum = 0;
      for (int m = 0; m < shares.length; m++) {
        sum += shares[m] * Math.exp(lnRatios[m] - greatest);
      }
      double lnMixture = greatest + Math.log(sum);
      for (int m = 0; m < shares.length; m++) {
        lnRatios[m] -= lnMixture;
      }
      return lnMixture;
    }

    private void add(int id, double mixed) {
      for (int m = 0; m < shares.length; m++) {
        if (shares[m] > 0) {
          double p = members.get(m).prob(id);
          toMixture[m] += Contrast.divergence(p, mixed, lnRatios[m]);
          fromMixture[m] += Contrast.divergence(mixed, p, -lnRatios[m]);
          double apart = lnRatios[m] <= 1 ? mixed * Math.expm1(lnRatios[m]) : p - mixed;
          variance += shares[m] * apart * apart;
        }
      }
    }
  }
}
