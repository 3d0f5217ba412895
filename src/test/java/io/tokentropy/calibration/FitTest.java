package io.tokentropy.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.evaluation.Reliability;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps from scores to confidences. */
class FitTest {
  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  static Stream<Fit> fits() {
    return Stream.of(new Fit.Platt(), new Fit.Isotonic(), new Fit.Histogram(8));
  }

  /** Answers that are right with probability 1/(1 + e^(2 (score − 3))). */
  private static Answers drawn(long seed, int n) {
    var random = new Random(seed);
    var scores = new double[n];
    var right = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = 3 + random.nextGaussian();
      right[i] = random.nextDouble() < truth(scores[i]);
    }
    return Answers.of(scores, right, true);
  }

  private static double truth(double score) {
    return 1 / (1 + Math.exp(2 * (score - 3)));
  }

  /** Of eight answers right, wrong, right | wrong, wrong the middle three pool: 1, ½, ½, 0. */
  @Test
  void adjacentViolatorsArePooled() {
    double[] scores = {1, 2, 3, 4, 5};
    boolean[] right = {true, false, true, false, false};
    var map = (ConfidenceMap.Isotonic) new Fit.Isotonic().of(answers(scores, right));
    assertThat(map.scores()).containsExactly(1, 2, 3, 4, 5);
    assertThat(map.confidences()).containsExactly(1, 0.5, 0.5, 0, 0);
    assertThat(map.confidence(1.5)).isEqualTo(0.75);
    assertThat(map.confidence(-9)).isEqualTo(1);
    assertThat(map.confidence(9)).isEqualTo(0);
  }

  /** Some answers, however few: each of theirs beside copies that a longer list needs. */
  private static Answers answers(double[] scores, boolean[] right) {
    int copies = 20;
    var all = new double[scores.length * copies];
    var flags = new boolean[all.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = scores[i % scores.length];
      flags[i] = right[i % scores.length];
    }
    return Answers.of(all, flags, true);
  }

  /** Of all monotone maps of the scores' ranks to tenths none has a smaller Brier score. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noMonotoneMapIsBetterThanTheIsotonicOne(long seed) {
    Answers answers = drawn(seed, 40);
    ConfidenceMap map = new Fit.Isotonic().of(answers);
    double best = brier(answers, score -> map.confidence(score));
    var random = new Random(seed);
    for (int trial = 0; trial < 200; trial++) {
      double[] steps = random.doubles(6, 0, 6).sorted().toArray();
      double[] levels = random.doubles(7).map(level -> 1 - level).sorted().toArray();
      double found = brier(answers, score -> levels[6 - (-Arrays.binarySearch(steps, score) - 1)]);
      assertThat(found).isGreaterThanOrEqualTo(best - 1e-12);
    }
    for (double score = 0; score < 6; score += 0.1) {
      assertThat(map.confidence(score + 0.1)).isLessThanOrEqualTo(map.confidence(score));
    }
  }

  private interface Curve {
    double at(double score);
  }

  private static double brier(Answers answers, Curve curve) {
    var confidences = new double[answers.size()];
    for (int i = 0; i < confidences.length; i++) {
      confidences[i] = curve.at(answers.score(i));
    }
    return Reliability.of(confidences, answers.right(), 10).brier();
  }

  /** The curve that drew 20,000 answers has slope −2 at the center, and comes back. */
  @Test
  void plattFindsTheCurveThatDrewTheAnswers() {
    ConfidenceMap map = new Fit.Platt().of(drawn(3, 20_000));
    for (double score : new double[] {1, 2, 3, 4, 5}) {
      assertThat(map.confidence(score)).isCloseTo(truth(score), within(0.015));
    }
  }

  /** At the greatest likelihood both slopes vanish, against Platt's targets. */
  @ParameterizedTest
  @MethodSource("seeds")
  void plattEndsWhereTheLikelihoodIsFlat(long seed) {
    Answers answers = drawn(seed, 60);
    var map = (ConfidenceMap.Platt) new Fit.Platt().of(answers);
    double right = answers.countRight();
    double intercept = 0;
    double slope = 0;
    for (int i = 0; i < answers.size(); i++) {
      double target =
          answers.right(i) ? (right + 1) / (right + 2) : 1 / (answers.size() - right + 2);
      double miss = target - map.confidence(answers.score(i));
      intercept += miss;
      slope += miss * (answers.score(i) - map.center()) / map.scale();
    }
    assertThat(intercept).isCloseTo(0, within(1e-6));
    assertThat(slope).isCloseTo(0, within(1e-6));
  }

  /** Right and wrong answers without overlap, at scores that are nearly alike and far from 0. */
  @Test
  void plattStaysFiniteWhereACurveCouldBeAStep() {
    var scores = new double[40];
    var right = new boolean[40];
    for (int i = 0; i < 40; i++) {
      scores[i] = 1e9 + i * 1e-3;
      right[i] = i < 20;
    }
    ConfidenceMap map = new Fit.Platt().of(Answers.of(scores, right, true));
    assertThat(map.confidence(1e9)).isBetween(0.9, 1.0);
    assertThat(map.confidence(1e9 + 0.039)).isBetween(0.0, 0.1);
  }

  @ParameterizedTest
  @MethodSource("fits")
  void equalScoresGiveTheShareOfRightAnswers(Fit fit) {
    var right = new boolean[100];
    Arrays.fill(right, 0, 30, true);
    ConfidenceMap map = fit.of(Answers.of(new double[100], right, true));
    assertThat(map.confidence(0)).isCloseTo(0.3, within(0.01));
    assertThat(map.confidence(7)).isEqualTo(map.confidence(0));
  }

  /** On other answers of the same kind the error is about what cross-validation said. */
  @ParameterizedTest
  @MethodSource("fits")
  void crossValidationForetellsTheErrorOnOthers(Fit fit) {
    Answers known = drawn(1, 2000);
    double foretold = Reliability.of(fit.crossValidated(known), known.right(), 10).brier();
    ConfidenceMap map = fit.of(known);
    assertThat(brier(drawn(2, 20_000), map::confidence)).isCloseTo(foretold, within(0.015));
  }

  /** A map that learned an answer by heart would be right of each; held out, it is not. */
  @Test
  void noAnswerIsJudgedByAMapThatSawIt() {
    var scores = new double[40];
    var right = new boolean[40];
    for (int i = 0; i < 40; i++) {
      scores[i] = i;
      right[i] = i % 2 == 0;
    }
    Answers answers = Answers.of(scores, right, true);
    double[] held = new Fit.Histogram(8).crossValidated(answers);
    ConfidenceMap map = new Fit.Histogram(8).of(answers);
    assertThat(Reliability.of(held, right, 10).brier())
        .isGreaterThan(brier(answers, map::confidence));
  }

  @Test
  void whatCannotBeCalibratedIsRefused() {
    boolean[] right = new boolean[20];
    double[] scores = new double[20];
    Arrays.setAll(scores, i -> i);
    refused("/correct", scores, right, true);
    Arrays.fill(right, 0, 4, true);
    refused("/correct", scores, right, true);
    Arrays.fill(right, 0, 10, true);
    refused("/higher_means", scores, right, false);
    refused("/scores", Arrays.copyOf(scores, 19), Arrays.copyOf(right, 19), true);
    scores[3] = 1e101;
    refused("/scores/3", scores, right, true);
  }

  private static void refused(String pointer, double[] scores, boolean[] right, boolean uncertain) {
    assertThatThrownBy(() -> Answers.of(scores, right, uncertain))
        .isInstanceOfSatisfying(
            InvalidInput.ParameterOutOfRange.class,
            e -> assertThat(e.pointer()).isEqualTo(pointer));
  }

  /** Bins up to 1, to 2, to 3 and beyond: 0.9, 0.2, 0.8, 0.1. */
  @ParameterizedTest
  @CsvSource({
    "0,   1,   0.9, 0.9",
    "0.5, 1.5, 0.2, 0.9",
    "1.1, 2,   0.2, 0.2",
    "1.1, 2.1, 0.2, 0.8",
    "1.1, 9,   0.1, 0.8",
    "3,   3,   0.8, 0.8",
    "-9,  9,   0.1, 0.9"
  })
  void theConfidencesOfARangeOfScoresAreThoseOfItsBins(
      double low, double high, double least, double most) {
    var map =
        new ConfidenceMap.Histogram(new double[] {1, 2, 3}, new double[] {0.9, 0.2, 0.8, 0.1});
    assertThat(map.between(low, high)).isEqualTo(new ConfidenceMap.Ends(least, most));
  }

  /** A map of knots may turn within a range, though none that is fitted here does. */
  @Test
  void theConfidencesOfARangeOfScoresReachToTheKnotsInIt() {
    var map = new ConfidenceMap.Isotonic(new double[] {0, 1, 2}, new double[] {0, 1, 0});
    assertThat(map.between(0.5, 1.75)).isEqualTo(new ConfidenceMap.Ends(0.25, 1));
    assertThat(map.between(0, 0.5)).isEqualTo(new ConfidenceMap.Ends(0, 0.5));
    var curve = new ConfidenceMap.Platt(0, 1, -1, 0);
    assertThat(curve.between(0, 1e300)).isEqualTo(new ConfidenceMap.Ends(0, 0.5));
  }
}
