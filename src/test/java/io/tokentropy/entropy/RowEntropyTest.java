package io.tokentropy.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.RandomRows;
import io.tokentropy.distribution.Summary;
import io.tokentropy.refusal.InvalidInput;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowEntropyTest {
  private static final double LN_2 = Math.log(2);

  @Test
  void uniformOverFourTokensIsTwoBits() {
    RowEntropy row = RowEntropy.of(Rows.logits(7, 7, 7, 7), Estimate.MIDPOINT);
    assertThat(EntropyUnit.BIT.fromNats(row.entropy().getAsDouble())).isEqualTo(2);
    assertThat(row.exact()).isTrue();
    assertThat(row.normalized()).hasValue(1);
    assertThat(row.perplexity().getAsDouble()).isCloseTo(4, within(1e-14));
    assertThat(row.massSeen()).isNull();
    assertThat(row.vocabSize()).hasValue(4);
    assertThat(row.top()).isEqualTo(new RowEntropy.Top(0, null, Interval.exactly(0.25)));
  }

  @Test
  void aCertainTokenHasNoEntropy() {
    RowEntropy row = RowEntropy.of(Rows.probs(0, 1, 0), Estimate.MIDPOINT);
    assertThat(row.entropy()).hasValue(0);
    assertThat(row.normalized()).hasValue(0);
    assertThat(row.perplexity()).hasValue(1);
  }

  @Test
  void aVocabularyOfOneTokenIsNormalizedToZero() {
    assertThat(RowEntropy.of(Rows.logits(3), Estimate.MIDPOINT).normalized()).hasValue(0);
  }

  /** The worked example: five alternatives of an ordinary API, V = 128,256. */
  @ParameterizedTest
  @CsvSource({
    "MIDPOINT, 0.813822",
    "LOW, 0.738672",
    "HIGH, 0.888972",
    "TRUNCATED, 0.665013",
    "RENORMALIZED, 0.660366"
  })
  void everyEstimateOfAFiveTokenList(Estimate estimate, double expected) {
    var list =
        Rows.list(
            Rows.v(128_256),
            Math.exp(-0.2231),
            Math.exp(-2.1203),
            Math.exp(-3.0791),
            Math.exp(-4.2687),
            Math.exp(-5.1160));
    RowEntropy row = RowEntropy.of(list, estimate);
    assertThat(row.entropy().getAsDouble()).isCloseTo(expected, within(5e-7));
    assertThat(row.interval().low()).isCloseTo(0.738672, within(5e-7));
    assertThat(row.interval().high()).isCloseTo(0.888972, within(5e-7));
    assertThat(row.massSeen().low()).isCloseTo(0.986031, within(5e-7));
    assertThat(row.top().prob().low()).isCloseTo(0.800035, within(5e-7));
    assertThat(row.exact()).isFalse();
  }

  @Test
  void bucketCountsTheTailAsOneToken() {
    var list = Rows.list(Rows.v(1000), 0.5);
    assertThat(Estimate.BUCKET.of(list).getAsDouble()).isCloseTo(LN_2, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void anEstimateOfAWholeRowIsItsEntropy(Estimate estimate) {
    assertThat(estimate.of(Rows.probs(0.5, 0.5)).getAsDouble()).isCloseTo(LN_2, within(1e-15));
    assertThat(estimate.of(Summary.ofEntropy(1.25, Rows.UNKNOWN))).hasValue(1.25);
  }

  @ParameterizedTest
  @EnumSource
  void withoutVocabSizeOnlyEstimatesThatNeedAnUpperBoundAreEmpty(Estimate estimate) {
    RowEntropy row = RowEntropy.of(Rows.list(Rows.UNKNOWN, 0.5, 0.25), estimate);
    boolean needsBound = estimate == Estimate.MIDPOINT || estimate == Estimate.HIGH;
    assertThat(row.entropy().isEmpty()).isEqualTo(needsBound);
    assertThat(row.perplexity().isEmpty()).isEqualTo(needsBound);
    assertThat(row.interval().isBounded()).isFalse();
    assertThat(row.normalizedInterval()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheEstimatesThatSaySoUndershoot(Estimate estimate) {
    PartialDistribution row = Rows.list(Rows.v(1000), 0.5, 0.1);
    double value = estimate.of(row).getAsDouble();
    assertThat(value < row.entropy().low()).isEqualTo(estimate.mayUndershoot());
  }

  @Test
  void renormalizedIsNormalizedByWhatIsListed() {
    RowEntropy row = RowEntropy.of(Rows.list(Rows.v(1000), 0.25, 0.25), Estimate.RENORMALIZED);
    assertThat(row.entropy().getAsDouble()).isCloseTo(LN_2, within(1e-15));
    assertThat(row.normalized().getAsDouble()).isCloseTo(1, within(1e-15));
  }

  @Test
  void theTopOfAListIsNamedAsTheCallerNamedIt() {
    RowEntropy row = RowEntropy.of(Rows.named(Rows.v(100), 0.5, 0.25), Estimate.LOW);
    assertThat(row.top().id()).isEqualTo(10);
    assertThat(row.top().token()).isEqualTo("t0");
    assertThat(row.top().prob().low()).isCloseTo(0.5, within(1e-15));
  }

  @Test
  void aSummaryIsExactAndHasNoTopWithoutAList() {
    RowEntropy row = RowEntropy.of(Summary.ofEntropy(LN_2, Rows.v(4)), Estimate.MIDPOINT);
    assertThat(row.exact()).isTrue();
    assertThat(row.normalized().getAsDouble()).isCloseTo(0.5, within(1e-15));
    assertThat(row.top()).isNull();
  }

  @Test
  void perplexityThatOverflowsIsLeftOut() {
    assertThat(RowEntropy.of(Summary.ofEntropy(709, Rows.UNKNOWN), Estimate.LOW).perplexity())
        .isPresent();
    assertThat(RowEntropy.of(Summary.ofEntropy(710, Rows.UNKNOWN), Estimate.LOW).perplexity())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void entropyIsBetweenZeroAndLnV(long seed) {
    var random = new SplittableRandom(seed);
    for (int size = 1; size < 300; size++) {
      RowEntropy row =
          RowEntropy.of(Rows.logits(RandomRows.logits(random, size)), Estimate.MIDPOINT);
      assertThat(row.entropy().getAsDouble()).isBetween(0.0, Math.log(size) + 1e-12);
      assertThat(row.normalized().getAsDouble()).isBetween(0.0, 1.0);
      assertThat(row.perplexity().getAsDouble()).isBetween(1.0, size * (1 + 1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void permutingOrShiftingLogitsChangesNothing(long seed) {
    var random = new SplittableRandom(seed);
    for (int size = 1; size < 300; size++) {
      double[] logits = RandomRows.logits(random, size);
      double[] moved = shuffled(logits, random);
      double shift = random.nextDouble(-100, 100);
      for (int i = 0; i < size; i++) {
        moved[i] += shift;
      }
      Interval entropy = Rows.logits(logits).entropy();
      assertThat(Rows.logits(moved).entropy().low()).isCloseTo(entropy.low(), within(1e-11));
    }
  }

  static double[] shuffled(double[] values, SplittableRandom random) {
    double[] shuffled = values.clone();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swap;
    }
    return shuffled;
  }

  static LongStream seeds() {
    return LongStream.range(0, 5);
  }

  @Test
  void bitsAndNatsConvertBothWays() {
    assertThat(EntropyUnit.BIT.fromNats(Math.log(8))).isCloseTo(3, within(1e-15));
    assertThat(EntropyUnit.BIT.toNats(3)).isCloseTo(Math.log(8), within(1e-15));
    assertThat(EntropyUnit.NAT.toNats(1.5)).isEqualTo(1.5);
    assertThat(Dimension.NATS_SQUARED.in(EntropyUnit.BIT, LN_2 * LN_2)).isCloseTo(1, within(1e-15));
    assertThat(Dimension.PURE.in(EntropyUnit.BIT, 0.7)).isEqualTo(0.7);
  }

  @ParameterizedTest
  @EnumSource
  void aUnitIsReadByItsName(EntropyUnit unit) {
    assertThat(EntropyUnit.fromWire(unit.wire())).isEqualTo(unit);
  }

  @ParameterizedTest
  @EnumSource
  void anEstimateIsReadByItsName(Estimate estimate) {
    assertThat(Estimate.fromWire(estimate.wire())).isEqualTo(estimate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bits", "NAT", ""})
  void anUnknownUnitIsRefused(String name) {
    assertThatThrownBy(() -> EntropyUnit.fromWire(name))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class)
        .hasMessageContaining("\"nat\" or \"bit\"");
  }

  @Test
  void anUnknownEstimateIsRefusedWithTheList() {
    assertThatThrownBy(() -> Estimate.fromWire("mean"))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class)
        .hasMessageContaining("midpoint, low, high, bucket, truncated, renormalized");
  }
}
