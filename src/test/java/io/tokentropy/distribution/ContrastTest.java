package io.tokentropy.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.tokentropy.refusal.InvalidInput;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContrastTest {
  private static Distribution probs(double... probs) {
    return Distribution.ofProbsToCompare(probs, 1);
  }

  /** KL((½ + d, ½ − d) ‖ (½, ½)) = Σ (2d)²ᵏ / (2k (2k − 1)); the powers of two are exact. */
  @ParameterizedTest
  @ValueSource(ints = {3, 10, 20, 30, 40, 50})
  void nearlyEqualProbabilitiesKeepTheirDigits(int exponent) {
    double d = Math.scalb(1, -exponent);
    double square = 4 * d * d;
    double exact =
        square / 2
            + square * square / 12
            + Math.pow(square, 3) / 30
            + Math.pow(square, 4) / 56
            + Math.pow(square, 5) / 90
            + Math.pow(square, 6) / 132;
    Contrast pair = Contrast.of(probs(0.5 + d, 0.5 - d), probs(0.5, 0.5));
    assertThat(pair.kl()).isCloseTo(exact, withPercentage(exponent == 3 ? 1e-6 : 1e-11));
  }

  /** The same pair as logits, whatever their offset: σ(ε) = ½ + tanh(ε/2)/2. */
  @ParameterizedTest
  @ValueSource(ints = {10, 20, 30, 40, 50})
  void nearlyEqualLogitsKeepTheirDigits(int exponent) {
    double epsilon = Math.scalb(1, -exponent);
    double square = Math.pow(Math.tanh(epsilon / 2), 2);
    double exact = square / 2 + square * square / 12 + Math.pow(square, 3) / 30;
    Distribution p = Distribution.ofLogits(new double[] {epsilon, 0}, 1);
    Distribution q = Distribution.ofLogits(new double[] {-64, -64}, 1);
    assertThat(Contrast.of(p, q).kl()).isCloseTo(exact, withPercentage(1e-10));
  }

  static LongStream seeds() {
    return LongStream.range(1, 60);
  }

  private static Distribution row(Random random, int size) {
    var logits = new double[size];
    double spread = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      logits[i] = spread * random.nextGaussian();
    }
    return Distribution.ofLogits(logits, 0.5 + random.nextDouble());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void farRowsHaveThePlainDivergence(long seed) {
    var random = new Random(seed);
    int size = 1 + (int) seed;
    Distribution p = row(random, size);
    Distribution q = row(random, size);
    double plain = 0;
    for (int i = 0; i < size; i++) {
      plain += p.prob(i) * (p.lnProb(i) - q.lnProb(i));
    }
    Contrast pair = Contrast.of(p, q);
    assertThat(pair.kl()).isCloseTo(plain, org.assertj.core.api.Assertions.within(1e-12 * size));
    assertThat(pair.reversed().kl()).isCloseTo(Contrast.of(q, p).kl(), withPercentage(1e-9));
  }

  @Test
  void aRowIsNoDistanceFromItself() {
    Distribution p = probs(0.1, 0.2, 0.7);
    assertThat(Contrast.of(p, probs(0.1, 0.2, 0.7)).kl()).isZero();
  }

  @Test
  void aTokenThatTheOtherRulesOutIsInfinitelyFar() {
    Contrast pair = Contrast.of(probs(0.5, 0.5, 0), probs(1, 0, 0));
    assertThat(pair.kl()).isInfinite();
    assertThat(pair.reversed().kl()).isCloseTo(Math.log(2), withPercentage(1e-12));
    assertThat(pair.lnRatio(1)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(pair.lnRatio(2)).isZero();
  }

  @Test
  void rowsOfDifferentLengthsAreRefused() {
    assertThatThrownBy(() -> Contrast.of(probs(1), probs(0.5, 0.5)))
        .isInstanceOf(InvalidInput.ShapeMismatch.class);
  }
}
