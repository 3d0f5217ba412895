package io.tokentropy.truncation;

import static io.tokentropy.truncation.TopH.Rule.SKIP;
import static io.tokentropy.truncation.TopH.Rule.STOP;
import static io.tokentropy.truncation.TopH.Variant.HF;
import static io.tokentropy.truncation.TopH.Variant.PAPER;
import static io.tokentropy.truncation.TopH.Variant.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.ManyDigits;
import io.tokentropy.kernel.FloatRow;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of any certainty, from 10 nats down to 1e-280, against arithmetic of enough digits. */
class SureRowsTest {
  private static final BigDecimal SLACK = new BigDecimal("1.0000000001");

  /** Nearer to its bound than this, relatively, a comparison is on a knife's edge. */
  private static final BigDecimal EDGE = new BigDecimal("1e-12");

  private static TopH rule(double alpha, TopH.Variant variant, TopH.Rule rule) {
    return new TopH(alpha, variant, OptionalInt.empty(), rule, true, OptionalInt.empty());
  }

  /** Logits with the best token that far ahead of the next; on a grid, so that some are tied. */
  private static double[] row(SplittableRandom random, int n, double ahead) {
    double spread = random.nextDouble(0.5, 8);
    double[] logits =
        IntStream.range(0, n)
            .mapToDouble(i -> Math.rint(64 * spread * random.nextDouble(-1, 0)) / 64)
            .toArray();
    logits[random.nextInt(n)] = ahead;
    return logits;
  }

  /** A third of the rows is ordinary, a third sure, a third as sure as doubles can say. */
  private static double[] row(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> row(random, random.nextInt(2, 130), random.nextDouble(0, 6));
      case 1 -> row(random, random.nextInt(2, 40), random.nextDouble(6, 90));
      default -> row(random, random.nextInt(2, 7), random.nextDouble(90, 640));
    };
  }

  private static int digits(double[] row) {
    double ahead = IntStream.range(0, row.length).mapToDouble(i -> row[i]).max().orElseThrow();
    return ahead < 6 ? 40 : ahead < 90 ? 100 : 340;
  }

  /** What a comparison decides, or an exception where it hangs by a hair. */
  private static final class OnTheEdge extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static boolean atMost(BigDecimal value, BigDecimal bound) {
    BigDecimal limit = bound.multiply(SLACK);
    if (value.subtract(limit).abs().compareTo(bound.multiply(EDGE)) < 0) {
      throw new OnTheEdge();
    }
    return value.compareTo(limit) <= 0;
  }

  private static List<Integer> paper(ManyDigits row, double alpha, boolean skip) {
    BigDecimal budget = row.entropy(row.whole()).multiply(new BigDecimal(alpha));
    List<Integer> kept = new ArrayList<>(List.of(row.ranking.getFirst()));
    var set = ManyDigits.Set.BEST;
    for (int rank = 1; rank < row.size(); rank++) {
      var more = row.with(set, rank);
      if (atMost(row.entropy(more), budget)) {
        set = more;
        kept.add(row.ranking.get(rank));
      } else if (!skip) {
        break;
      }
    }
    return kept;
  }

  private static List<Integer> published(ManyDigits row, double alpha, boolean renormalised) {
    int limit = Math.min(100, row.size());
    var best = ManyDigits.Set.BEST;
    for (int rank = 1; rank < limit; rank++) {
      best = row.with(best, rank);
    }
    var base = renormalised ? best : row.whole();
    List<BigDecimal> surprises =
        IntStream.range(0, limit).mapToObj(rank -> row.surprise(rank, base)).toList();
    BigDecimal budget =
        surprises.stream().reduce(BigDecimal.ZERO, BigDecimal::add).multiply(new BigDecimal(alpha));
    List<Integer> kept = new ArrayList<>(List.of(row.ranking.getFirst()));
    BigDecimal sum = surprises.getFirst();
    for (int rank = 1; rank < limit; rank++) {
      sum = sum.add(surprises.get(rank));
      if (!atMost(sum, budget)) {
        break;
      }
      kept.add(row.ranking.get(rank));
    }
    return kept;
  }

  private static List<Integer> kept(Distribution row, TopH rule) {
    return IntStream.of(Truncation.of(row, List.of(rule)).keptIds(Integer.MAX_VALUE))
        .boxed()
        .toList();
  }

  /** Kept ids come by rank, as those of the reference do. */
  private static boolean agrees(Predicate<ManyDigits> test, ManyDigits row) {
    try {
      return test.test(row);
    } catch (OnTheEdge edge) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyVariantKeepsWhatEnoughDigitsKeep(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 30; i++) {
      double[] logits = row(random);
      double alpha = random.nextInt(4) == 0 ? 0.4 : random.nextDouble(0.02, 1);
      var exact = new ManyDigits(logits, digits(logits));
      Distribution row = Distribution.ofLogits(logits, 1);
      double entropy = exact.entropy(exact.whole()).doubleValue();
      String what = "row " + i + " of " + entropy + " nat, alpha " + alpha;
      assertThat(row.entropy().low()).as(what).isCloseTo(entropy, within(1e-11 * entropy));
      assertKept(what, exact, r -> paper(r, alpha, false), row, rule(alpha, PAPER, STOP));
      assertKept(what, exact, r -> paper(r, alpha, true), row, rule(alpha, PAPER, SKIP));
      assertKept(what, exact, r -> published(r, alpha, false), row, rule(alpha, REFERENCE, STOP));
      assertKept(what, exact, r -> published(r, alpha, true), row, rule(alpha, HF, STOP));
    }
  }

  /** The rule keeps what many digits keep, unless they find the row on a knife's edge. */
  private static void assertKept(
      String what,
      ManyDigits exact,
      Function<ManyDigits, List<Integer>> expected,
      Distribution row,
      TopH rule) {
    assertThat(agrees(r -> expected.apply(r).equals(kept(row, rule)), exact))
        .as(what + ", " + rule)
        .isTrue();
  }

  /** The other end: 10 nats over 25,000 tokens. */
  @Test
  void aFlatRowOfTenNatsHasItsDigits() {
    var random = new SplittableRandom(1);
    double[] logits = random.doubles(25_000, 0, 1).toArray();
    var exact = new ManyDigits(logits, 30);
    Distribution row = Distribution.ofLogits(logits, 1);
    double entropy = exact.entropy(exact.whole()).doubleValue();
    assertThat(entropy).isGreaterThan(10);
    assertThat(row.entropy().low()).isCloseTo(entropy, within(1e-12 * entropy));
    assertThat(kept(row, rule(0.4, PAPER, STOP))).isEqualTo(paper(exact, 0.4, false));
  }

  /** The reports of a sure row have their digits, too: the next entropy, the budget, the gap. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theCertificateOfASureRowHasDigits(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 20; i++) {
      double[] logits = row(random, random.nextInt(3, 8), random.nextDouble(20, 640));
      var exact = new ManyDigits(logits, 340);
      Truncation found =
          Truncation.of(Distribution.ofLogits(logits, 1), List.of(rule(0.4, PAPER, STOP)));
      int k = found.keptCount();
      var prefix = ManyDigits.Set.BEST;
      for (int rank = 1; rank < k; rank++) {
        prefix = exact.with(prefix, rank);
      }
      double entropy = exact.entropy(prefix).doubleValue();
      double next = exact.entropy(exact.with(prefix, k)).doubleValue();
      assertThat(found.entropy()).isCloseTo(entropy, within(1e-9 * entropy));
      assertThat(found.topH().nextEntropy()).isCloseTo(next, within(1e-9 * next));
      assertThat(found.topH().budget()).isBetween(entropy * (1 - 1e-9), next);
      double p = exact.with(prefix, k).rest().subtract(prefix.rest()).doubleValue();
      assertThat(found.topH().certificate().gap()).isPositive().isLessThan(p);
    }
  }

  /** All subsets, those without the best token included. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theExactSearchFindsTheGreatestSetOfASureRow(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 40; i++) {
      int n = random.nextInt(2, 10);
      double[] logits = row(random, n, i % 4 == 0 ? 0.5 : random.nextDouble(6, 600));
      Distribution row = Distribution.ofLogits(logits, 1);
      double alpha = random.nextDouble(0.05, 0.95);
      double budget = alpha * row.entropy().low();
      double most = Double.NEGATIVE_INFINITY;
      for (int set = 1; set < 1 << n; set++) {
        double max = Double.NEGATIVE_INFINITY;
        int first = -1;
        for (int id = 0; id < n; id++) {
          if ((set >> id & 1) == 1 && logits[id] > max) {
            max = logits[id];
            first = id;
          }
        }
        double rest = 0;
        double weighted = 0;
        double gain = first == row.top() ? 0 : Math.exp(row.lnRatio(first)) - 1;
        for (int id = 0; id < n; id++) {
          if ((set >> id & 1) == 1 && id != first) {
            rest += Math.exp(logits[id] - max);
            weighted += (max - logits[id]) * Math.exp(logits[id] - max);
            gain += Math.exp(row.lnRatio(id));
          }
        }
        if (Math.log1p(rest) + weighted / (1 + rest) <= budget * (1 + 1e-10)) {
          most = Math.max(most, gain);
        }
      }
      var exact =
          new TopH(alpha, PAPER, OptionalInt.empty(), STOP, true, OptionalInt.of(1_000_000));
      Optimum.Found found = Truncation.of(row, List.of(exact)).topH().optimum();
      assertThat(found.optimal()).isTrue();
      double gain =
          found.ids().stream()
              .filter(id -> id != row.top())
              .mapToDouble(id -> Math.exp(row.lnRatio(id)))
              .sum();
      gain -= found.ids().contains(row.top()) ? 0 : 1;
      assertThat(gain)
          .as("seed %d, row %d", seed, i)
          .isCloseTo(most, within(1e-9 * Math.abs(most)));
    }
  }

  /** The float kernel's 1e-6 decides nothing: a binary row keeps what its doubles keep. */
  @ParameterizedTest
  @EnumSource(FloatRow.Type.class)
  void binaryRowsKeepWhatTheSameDoublesKeep(FloatRow.Type type) {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 60; i++) {
      int n = random.nextInt(4_096, 9_000);
      ByteBuffer bytes = ByteBuffer.allocate(type.bytes * n).order(ByteOrder.LITTLE_ENDIAN);
      double scale = random.nextDouble(0.3, 3);
      int best = random.nextInt(n);
      double ahead = i % 3 == 0 ? 0 : random.nextDouble(5, 60);
      for (int id = 0; id < n; id++) {
        float logit = (float) (scale * random.nextGaussian() + (id == best ? ahead : 0));
        switch (type) {
          case F32 -> bytes.putFloat(logit);
          case F16 -> bytes.putShort(Float.floatToFloat16(logit));
          case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(logit) >> 16));
        }
      }
      var view = new FloatRow(bytes.array(), 0, n, type);
      Distribution wide = Distribution.ofLogits(view.widened(), 1);
      Distribution narrow = Distribution.ofLogits(view, 1);
      assertThat(narrow.decisiveEntropy().low())
          .isCloseTo(wide.entropy().low(), within(1e-12 * wide.entropy().low()));
      for (TopH.Variant variant : TopH.Variant.values()) {
        TopH rule = rule(0.4, variant, STOP);
        assertThat(kept(narrow, rule)).isEqualTo(kept(wide, rule));
      }
      for (Sampler rule : List.of(new TopP(0.9), new EtaCutoff(0.002))) {
        assertThat(Truncation.of(narrow, List.of(rule)).keptIds(n))
            .isEqualTo(Truncation.of(wide, List.of(rule)).keptIds(n));
      }
    }
  }

  /** What is left of p₁ = 1 − e^−26 is 5.1e-12; α H is 5.5e-11. */
  @ParameterizedTest
  @CsvSource({"0.4, 1", "0.9, 1", "1, 2"})
  void twoTokensOfWhichOneIsSure(double alpha, int count) {
    Distribution row = Distribution.ofLogits(new double[] {0, -26}, 1);
    assertThat(Truncation.of(row, List.of(TopH.of(alpha))).keptCount()).isEqualTo(count);
  }

  @Test
  void aTokenAloneHasNoEntropyAndNoSign() {
    for (double[] logits : List.of(new double[] {-0.0}, new double[] {-0.0, 0, -900})) {
      Truncation one =
          Truncation.of(
              Distribution.ofLogits(logits, 1),
              List.of(new TopK(1, false), new MirostatV2(10, 5, 0.1, OptionalInt.of(0))));
      assertThat(Double.doubleToRawLongBits(one.entropy())).isZero();
      assertThat(Double.doubleToRawLongBits(one.lnProbs(1)[0])).isZero();
      assertThat(one.report())
          .isInstanceOfSatisfying(
              MirostatV2.Report.class,
              report -> assertThat(Double.doubleToRawLongBits(report.surprise().bits())).isZero());
    }
  }

  /** Equal scores have no Zipf exponent: nothing is cut, as llama.cpp's would by 0 / 0. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 10, 1000})
  void mirostatOfAFlatHeadKeepsEverything(double mu) {
    double[] logits = IntStream.range(0, 300).mapToDouble(i -> i < 200 ? 2 : -i).toArray();
    var rule = new MirostatV1(mu, 5, 0.1, 100, OptionalInt.empty());
    Truncation found = Truncation.of(Distribution.ofLogits(logits, 1), List.of(rule));
    assertThat(found.keptCount()).isEqualTo(300);
  }
}
