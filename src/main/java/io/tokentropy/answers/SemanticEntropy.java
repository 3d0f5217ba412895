package io.tokentropy.answers;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Semantic entropy: how evenly the answers spread over meanings. Known by several estimators, which
 * are different numbers; each has its own method here. Masses m of classes are sums of the
 * probabilities of their answers, kept as logarithms so that long answers do not vanish.
 *
 * @see <a href="https://arxiv.org/abs/2302.09664">Semantic Uncertainty</a>
 * @see "Farquhar et al., Detecting hallucinations in large language models using semantic entropy,
 *     Nature 630, 2024"
 */
public final class SemanticEntropy {
  private final SemanticClasses classes;
  private final double[] lnMasses;

  private SemanticEntropy(SemanticClasses classes, double[] lnMasses) {
    this.classes = classes;
    this.lnMasses = lnMasses;
  }

  /** −Σ (n/N) ln (n/N) over the classes with n of N answers each; nats, 0 to ln N. */
  public static double discrete(SemanticClasses classes) {
    return Arrays.stream(classes.shares()).map(Sums::surprise).sum();
  }

  /**
   * The same summed over the answers in place of the classes, so that a class of n counts n times:
   * lm-polygraph's empirical estimator with {@code direct}.
   */
  public static double discreteOverAnswers(SemanticClasses classes) {
    double[] shares = classes.shares();
    return Arrays.stream(classes.toArray()).mapToDouble(c -> Sums.surprise(shares[c])).sum();
  }

  /**
   * Classes with the masses of their answers.
   *
   * @param answers as many as the classes are of
   * @param lengthNormalized whether an answer counts with the geometric mean over its tokens in
   *     place of its probability
   * @param texts of which one that is repeated within a class counts once; null if each counts
   * @throws InvalidInput.MissingInput if a length is needed and not known
   */
  public static SemanticEntropy of(
      SemanticClasses classes,
      List<Sequence> answers,
      boolean lengthNormalized,
      @Nullable List<String> texts) {
    var lnMasses = new double[classes.count()];
    Arrays.fill(lnMasses, Double.NEGATIVE_INFINITY);
    var seen = new HashSet<Place>();
    for (int i = 0; i < classes.size(); i++) {
      int own = classes.of(i);
      if (texts == null || seen.add(new Place(own, texts.get(i)))) {
        Sequence answer = answers.get(i);
        double lnProb = lengthNormalized ? meanLnProb(answer) : answer.lnProb();
        lnMasses[own] = lnSum(lnMasses[own], lnProb);
      }
    }
    return new SemanticEntropy(classes, lnMasses);
  }

  /** A text in its class. */
  private record Place(int own, String text) {}

  private static double meanLnProb(Sequence answer) {
    return answer
        .meanLnProb()
        .orElseThrow(
            () ->
                new InvalidInput.MissingInput(
                    "", "lengths is missing, and length_normalized needs the number of tokens"));
  }

  /** ln(eᵃ + eᵇ). */
  private static double lnSum(double a, double b) {
    double greater = Math.max(a, b);
    double less = Math.min(a, b);
    return greater == Double.NEGATIVE_INFINITY
        ? greater
        : greater + Math.log1p(Math.exp(less - greater));
  }

  /** −Σ q ln q over the classes, q = m / Σ m; nats, 0 to ln C. */
  public double raoBlackwell() {
    double all = Double.NEGATIVE_INFINITY;
    for (double lnMass : lnMasses) {
      all = lnSum(all, lnMass);
    }
    double sum = 0;
    for (double lnMass : lnMasses) {
      double ln = lnMass - all;
      sum -= ln > Double.NEGATIVE_INFINITY ? Math.exp(ln) * ln : 0;
    }
    return Math.max(0, sum);
  }

  /**
   * −(1/N) Σ ln m over the answers, m the mass of each one's class; negative where a mass is above
   * 1. lm-polygraph's default.
   */
  public double monteCarlo() {
    return Arrays.stream(classes.toArray()).mapToDouble(c -> 0 - lnMasses[c]).sum()
        / classes.size();
  }

  /** −Σ m ln m over the answers: a class of n counts n times. lm-polygraph's {@code direct}. */
  public double direct() {
    return Arrays.stream(classes.toArray())
        .mapToDouble(c -> 0 - Math.exp(lnMasses[c]) * lnMasses[c])
        .sum();
  }

  /** −(1/C) Σ ln m over the classes. */
  public double classMean() {
    return Arrays.stream(lnMasses).map(lnMass -> 0 - lnMass).sum() / lnMasses.length;
  }

  /** −ln of the mean mass of a class. */
  public double meanMass() {
    double all = Double.NEGATIVE_INFINITY;
    for (double lnMass : lnMasses) {
      all = lnSum(all, lnMass);
    }
    return Math.log(lnMasses.length) - all;
  }
}
