package io.tokentropy.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
  private static final double[] ORDERS = {0, 0.1, 0.5, 0.999999, 1.000001, 1.5, 2, 7};

  private static Distribution probs(double... probs) {
    return Distribution.ofProbsToCompare(probs, 1);
  }

  static LongStream seeds() {
    return LongStream.range(1, 80);
  }

  private static Distribution row(Random random, int size) {
    var logits = new double[size];
    for (int i = 0; i < size; i++) {
      logits[i] = 3 * random.nextGaussian();
    }
    return Distribution.ofLogits(logits, 1);
  }

  @Test
  void twoCoinsByHand() {
    Distances found = Distances.of(Contrast.of(probs(1, 0), probs(0.5, 0.5)));
    assertThat(found.kl()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(found.crossEntropy()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(found.reverseKl()).isInfinite();
    assertThat(found.totalVariation()).isEqualTo(0.5);
    assertThat(found.overlap()).isEqualTo(0.5);
    assertThat(found.hellinger()).isCloseTo(Math.sqrt(1 - Math.sqrt(0.5)), within(1e-15));
    assertThat(found.jensenShannon())
        .isCloseTo(0.75 * Math.log(4 / 3.0) + 0.25 * Math.log(4) - Math.log(2) / 2, within(1e-15));
  }

  @Test
  void disjointRowsAreAsFarApartAsCanBe() {
    Contrast pair = Contrast.of(probs(1, 0), probs(0, 1));
    Distances found = Distances.of(pair);
    assertThat(found.kl()).isInfinite();
    assertThat(found.crossEntropy()).isInfinite();
    assertThat(found.jensenShannon()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(found.totalVariation()).isEqualTo(1);
    assertThat(found.hellinger()).isEqualTo(1);
    assertThat(found.overlap()).isZero();
    for (double order : ORDERS) {
      assertThat(new Renyi(order).divergence(pair)).as("order " + order).isInfinite();
      assertThat(new Renyi(order).crossEntropy(pair)).as("order " + order).isInfinite();
    }
  }

  @Test
  void aRowIsNoDistanceFromItself() {
    Contrast pair = Contrast.of(probs(0.1, 0.2, 0.7), probs(0.1, 0.2, 0.7));
    Distances found = Distances.of(pair);
    assertThat(found.jensenShannon()).isZero();
    assertThat(found.totalVariation()).isZero();
    assertThat(found.hellinger()).isZero();
    assertThat(found.overlap()).isEqualTo(1);
    assertThat(new Renyi(3).divergence(pair)).isZero();
  }

  /** Of (½ ± d) and (½, ½): all of them have a series in d that a difference would lose. */
  @ParameterizedTest
  @ValueSource(ints = {10, 20, 30, 40, 50})
  void nearRowsKeepTheirDigits(int exponent) {
    double d = Math.scalb(1, -exponent);
    Contrast pair = Contrast.of(probs(0.5 + d, 0.5 - d), probs(0.5, 0.5));
    Distances found = Distances.of(pair);
    assertThat(found.totalVariation()).isCloseTo(d, withPercentage(1e-12));
    assertThat(found.hellinger())
        .isCloseTo(d / Math.sqrt(2) * (1 + 5 * d * d / 8), withPercentage(1e-8));
    assertThat(found.jensenShannon())
        .isCloseTo(d * d / 2 * (1 + 7 * d * d / 6), withPercentage(1e-8));
    assertThat(found.reverseKl()).isCloseTo(2 * d * d * (1 + 2 * d * d), withPercentage(1e-8));
    for (double order : new double[] {0.25, 0.999, 1.001, 3}) {
      double second = order * 2 * d * d;
      assertThat(new Renyi(order).divergence(pair))
          .as("order " + order)
          .isCloseTo(second, withPercentage(100 * 20 * d * d + 1e-8));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void distancesAreThoseOfThePlainFormulas(long seed) {
    var random = new Random(seed);
    int size = 1 + (int) seed;
    Distribution p = row(random, size);
    Distribution q = row(random, size);
    double cross = 0;
    double js = 0;
    double tv = 0;
    double hellinger = 0;
    for (int i = 0; i < size; i++) {
      double a = p.prob(i);
      double b = q.prob(i);
      cross -= a * Math.log(b);
      js += (a * Math.log(2 * a / (a + b)) + b * Math.log(2 * b / (a + b))) / 2;
      tv += Math.abs(a - b) / 2;
      hellinger += Math.pow(Math.sqrt(a) - Math.sqrt(b), 2) / 2;
    }
    Contrast pair = Contrast.of(p, q);
    Distances found = Distances.of(pair);
    assertThat(found.crossEntropy()).isCloseTo(cross, within(1e-11));
    assertThat(found.jensenShannon()).isCloseTo(js, within(1e-12));
    assertThat(found.totalVariation()).isCloseTo(tv, within(1e-12));
    assertThat(found.overlap()).isCloseTo(1 - tv, within(1e-12));
    assertThat(found.hellinger()).isCloseTo(Math.sqrt(hellinger), within(1e-10));
    double before = 0;
    for (double order : ORDERS) {
      double sum = 0;
      double crossSum = 0;
      for (int i = 0; i < size; i++) {
        sum += Math.pow(p.prob(i), order) * Math.pow(q.prob(i), 1 - order);
        crossSum += p.prob(i) * Math.pow(q.prob(i), order - 1);
      }
      double tolerance = 1e-11 / Math.min(1, Math.abs(order - 1));
      double divergence = new Renyi(order).divergence(pair);
      assertThat(divergence).isCloseTo(Math.log(sum) / (order - 1), within(tolerance));
      assertThat(divergence).as("it rises with the order").isGreaterThan(before - 1e-11);
      assertThat(new Renyi(order).crossEntropy(pair))
          .isCloseTo(Math.log(crossSum) / (1 - order), within(tolerance));
      before = divergence;
    }
    double greatest =
        IntStream.range(0, size).mapToDouble(i -> p.lnProb(i) - q.lnProb(i)).max().orElseThrow();
    Renyi last = new Renyi(Double.POSITIVE_INFINITY);
    assertThat(last.divergence(pair)).isCloseTo(greatest, within(1e-12));
    assertThat(last.crossEntropy(pair)).isCloseTo(-q.lnProb(q.top()), within(1e-12));
    assertThat(new Renyi(1).divergence(pair)).isEqualTo(found.kl());
  }

  @Test
  void orderZeroWeighsWhatTheReferenceLeavesOut() {
    Contrast pair = Contrast.of(probs(1, 0), probs(0.25, 0.75));
    assertThat(new Renyi(0).divergence(pair)).isCloseTo(Math.log(4), within(1e-15));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theBoundIsTheDoubleSumAndItsGradientThatOfDifferences(long seed) {
    var random = new Random(seed);
    int size = 2 + (int) seed % 12;
    Distribution p = row(random, size);
    var logits = new double[size];
    var vectors = new ArrayList<double[]>();
    for (int i = 0; i < size; i++) {
      logits[i] = random.nextGaussian();
      vectors.add(random.doubles(3, -1, 1).toArray());
    }
    EarthMover found = EarthMover.of(contrast(p, logits), vectors);
    double sum = 0;
    Distribution q = Distribution.ofLogits(logits.clone(), 1);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        sum += q.prob(i) * p.prob(j) * (1 - cosine(vectors.get(i), vectors.get(j)));
      }
    }
    assertThat(found.distance()).isCloseTo(sum, within(1e-12));
    for (int i = 0; i < size; i++) {
      double step = 1e-5;
      double[] more = logits.clone();
      double[] less = logits.clone();
      more[i] += step;
      less[i] -= step;
      double slope =
          (EarthMover.of(contrast(p, more), vectors).distance()
                  - EarthMover.of(contrast(p, less), vectors).distance())
              / (2 * step);
      assertThat(found.gradient()[i]).isCloseTo(slope, within(1e-8));
    }
  }

  private static Contrast contrast(Distribution p, double[] logits) {
    return Contrast.of(p, Distribution.ofLogits(logits.clone(), 1));
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double squareA = 0;
    double squareB = 0;
    for (int d = 0; d < a.length; d++) {
      dot += a[d] * b[d];
      squareA += a[d] * a[d];
      squareB += b[d] * b[d];
    }
    return dot / Math.sqrt(squareA * squareB);
  }

  @Test
  void embeddingsMustFitTheTokens() {
    Contrast pair = Contrast.of(probs(0.5, 0.5), probs(0.5, 0.5));
    assertThatThrownBy(() -> EarthMover.of(pair, List.of(new double[] {1})))
        .isInstanceOf(InvalidInput.ShapeMismatch.class);
    assertThatThrownBy(() -> EarthMover.of(pair, List.of(new double[] {1}, new double[] {1, 2})))
        .isInstanceOf(InvalidInput.RaggedRows.class);
    assertThatThrownBy(() -> EarthMover.of(pair, List.of(new double[] {1, 0}, new double[2])))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theRankingLossIsThatOfTheProducts(long seed) {
    var random = new Random(seed);
    int size = 1 + (int) seed % 9;
    Distribution p = row(random, size);
    Distribution q = row(random, size);
    int label = random.nextInt(size);
    List<Integer> ranks = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    ranks.remove(Integer.valueOf(label));
    ranks.sort((a, b) -> Double.compare(p.prob(b), p.prob(a)));
    ranks.addFirst(label);
    double loss = 0;
    for (int rank = 0; rank < size; rank++) {
      double behind = 0;
      for (int later = rank; later < size; later++) {
        behind += q.prob(ranks.get(later));
      }
      loss -= p.prob(ranks.get(rank)) * Math.log(q.prob(ranks.get(rank)) / behind);
    }
    assertThat(PlackettLuce.loss(Contrast.of(p, q), label)).isCloseTo(loss, within(1e-10));
  }

  @Test
  void theRankingLossOfWhatTheStudentRulesOutIsInfinite() {
    assertThat(PlackettLuce.loss(Contrast.of(probs(0.5, 0.5), probs(1, 0)), 0)).isInfinite();
    assertThat(PlackettLuce.loss(Contrast.of(probs(1, 0), probs(1, 0)), 0)).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void couplingsHaveBothMargins(long seed) {
    var random = new Random(seed);
    Distribution p = row(random, 1 + (int) seed);
    Distribution q = row(random, 1 + random.nextInt((int) seed + 4));
    for (Coupling.Kind kind : Coupling.Kind.values()) {
      Coupling found = Coupling.of(p, q, kind);
      var first = new double[p.size()];
      var second = new double[q.size()];
      double same = 0;
      for (Coupling.Cell cell : found.cells()) {
        first[cell.first()] += cell.mass();
        second[cell.second()] += cell.mass();
        same += cell.first() == cell.second() ? cell.mass() : 0;
      }
      assertThat(first).containsExactly(p.probs(), within(1e-13));
      assertThat(second).containsExactly(q.probs(), within(1e-13));
      assertThat(found.cells()).hasSizeLessThan(p.size() + q.size());
      assertThat(found.jointEntropy()).isGreaterThanOrEqualTo(found.lowerBound() - 1e-12);
      if (kind == Coupling.Kind.MINIMUM_ENTROPY) {
        assertThat(found.gap()).isLessThanOrEqualTo(Math.log(2) + least(p, q) - found.lowerBound());
      } else if (p.size() == q.size()) {
        double overlap = Distances.of(Contrast.of(p, q)).overlap();
        assertThat(same).isCloseTo(overlap, within(1e-12));
      }
    }
  }

  /** The entropy of the most even row below both in order of majorisation: no coupling has less. */
  private static double least(Distribution p, Distribution q) {
    double[] a = falling(p);
    double[] b = falling(q);
    double sumA = 0;
    double sumB = 0;
    double before = 0;
    double entropy = 0;
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      sumA += i < a.length ? a[i] : 0;
      sumB += i < b.length ? b[i] : 0;
      double step = Math.min(sumA, sumB) - before;
      entropy -= step > 0 ? step * Math.log(step) : 0;
      before += Math.max(0, step);
    }
    return entropy;
  }

  private static double[] falling(Distribution row) {
    return Arrays.stream(row.probs()).map(p -> -p).sorted().map(p -> -p).toArray();
  }

  @Test
  void twoCoinsAreCoupledByHand() {
    Coupling found = Coupling.of(probs(0.5, 0.5), probs(0.75, 0.25), Coupling.Kind.MAXIMAL);
    double[][] cells = {{0, 0, 0.5}, {1, 0, 0.25}, {1, 1, 0.25}};
    assertThat(found.cells()).hasSameSizeAs(cells);
    for (int i = 0; i < cells.length; i++) {
      Coupling.Cell cell = found.cells().get(i);
      assertThat(new double[] {cell.first(), cell.second(), cell.mass()})
          .containsExactly(cells[i], within(1e-15));
    }
    assertThat(found.jointEntropy()).isCloseTo(1.5 * Math.log(2), within(1e-15));
    assertThat(found.lowerBound()).isCloseTo(Math.log(2), within(1e-15));
  }

  @Test
  void aNegativeOrderIsRefused() {
    assertThatThrownBy(() -> new Renyi(-0.5)).isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }
}
