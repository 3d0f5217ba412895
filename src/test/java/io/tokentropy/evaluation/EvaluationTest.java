package io.tokentropy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures that say how good scores are, against their definitions. */
class EvaluationTest {
  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  /** 0.07 · 100 rounds to 7.000000000000001, and is in the seventh bin all the same. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.01, 0",
    "0.07, 6",
    "0.29, 28",
    "0.57, 56",
    "0.58, 57",
    "1, 99",
    "0.071, 7"
  })
  void anEdgeBelongsToTheBinBelowIt(double confidence, int bin) {
    Reliability found = Reliability.of(new double[] {confidence}, new boolean[] {true}, 100);
    assertThat(found.bins().getFirst().bin()).isEqualTo(bin);
  }

  @Test
  void aSureMistakeHasNoBoundOfItsLogLoss() {
    assertThat(Reliability.of(new double[] {1}, new boolean[] {false}, 10).logLoss()).isInfinite();
  }

  /** Every order of equal numbers, one by one. */
  @ParameterizedTest
  @MethodSource("seeds")
  void equalNumbersGiveTheMeanOverTheirOrders(long seed) {
    var random = new Random(seed);
    int n = 2 + random.nextInt(5);
    var numbers = new double[n];
    var correct = new boolean[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = random.nextInt(3);
      correct[i] = random.nextBoolean();
    }
    double accuracies = 0;
    int orders = 0;
    for (List<Integer> order : orders(n)) {
      boolean ascending = true;
      for (int i = 1; i < n; i++) {
        ascending &= numbers[order.get(i - 1)] <= numbers[order.get(i)];
      }
      if (ascending) {
        accuracies += meanAccuracy(order, correct);
        orders++;
      }
    }
    RankingQuality found = RankingQuality.of(numbers, correct);
    assertThat(found.auarc()).isCloseTo(accuracies / orders, within(1e-12));
    found
        .auroc()
        .ifPresent(auroc -> assertThat(auroc).isCloseTo(auroc(numbers, correct), within(1e-12)));
  }

  private static double meanAccuracy(List<Integer> order, boolean[] correct) {
    double sum = 0;
    int right = 0;
    for (int k = 0; k < order.size(); k++) {
      right += correct[order.get(k)] ? 1 : 0;
      sum += (double) right / (k + 1);
    }
    return sum / order.size();
  }

  private static double auroc(double[] numbers, boolean[] correct) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < numbers.length; i++) {
      for (int j = 0; j < numbers.length; j++) {
        if (correct[i] && !correct[j]) {
          pairs++;
          sum += numbers[j] > numbers[i] ? 1 : numbers[j] == numbers[i] ? 0.5 : 0;
        }
      }
    }
    return sum / pairs;
  }

  private static List<List<Integer>> orders(int n) {
    if (n == 0) {
      return List.of(List.of());
    }
    var all = new ArrayList<List<Integer>>();
    for (List<Integer> fewer : orders(n - 1)) {
      for (int at = 0; at < n; at++) {
        var order = new ArrayList<>(fewer);
        order.add(at, n - 1);
        all.add(Collections.unmodifiableList(order));
      }
    }
    return all;
  }

  /** From tables: 3.841 and 6.635 are the 5 % and 1 % points of one degree, 5.991 of two. */
  @Test
  void tailsAreThoseOfTables() {
    assertThat(Tails.chiSquared1(3.841458820694124)).isCloseTo(0.05, within(1e-15));
    assertThat(Tails.chiSquared1(6.6348966010212145)).isCloseTo(0.01, within(1e-15));
    assertThat(Tails.chiSquared2(5.991464547107979)).isCloseTo(0.05, within(1e-15));
    assertThat(Tails.normal(-1.959963984540054)).isCloseTo(0.05, within(1e-15));
    assertThat(Tails.erfc(0)).isEqualTo(1);
    assertThat(Tails.erfc(5) / 1.5374597944280349e-12).isCloseTo(1, within(1e-13));
    assertThat(Tails.erfc(2)).isCloseTo(1 - Math.nextDown(0.9953222650189527), within(1e-15));
  }

  /** no no yes no no: two streaks of two, both before the last of their kind. */
  @Test
  void streaksAreFollowedByWhatBreaksThem() {
    BinarySeries found = BinarySeries.of(new boolean[] {false, false, true, false, false}, 2);
    assertThat(found.streaks())
        .containsExactly(new BinarySeries.Streak(4, 2), new BinarySeries.Streak(1, 1));
    assertThat(found.transitions()).isEqualTo(new BinarySeries.Transitions(2, 1, 1, 0));
    assertThat(found.runs()).isEqualTo(3);
    assertThat(found.independentReversalShares()[0]).isCloseTo(2 * 0.2 * 0.8, within(1e-15));
  }

  @Test
  void aSeriesOfOneSideHasNoTestsOfBoth() {
    BinarySeries found = BinarySeries.of(new boolean[] {true, true, true}, 3);
    assertThat(found.runsZ()).isEmpty();
    assertThat(found.dependencePValue()).isEmpty();
    assertThat(found.fairCoinPValue()).isEmpty();
    assertThat(found.transitions().yesAfterNo()).isEmpty();
    assertThat(found.yesRateHigh()).isEqualTo(1);
    assertThat(found.yesRateLow()).isCloseTo(0.4385, within(1e-4));
  }

  /**
   * P-values of a coin are even: 5 % of them are below 0.05, up to what 4,000 series may be off.
   */
  @Test
  void aFairCoinIsRefusedAsOftenAsThePValuesSay() {
    var random = new Random(5);
    int alarms = 0;
    int dependent = 0;
    for (int draw = 0; draw < 4000; draw++) {
      var series = new boolean[400];
      for (int i = 0; i < series.length; i++) {
        series[i] = random.nextBoolean();
      }
      BinarySeries found = BinarySeries.of(series, 3);
      alarms += found.fairCoinPValue().orElseThrow() < 0.05 ? 1 : 0;
      dependent += found.dependencePValue().orElseThrow() < 0.05 ? 1 : 0;
    }
    assertThat(alarms / 4000.0).isCloseTo(0.05, within(0.015));
    assertThat(dependent / 4000.0).isCloseTo(0.05, within(0.015));
  }
}
