package io.tokentropy.inventropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.similarity.Similarities;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How far answers can lift the score. */
class ReachTest {
  private static Transitions chain(double[][] similarities) {
    return Transitions.of(Similarities.of(List.of(similarities)), Transitions.ZeroRow.ERROR);
  }

  private static Transitions twoLevels(int n, double eps) {
    var rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(rows[i], 1 - eps);
      rows[i][i] = 1;
    }
    return chain(rows);
  }

  private static double excess(Transitions x, Transitions y) {
    return InvEntropy.of(x, y, InvEntropy.MarginalX.BAYES).invEntropy() - Math.log(x.size());
  }

  /** The last column of the table in the docs, less ln N, where nothing is past 1/e. */
  @ParameterizedTest
  @CsvSource({"5, 0.1, 0.0493", "5, 0.5, 0.2216", "10, 0.3, 0.4205", "20, 0.5, 1.4831"})
  void ofTwoLevelsItIsThatOfAnswersWithNothingInCommon(int n, double eps, double expected) {
    Reach reach = Reach.of(twoLevels(n, eps));
    assertThat(reach.excess()).isCloseTo(expected, within(1e-4));
    assertThat(reach.excess()).isCloseTo(excess(twoLevels(n, eps), twoLevels(n, 1)), within(1e-12));
    assertThat(reach.alike()).isCloseTo(Math.log(n), within(1e-12));
  }

  /** Past 1/e less is more: of two prompts at eps 0.5, all alike is the best that there is. */
  @Test
  void pastOneOverETheTurningPointCounts() {
    assertThat(Reach.of(twoLevels(2, 0.5)).excess()).isCloseTo(0, within(1e-12));
    Reach three = Reach.of(twoLevels(3, 0.5));
    assertThat(three.excess()).isCloseTo(3 / Math.E - Math.log(3), within(1e-12));
  }

  private static double[][] random(SplittableRandom random, int n, double least) {
    var rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      rows[i][i] = 1;
      for (int j = 0; j < i; j++) {
        rows[i][j] = rows[j][i] = least + (1 - least) * random.nextDouble();
      }
    }
    return rows;
  }

  /** Prompts of any kind: mixtures of both extremes attain it, and none of them exceeds it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void mixturesReachItAndNotMore(long seed) {
    var random = new SplittableRandom(seed);
    int n = 3 + (int) seed;
    Transitions x = chain(random(random, n, 0.5));
    Reach reach = Reach.of(x);
    double best = Double.NEGATIVE_INFINITY;
    for (int step = 0; step <= 1000; step++) {
      var mixed = new double[n][n];
      for (int i = 0; i < n; i++) {
        Arrays.fill(mixed[i], 1 - step / 1000.0);
        mixed[i][i] = 1;
      }
      double found = excess(x, chain(mixed));
      assertThat(found).isLessThanOrEqualTo(reach.excess() + 1e-12);
      best = Math.max(best, found);
    }
    assertThat(best).isCloseTo(reach.excess(), within(1e-3));
    assertThat(excess(x, twoLevels(n, 0)) + Math.log(n)).isCloseTo(reach.alike(), within(1e-12));
    assertThat(reach.alike()).isLessThanOrEqualTo(Math.log(n) + 1e-12);
  }

  @Test
  void aScoreLiesBetweenNothingAndAll() {
    Reach reach = Reach.of(twoLevels(5, 0.5));
    assertThat(reach.scaled(0).orElseThrow()).isZero();
    assertThat(reach.scaled(reach.excess() / 2).orElseThrow()).isCloseTo(0.5, within(1e-12));
    assertThat(reach.scaled(1).orElseThrow()).isEqualTo(1);
    assertThat(reach.scaled(-1e-9).orElseThrow()).isZero();
    assertThat(Reach.of(twoLevels(4, 0)).scaled(0.1)).isEmpty();
  }
}
