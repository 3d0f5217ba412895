package io.tokentropy.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTest {
  private static Distribution probs(double... probs) {
    return Distribution.ofProbsToCompare(probs, 1);
  }

  private static Ensemble equal(Distribution... members) {
    return Ensemble.of(List.of(members), Shares.equal(members.length));
  }

  @Test
  void aCoinAndASureMemberByHand() {
    Ensemble found = equal(probs(1, 0), probs(0.5, 0.5));
    double total = 0.75 * Math.log(4 / 3.0) + 0.25 * Math.log(4);
    assertThat(found.mixture().probs()).containsExactly(new double[] {0.75, 0.25}, within(1e-15));
    assertThat(found.total()).isCloseTo(total, within(1e-15));
    assertThat(found.aleatoric()).isCloseTo(Math.log(2) / 2, within(1e-15));
    assertThat(found.epistemic()).isCloseTo(total - Math.log(2) / 2, within(1e-15));
    assertThat(found.variance()).isCloseTo(0.125, within(1e-15));
    assertThat(found.reverse()).as("the sure member rules out the second token").isInfinite();
  }

  @Test
  void oneMemberIsAllAleatoric() {
    Ensemble found = equal(probs(0.25, 0.75));
    assertThat(found.epistemic()).isZero();
    assertThat(found.epkl()).isZero();
    assertThat(found.variance()).isZero();
    assertThat(found.total()).isCloseTo(found.aleatoric(), within(1e-15));
    assertThat(found.effectiveMembers()).isEqualTo(1);
  }

  @Test
  void disjointMembersAreAllEpistemicHowManyTheyAre() {
    Ensemble found = equal(probs(1, 0, 0), probs(0, 1, 0), probs(0, 0, 1));
    assertThat(found.aleatoric()).isZero();
    assertThat(found.epistemic()).isCloseTo(Math.log(3), within(1e-15));
    assertThat(found.epkl()).isInfinite();
  }

  @Test
  void aTokenThatAllRuleOutChangesNothing() {
    Ensemble with = equal(probs(0.2, 0, 0.8), probs(0.6, 0, 0.4));
    Ensemble without = equal(probs(0.2, 0.8), probs(0.6, 0.4));
    assertThat(with.epistemic()).isCloseTo(without.epistemic(), withPercentage(1e-12));
    assertThat(with.epkl()).isCloseTo(without.epkl(), withPercentage(1e-12));
  }

  /**
   * Of (½ ± d): epistemic is ln 2 − H(½ + d) = Σ (2d)²ᵏ / (2k (2k − 1)), far below what total −
   * aleatoric could tell.
   */
  @ParameterizedTest
  @ValueSource(ints = {8, 20, 30, 40, 50})
  void membersThatNearlyAgreeKeepTheirDigits(int exponent) {
    double d = Math.scalb(1, -exponent);
    double square = 4 * d * d;
    double exact = square / 2 + square * square / 12 + Math.pow(square, 3) / 30;
    Ensemble found = equal(probs(0.5 + d, 0.5 - d), probs(0.5 - d, 0.5 + d));
    assertThat(found.epistemic()).isCloseTo(exact, withPercentage(1e-9));
    assertThat(found.variance()).isCloseTo(2 * d * d, withPercentage(1e-10));
  }

  static LongStream seeds() {
    return LongStream.range(1, 80);
  }

  /** Rows of any temperature, some tokens masked in some members. */
  private static List<Distribution> members(Random random, int count, int size, boolean masks) {
    var members = new ArrayList<Distribution>();
    for (int m = 0; m < count; m++) {
      var logits = new double[size];
      for (int i = 0; i < size; i++) {
        boolean masked = masks && i > 0 && random.nextInt(5) == 0;
        logits[i] = masked ? Double.NEGATIVE_INFINITY : 4 * random.nextGaussian();
      }
      members.add(Distribution.ofLogits(logits, 1));
    }
    return members;
  }

  private static double[] shares(Random random, int count) {
    var weights = new double[count];
    for (int m = 0; m < count; m++) {
      weights[m] = m > 0 && random.nextInt(6) == 0 ? 0 : 0.1 + random.nextDouble();
    }
    return Shares.of(weights);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSumsAreThoseOfThePlainFormulas(long seed) {
    var random = new Random(seed);
    int count = 1 + random.nextInt(6);
    int size = 1 + (int) seed;
    List<Distribution> members = members(random, count, size, seed % 2 == 0);
    double[] shares = shares(random, count);
    var mean = new double[size];
    for (int m = 0; m < count; m++) {
      for (int i = 0; i < size; i++) {
        mean[i] += shares[m] * members.get(m).prob(i);
      }
    }
    double total = 0;
    for (double p : mean) {
      total += Sums.surprise(p);
    }
    double aleatoric = 0;
    double variance = 0;
    double epkl = 0;
    for (int m = 0; m < count; m++) {
      for (int i = 0; i < size; i++) {
        double p = members.get(m).prob(i);
        aleatoric += shares[m] * Sums.surprise(p);
        variance += shares[m] * (p - mean[i]) * (p - mean[i]);
        for (int k = 0; k < count; k++) {
          if (shares[m] > 0 && shares[k] > 0 && p > 0) {
            epkl +=
                shares[m] * shares[k] * p * (members.get(m).lnProb(i) - members.get(k).lnProb(i));
          }
        }
      }
    }
    Ensemble found = Ensemble.of(members, shares);
    assertThat(found.mixture().probs()).containsExactly(mean, within(1e-13));
    assertThat(found.total()).isCloseTo(total, within(1e-11));
    assertThat(found.aleatoric()).isCloseTo(aleatoric, within(1e-11));
    assertThat(found.epistemic()).isCloseTo(total - aleatoric, within(1e-11));
    assertThat(found.variance()).isCloseTo(variance, within(1e-12));
    assertThat(found.epistemic())
        .isBetween(0.0, Math.log(found.effectiveMembers()) * (1 + 1e-12) + 1e-15);
    if (Double.isInfinite(epkl)) {
      assertThat(found.epkl()).isInfinite();
    } else {
      assertThat(found.epkl()).isCloseTo(epkl, within(1e-10));
    }
  }

  /** A probability that a double cannot hold is none of the tokens that are ruled out. */
  @Test
  void probabilitiesBelowTheLeastDoubleAreNotZero() {
    Distribution sure = Distribution.ofLogits(new double[] {0, -800}, 1);
    Distribution other = Distribution.ofLogits(new double[] {-800, 0}, 1);
    Ensemble found = equal(sure, other);
    assertThat(found.epistemic()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(found.reverse()).isCloseTo(400 - Math.log(2), withPercentage(1e-12));
  }

  @Test
  void thePosteriorAndTheRegretByHand() {
    Evidence found = Evidence.of(new double[] {0, -Math.log(3)}, Shares.equal(2));
    assertThat(found.weights()).containsExactly(new double[] {0.75, 0.25}, within(1e-15));
    assertThat(found.regret()).isCloseTo(Math.log(1.5), within(1e-15));
    assertThat(found.regretBound()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(found.bestMember()).isZero();
  }

  /** Prior 1 − 1e-20 on the best: 1 − (1 − 1e-20) is 0 in doubles, the regret is not. */
  @Test
  void aTinyRegretKeepsItsDigits() {
    Evidence found = Evidence.of(new double[] {0, -100}, Shares.of(new double[] {1, 1e-20}));
    assertThat(found.regret()).isCloseTo(1e-20, withPercentage(1e-10));
  }

  @Test
  void likelihoodsOfAnyScaleAreTaken() {
    Evidence found = Evidence.of(new double[] {-1e6, -1e6 - 2}, Shares.equal(2));
    assertThat(found.weights()[0]).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-12));
    assertThat(found.logEvidence())
        .isCloseTo(-1e6 + Math.log((1 + Math.exp(-2)) / 2), within(1e-9));
  }

  @Test
  void aBestMemberWithoutPriorHasNoBound() {
    Evidence found = Evidence.of(new double[] {0, -5}, Shares.of(new double[] {0, 1}));
    assertThat(found.bestMember()).isZero();
    assertThat(found.regret()).isCloseTo(5, within(1e-12));
    assertThat(found.regretBound()).isInfinite();
  }

  @ParameterizedTest
  @CsvSource({"-1,1,/0", "0,0,''", "NaN,1,/0", "1,Infinity,/1"})
  void weightsThatAreNoneAreRefused(double first, double second, String pointer) {
    assertThatThrownBy(() -> Shares.of(new double[] {first, second}))
        .isInstanceOfSatisfying(
            InvalidInput.ParameterOutOfRange.class,
            refusal -> assertThat(refusal.pointer()).isEqualTo(pointer));
  }
}
