package io.tokentropy.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedAtTest {
  /** Sums of a few hundred doubles, in the truth that a range is compared with. */
  private static final double ROUNDING = 1e-11;

  private static double[] softmax(double[] logits, double temperature) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double[] weights = Arrays.stream(logits).map(z -> Math.exp((z - max) / temperature)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  private static double entropy(double[] p) {
    return Arrays.stream(p).map(x -> x > 0 ? -x * Math.log(x) : 0).sum();
  }

  /** From flat to sure, with and without a few tokens that stand out; the most probable first. */
  private static double[] logits(SplittableRandom random) {
    int size = random.nextInt(2, random.nextInt(5) == 0 ? 600 : 40);
    double spread = Math.exp(random.nextDouble(-2, 2.2));
    double boost = random.nextDouble(0, 8);
    return random
        .doubles(size)
        .map(u -> spread * Math.log(u / (1 - u)) + (u > 0.9 ? boost : 0))
        .map(z -> -z)
        .sorted()
        .map(z -> -z)
        .toArray();
  }

  private static PartialDistribution list(
      double[] q, int k, boolean sampled, double massError, OptionalInt size) {
    List<Entry> best = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      best.add(new Entry(Math.log(q[i])));
    }
    OptionalDouble other =
        sampled && k < q.length
            ? OptionalDouble.of(Math.log(q[q.length - 1]))
            : OptionalDouble.empty();
    return PartialDistribution.of(best, other, false, size, massError);
  }

  private static void assertIn(double truth, Interval range, String what) {
    double slack = ROUNDING * Math.max(truth, 1e-3);
    assertThat(truth).as(what).isBetween(range.low() - slack, range.high() + slack);
  }

  /** 10,000 rows, T in [0.2, 3], cut to k, some rounded as servers round: the truth is inside. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theTruthIsInEveryRange(long seed) {
    var random = new SplittableRandom(seed);
    for (int n = 0; n < 1000; n++) {
      double[] logits = logits(random);
      double temperature = random.nextDouble(0.2, 3);
      double[] p = softmax(logits, 1);
      double[] q = softmax(logits, temperature);
      int k = random.nextInt(1, p.length + 1);
      double massError = random.nextInt(3) == 0 ? 2e-5 : 0;
      double[] sent = q.clone();
      if (massError > 0) {
        for (int i = 0; i < k; i++) {
          sent[i] *= 1 + massError * random.nextDouble(-1, 1);
        }
        Arrays.sort(sent, 0, k);
        for (int i = 0; i < k / 2; i++) {
          double other = sent[i];
          sent[i] = sent[k - 1 - i];
          sent[k - 1 - i] = other;
        }
      }
      String what = "seed " + seed + ", row " + n + ", T " + temperature + ", k " + k;
      PartialDistribution reported =
          list(sent, k, random.nextInt(4) == 0, massError, OptionalInt.of(p.length));
      PartialDistribution raw = new ReportedAt(temperature, false).raw(reported);
      assertIn(entropy(p), raw.entropy(), what);
      assertIn(Arrays.stream(p, 0, k).sum(), raw.massRange(), what);
      Interval top = raw.scale().times(Math.exp(raw.lnProbs()[0]));
      double error = raw.decisiveError();
      assertIn(p[0], new Interval(top.low() * (1 - error), top.high() * (1 + error)), what);
      if (k < p.length) {
        assertThat(p[k]).as(what).isLessThanOrEqualTo(raw.greatestTail().cap() * (1 + ROUNDING));
      }
      PartialDistribution open =
          new ReportedAt(temperature, false)
              .raw(list(sent, k, false, massError, OptionalInt.empty()));
      assertThat(open.entropy().low()).as(what).isLessThanOrEqualTo(entropy(p) + ROUNDING);
      PartialDistribution behind = new ReportedAt(temperature, true).raw(reported);
      assertThat(behind.entropy().low()).as(what).isLessThanOrEqualTo(entropy(p) + ROUNDING);
    }
  }

  /** Cut by top-k and renormalised at a temperature: the entropy is at least what is said. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void behindAFilterTheEntropyIsABoundFromBelow(long seed) {
    var random = new SplittableRandom(seed);
    for (int n = 0; n < 500; n++) {
      double[] logits = logits(random);
      double temperature = random.nextInt(2) == 0 ? 1 : random.nextDouble(0.2, 3);
      double[] q = softmax(logits, temperature);
      int kept = random.nextInt(1, q.length + 1);
      double mass = Arrays.stream(q, 0, kept).sum();
      double[] cut = Arrays.stream(q, 0, kept).map(x -> x / mass).toArray();
      PartialDistribution reported =
          list(cut, random.nextInt(1, kept + 1), false, 0, OptionalInt.of(q.length));
      PartialDistribution raw = new ReportedAt(temperature, true).raw(reported);
      double truth = entropy(softmax(logits, 1));
      assertThat(raw.entropy().low()).isLessThanOrEqualTo(truth + ROUNDING);
      assertThat(raw.ratiosOnly()).isTrue();
      if (kept < q.length) {
        assertThat(raw.entropy().isBounded()).isFalse();
      }
    }
  }

  /** H of the row before T, from the listed q and a tail of q. */
  private static double raw(double[] listed, double[] tail, double temperature) {
    double[] weights =
        Arrays.stream(concat(listed, tail)).map(q -> Math.pow(q, temperature)).toArray();
    double sum = Arrays.stream(weights).sum();
    return entropy(Arrays.stream(weights).map(w -> w / sum).toArray());
  }

  private static double[] concat(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** Every tail on a grid, most probable first, handed to the consumer. */
  private static void tails(
      int left, double mass, double cap, double step, double[] tail, List<double[]> found) {
    int at = tail.length - left;
    double most = at == 0 ? cap : Math.min(cap, tail[at - 1]);
    if (left == 1) {
      if (mass <= most + 1e-12) {
        tail[at] = mass;
        found.add(tail.clone());
      }
      return;
    }
    for (double q = 0; q <= Math.min(most, mass) + 1e-12; q += step) {
      tail[at] = Math.min(q, mass);
      if (mass - q <= (left - 1) * Math.min(most, q) + 1e-12) {
        tails(left - 1, Math.max(0, mass - q), cap, step, tail, found);
      }
    }
  }

  /**
   * Small vocabularies, where every tail can be tried: nothing on the grid is outside the range,
   * and the grid comes within its own step of both ends.
   */
  @ParameterizedTest
  @CsvSource({
    "0.30 0.20, 3, 0.3",
    "0.30 0.20, 3, 0.7",
    "0.40, 3, 0.2",
    "0.40, 3, 0.6",
    "0.50 0.10, 4, 0.5",
    "0.50 0.10, 4, 0.9",
    "0.60 0.30, 4, 0.5",
    "0.25 0.25, 2, 0.4",
    "0.50 0.10, 4, 1.2",
    "0.50 0.10, 4, 3.0",
    "0.60 0.30, 4, 2.0",
    "0.25 0.25, 2, 2.0",
    "0.30 0.20, 3, 2.5",
    "0.30 0.20, 3, 1.4",
    "0.40, 3, 1.7",
    "0.40, 3, 3.0",
    "0.45 0.25, 4, 1.3",
    "0.45 0.25, 4, 3.0"
  })
  void everyTailIsInTheRangeAndSomeAreAtItsEnds(String list, int unseen, double temperature) {
    double[] listed = Arrays.stream(list.split(" ")).mapToDouble(Double::parseDouble).toArray();
    double mass = 1 - Arrays.stream(listed).sum();
    double cap = listed[listed.length - 1];
    var found = new ArrayList<double[]>();
    tails(unseen, mass, cap, mass / 160, new double[unseen], found);
    PartialDistribution row =
        new ReportedAt(temperature, false)
            .raw(list(listed, listed.length, false, 0, OptionalInt.of(listed.length + unseen)));
    double least = Double.POSITIVE_INFINITY;
    double greatest = 0;
    double leastMass = 1;
    double greatestMass = 0;
    for (double[] tail : found) {
      double entropy = raw(listed, tail, temperature);
      least = Math.min(least, entropy);
      greatest = Math.max(greatest, entropy);
      double whole = Arrays.stream(concat(listed, tail)).map(q -> Math.pow(q, temperature)).sum();
      double seen = Arrays.stream(listed).map(q -> Math.pow(q, temperature)).sum() / whole;
      leastMass = Math.min(leastMass, seen);
      greatestMass = Math.max(greatestMass, seen);
    }
    assertThat(row.entropy().low()).isLessThanOrEqualTo(least + 1e-9);
    assertThat(row.entropy().high()).isGreaterThanOrEqualTo(greatest - 1e-9);
    assertThat(row.massRange().low()).isCloseTo(leastMass, within(5e-3));
    assertThat(row.massRange().high()).isCloseTo(greatestMass, within(5e-3));
    assertThat(row.entropy().low()).isCloseTo(least, within(5e-3));
    assertThat(row.entropy().high()).isCloseTo(greatest, within(5e-3));
  }

  /** Mass goes from one token to another, in ever smaller steps, as long as that leads further. */
  private static double climb(double[] listed, double[] from, double temperature, int side) {
    double cap = listed[listed.length - 1];
    double[] tail = from.clone();
    double best = raw(listed, tail, temperature);
    for (double step = cap / 16; step > 1e-13; step /= 2) {
      for (boolean moved = true; moved; ) {
        moved = false;
        for (int i = 0; i < tail.length; i++) {
          for (int j = 0; j < tail.length; j++) {
            double amount = Math.min(step, Math.min(tail[i], cap - tail[j]));
            if (i != j && amount > 0) {
              tail[i] -= amount;
              tail[j] += amount;
              double entropy = raw(listed, tail, temperature);
              if (side * (entropy - best) > 1e-15) {
                best = entropy;
                moved = true;
              } else {
                tail[i] += amount;
                tail[j] -= amount;
              }
            }
          }
        }
      }
    }
    return best;
  }

  /** One token after the other takes some of what is left, up to the cap. */
  private static double[] drawn(SplittableRandom random, int unseen, double mass, double cap) {
    var tail = new double[unseen];
    double left = mass;
    for (int i = 0; i < unseen; i++) {
      double needed = left - (unseen - 1 - i) * cap;
      double wanted = random.nextBoolean() ? cap : random.nextDouble() * cap;
      tail[i] = Math.min(left, Math.max(needed, wanted));
      left -= tail[i];
    }
    tail[unseen - 1] += left;
    return tail;
  }

  /** 300 small rows: what a search from many tails finds is at the end of the range. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSearchFindsBothEnds(long seed) {
    var random = new SplittableRandom(seed);
    for (int n = 0; n < 100; n++) {
      double spread = Math.exp(random.nextDouble(-2, 1.5));
      int k = random.nextInt(1, 4);
      int unseen = random.nextInt(2, 5);
      double[] logits = random.doubles(k + unseen).map(u -> spread * Math.log(u)).toArray();
      double[] q = softmax(logits, 1);
      Arrays.sort(q);
      double[] listed = new double[k];
      for (int i = 0; i < k; i++) {
        listed[i] = q[q.length - 1 - i];
      }
      double temperature =
          random.nextBoolean() ? random.nextDouble(0.2, 2) : random.nextDouble(1, 8);
      double mass = Arrays.stream(q, 0, unseen).sum();
      double cap = listed[k - 1];
      var found = new ArrayList<double[]>();
      tails(unseen, mass, cap, mass / 12, new double[unseen], found);
      for (int i = 0; i < 30; i++) {
        found.add(drawn(random, unseen, mass, cap));
      }
      double least = Double.POSITIVE_INFINITY;
      double greatest = 0;
      for (double[] tail : found) {
        least = Math.min(least, climb(listed, tail, temperature, -1));
        greatest = Math.max(greatest, climb(listed, tail, temperature, 1));
      }
      Interval range =
          new ReportedAt(temperature, false)
              .raw(list(listed, k, false, 0, OptionalInt.of(k + unseen)))
              .entropy();
      String what = "seed " + seed + ", row " + n + ", T " + temperature;
      assertThat(range.low()).as(what).isCloseTo(least, within(1e-9 * (1 + least)));
      assertThat(range.high()).as(what).isCloseTo(greatest, within(1e-9 * (1 + greatest)));
    }
  }

  /** q = 1/2, 1/4, 1/4 at T = 2: p is as 4 : 1 : 1, and with T = 1/2 as √2 : 1 : 1. */
  @Test
  void aListOfEverythingIsExact() {
    PartialDistribution all = list(new double[] {0.5, 0.25, 0.25}, 3, false, 0, OptionalInt.of(3));
    PartialDistribution raw = new ReportedAt(2, false).raw(all);
    assertThat(raw.entropy().isExact()).isTrue();
    assertThat(raw.entropy().low())
        .isCloseTo(entropy(new double[] {2 / 3.0, 1 / 6.0, 1 / 6.0}), within(1e-15));
    assertThat(raw.closed()).isTrue();
    assertThat(raw.scale()).isEqualTo(Interval.exactly(1));
    double root = Math.sqrt(2);
    assertThat(new ReportedAt(0.5, false).raw(all).lnProbs()[0])
        .isCloseTo(Math.log(root / (root + 2)), within(1e-15));
  }

  /** p₁ = 1 − 1e-30 or so: what is left of 1 keeps its digits. */
  @Test
  void aSureRowKeepsItsDigits() {
    double rest = 1e-10;
    List<Entry> two = List.of(new Entry(Math.log1p(-rest)), new Entry(Math.log(rest)));
    PartialDistribution row =
        PartialDistribution.of(two, OptionalDouble.empty(), true, OptionalInt.of(9), 0);
    double p = 1e-30;
    assertThat(new ReportedAt(3, false).raw(row).entropy().low())
        .isCloseTo(p - p * Math.log(p), within(1e-36));
  }

  @Test
  void anotherTemperatureIsAnotherPower() {
    PartialDistribution all = list(new double[] {0.5, 0.25, 0.25}, 3, false, 0, OptionalInt.of(3));
    assertThat(new ReportedAt(3, false).relativeTo(1.5)).isEqualTo(new ReportedAt(2, false));
    assertThat(new ReportedAt(1, false).raw(all)).isSameAs(all);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 101})
  void aTemperatureThatNoServerUsesIsRefused(double temperature) {
    assertThatThrownBy(() -> new ReportedAt(temperature, false))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }
}
