package io.tokentropy.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.PartialDistribution.Repair;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PartialDistributionTest {
  private static final double LN_2 = Math.log(2);

  /** What the 1e-14 that doubles leave of a mass may be worth in nats. */
  private static final double ROUNDING = 1e-11;

  @TestFactory
  Stream<DynamicTest> boundsAreThoseOfTheReference() {
    return GoldenFile.read("ead.json").testsOf("topk_bounds", PartialDistributionTest::bounds);
  }

  private static void bounds(JsonNode golden) {
    JsonNode expected = golden.get("expected");
    if (expected.has("error")) {
      assertThatThrownBy(() -> read(golden)).isInstanceOf(InvalidInput.class);
      return;
    }
    PartialDistribution row = read(golden);
    double unit = golden.at("/params/unit").asString().equals("bits") ? LN_2 : 1;
    Interval entropy = row.entropy();
    var tolerance = within(golden.get("tolerance").asDouble());
    assertThat(entropy.low() / unit).isCloseTo(expected.get("lower").asDouble(), tolerance);
    assertThat(entropy.high() / unit).isCloseTo(expected.get("upper").asDouble(), tolerance);
    assertThat(entropy.midpoint() / unit).isCloseTo(expected.get("midpoint").asDouble(), tolerance);
    assertThat((entropy.high() - entropy.low()) / unit)
        .isCloseTo(expected.get("width").asDouble(), tolerance);
    assertThat(row.renormalisedEntropy() / unit)
        .isCloseTo(expected.get("renormalized").asDouble(), tolerance);
    assertThat(row.tailMass()).isCloseTo(expected.get("tail_mass").asDouble(), tolerance);
    assertThat(row.cap()).isCloseTo(expected.get("cap").asDouble(), tolerance);
    assertThat(row.tail().unseen()).hasValue(expected.get("unseen").asInt());
    int sampled = row.sampledLnProb().isPresent() ? 1 : 0;
    assertThat(row.listed() - sampled).isEqualTo(expected.get("k").asInt());
  }

  private static PartialDistribution read(JsonNode golden) {
    JsonNode input = golden.get("input");
    return PartialDistribution.of(
        entries(GoldenFile.numbers(input.get("top_logprobs"))),
        input.has("sampled_logprob")
            ? OptionalDouble.of(input.get("sampled_logprob").asDouble())
            : OptionalDouble.empty(),
        input.path("complete").asBoolean(false),
        OptionalInt.of(golden.at("/params/vocab_size").asInt()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theTrueEntropyLiesWithinTheBounds(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      double[] probs = RandomRows.probs(random, 2 + random.nextInt(i + 1));
      Arrays.sort(probs);
      int k = 1 + random.nextInt(probs.length);
      boolean outside = k + 1 < probs.length && random.nextBoolean();
      PartialDistribution row = cut(probs, k, outside, random);
      Interval entropy = row.entropy();
      double truth = entropyOf(probs);
      assertThat(truth)
          .as("k = %d of %d, sampled outside: %s", k, probs.length, outside)
          .isBetween(entropy.low() - ROUNDING, entropy.high() + ROUNDING);
      assertThat(
              PartialDistribution.of(row.best(), row.sampledLnProb(), false, OptionalInt.empty())
                  .entropy()
                  .low())
          .as("without vocab_size")
          .isLessThanOrEqualTo(truth + ROUNDING);
      assertThat(row.truncatedEntropy()).isLessThanOrEqualTo(row.bucketEntropy());
      assertThat(row.bucketEntropy()).isLessThanOrEqualTo(entropy.low() + ROUNDING);
      assertThat(row.renormalisedEntropy()).isLessThanOrEqualTo(entropy.low() + ROUNDING);
    }
  }

  /** The best k of ascending probabilities, perhaps with one token from further down. */
  private static PartialDistribution cut(
      double[] ascending, int k, boolean outside, SplittableRandom random) {
    List<Entry> entries = new ArrayList<>();
    for (int i = ascending.length - 1; i >= ascending.length - k; i--) {
      entries.add(new Entry(Math.log(ascending[i])));
    }
    OptionalDouble sampled =
        outside
            ? OptionalDouble.of(Math.log(ascending[random.nextInt(ascending.length - k)]))
            : OptionalDouble.empty();
    return PartialDistribution.of(entries, sampled, false, OptionalInt.of(ascending.length));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bothBoundsAreAttained(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      double[] probs = RandomRows.probs(random, 2 + random.nextInt(200));
      Arrays.sort(probs);
      int k = 1 + random.nextInt(probs.length);
      PartialDistribution row = cut(probs, k, false, random);
      Interval entropy = row.entropy();
      assertThat(entropyOf(completed(row, row.tail().packed(), probs.length)))
          .isCloseTo(entropy.low(), within(ROUNDING));
      assertThat(entropyOf(completed(row, row.tail().uniform(), probs.length)))
          .isCloseTo(entropy.high(), within(ROUNDING));
    }
  }

  /** A full row that fits what is known of {@code row}; fails if there is none. */
  private static double[] completed(PartialDistribution row, List<Tail.Level> tail, int vocabSize) {
    List<Double> probs = new ArrayList<>();
    for (double lnProb : row.lnProbs()) {
      probs.add(Math.exp(lnProb));
    }
    for (Tail.Level level : tail) {
      assertThat(level.prob()).isLessThanOrEqualTo(row.cap() + 1e-12);
      for (int i = 0; i < level.count(); i++) {
        probs.add(level.prob());
      }
    }
    assertThat(probs).hasSizeLessThanOrEqualTo(vocabSize);
    double[] filled = Arrays.copyOf(probs.stream().mapToDouble(p -> p).toArray(), vocabSize);
    assertThat(Arrays.stream(filled).sum()).isCloseTo(1, within(ROUNDING));
    return filled;
  }

  private static double entropyOf(double[] probs) {
    return Distribution.ofProbs(probs.clone(), 1).entropy().low();
  }

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  @Test
  void halfTheMassOverTwoUnseenTokensIsBetweenOneAndOneAndAHalfBits() {
    Interval entropy = of(OptionalInt.of(3), Math.log(0.5)).entropy();
    assertThat(entropy.low() / LN_2).isCloseTo(1, within(1e-13));
    assertThat(entropy.high() / LN_2).isCloseTo(1.5, within(1e-13));
  }

  @Test
  void oneUnseenTokenLeavesNothingOpen() {
    Interval entropy = of(OptionalInt.of(3), Math.log(0.5), Math.log(0.3)).entropy();
    assertThat(entropy.isExact()).isTrue();
    assertThat(entropy.low()).isCloseTo(entropyOf(new double[] {0.5, 0.3, 0.2}), within(1e-13));
  }

  @Test
  void withoutVocabSizeThereIsNoUpperBound() {
    assertThat(of(OptionalInt.empty(), Math.log(0.5)).entropy().isBounded()).isFalse();
  }

  @Test
  void aListThatHoldsAllTheMassIsExactWithoutVocabSize() {
    Interval entropy = of(OptionalInt.empty(), Math.log(0.5), Math.log(0.5)).entropy();
    assertThat(entropy.isExact()).isTrue();
    assertThat(entropy.low()).isCloseTo(LN_2, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-30, -100, -700, -745, -800, -999})
  void aLastTokenOfVanishingProbabilityStillGivesANumber(double last) {
    for (OptionalInt vocabSize : List.of(OptionalInt.empty(), OptionalInt.of(32_000))) {
      Interval entropy = of(vocabSize, Math.log1p(-5e-4), last).entropy();
      assertThat(entropy.low()).isFinite().isPositive();
      assertThat(entropy.high()).isGreaterThanOrEqualTo(entropy.low());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1000, -2000", "-9999, -9999", "-3.4e38, -3.4e38", "-100, -100", "-Infinity, -5000"})
  void sentinelsCloseTheTail(double first, double second) {
    PartialDistribution row =
        of(OptionalInt.of(32_000), Math.log(0.75), Math.log(0.25), first, second);
    assertThat(row.repairs()).containsExactly(Repair.SENTINEL);
    assertThat(row.cap()).isZero();
    assertThat(row.best()).hasSize(2);
    assertThat(row.listed()).isEqualTo(4);
    assertThat(row.entropy().isExact()).isTrue();
  }

  @Test
  void oneSingleMinusHundredIsALogProbability() {
    PartialDistribution row = of(OptionalInt.of(32_000), Math.log(0.75), Math.log(0.25), -100);
    assertThat(row.repairs()).isEmpty();
    assertThat(row.best()).hasSize(3);
  }

  @Test
  void aSampledTokenInFrontDoesNotSetTheCap() {
    PartialDistribution row = of(OptionalInt.of(100), Math.log(0.01), Math.log(0.4), Math.log(0.3));
    assertThat(row.repairs()).containsExactly(Repair.SAMPLED_OUTSIDE_TOP_K);
    assertThat(row.cap()).isCloseTo(0.3, within(1e-15));
    assertThat(row.entropy())
        .isEqualTo(
            PartialDistribution.of(
                    entries(Math.log(0.4), Math.log(0.3)),
                    OptionalDouble.of(Math.log(0.01)),
                    false,
                    OptionalInt.of(100))
                .entropy());
  }

  @Test
  void aSampledTokenInFrontKeepsItsName() {
    PartialDistribution row =
        PartialDistribution.of(
            List.of(
                new Entry(Math.log(0.01), 7, "g"),
                new Entry(Math.log(0.4), 1, "a"),
                new Entry(Math.log(0.3), 2, "b")),
            OptionalDouble.empty(),
            false,
            OptionalInt.of(100));
    assertThat(row.sampled()).isEqualTo(new Entry(Math.log(0.01), 7, "g"));
  }

  @Test
  void aSampledTokenInFrontOfAListThatASentinelClosesIsOneOfTheList() {
    PartialDistribution row =
        of(OptionalInt.of(100), Math.log(0.25), Math.log(0.5), Math.log(0.25), -9999);
    assertThat(row.best()).hasSize(3);
    assertThat(row.sampled()).isNull();
  }

  @Test
  void equalProbabilitiesGoById() {
    PartialDistribution row =
        PartialDistribution.of(
            List.of(
                new Entry(Math.log(0.25), 9, null),
                new Entry(Math.log(0.25), 4, null),
                new Entry(Math.log(0.5), 6, null)),
            OptionalDouble.empty(),
            true,
            OptionalInt.empty());
    assertThat(row.best()).extracting(Entry::id).containsExactly(6, 4, 9);
  }

  @Test
  void aMassJustAboveOneIsRenormalisedAndSaid() {
    PartialDistribution row = of(OptionalInt.of(10), Math.log(0.6), Math.log(0.4005));
    assertThat(row.repairs()).containsExactly(Repair.RENORMALISED);
    assertThat(Math.exp(row.lnProbs()[0]) + Math.exp(row.lnProbs()[1])).isCloseTo(1, within(1e-15));
  }

  /** p = (0.9, 0.06), V = 10: a tail of 0.04 ± 0.001 over 8 tokens of at most 0.06 · 1.001. */
  @Test
  void aMassErrorWidensTheTailToBothSides() {
    PartialDistribution row =
        PartialDistribution.of(
            entries(Math.log(0.9), Math.log(0.06)),
            OptionalDouble.empty(),
            false,
            OptionalInt.of(10),
            0.001);
    assertThat(row.massError()).isEqualTo(0.001);
    assertThat(row.tailMass()).isCloseTo(0.04, within(1e-12));
    assertThat(row.leastTail().mass()).isCloseTo(0.039, within(1e-12));
    assertThat(row.greatestTail().mass()).isCloseTo(0.041, within(1e-12));
    Interval stated = row.entropy();
    Interval sharp = of(OptionalInt.of(10), Math.log(0.9), Math.log(0.06)).entropy();
    assertThat(stated.low()).isLessThan(sharp.low() - 0.001);
    assertThat(stated.high()).isGreaterThan(sharp.high() + 0.001);
    double others = 0.06 * 0.999 + 0.039;
    assertThat(stated.low())
        .isCloseTo(entropyOf(new double[] {1 - others, 0.06 * 0.999, 0.039}), within(1e-12));
  }

  @Test
  void aListThatIsTheWholeVocabularyIsARangeWhereItsSenderRounds() {
    List<Entry> all = entries(Math.log(0.75), Math.log(0.25));
    OptionalInt two = OptionalInt.of(2);
    assertThat(PartialDistribution.of(all, OptionalDouble.empty(), false, two).entropy().isExact())
        .isTrue();
    Interval entropy =
        PartialDistribution.of(all, OptionalDouble.empty(), false, two, 1e-5).entropy();
    assertThat(entropyOf(new double[] {0.75, 0.25}))
        .isGreaterThan(entropy.low())
        .isLessThan(entropy.high());
    assertThat(entropy.high() - entropy.low()).isLessThan(1e-5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, 0.011, Double.NaN})
  void aMassErrorOutOfRangeIsRefused(double massError) {
    assertThatThrownBy(
            () ->
                PartialDistribution.of(
                    entries(0), OptionalDouble.empty(), false, OptionalInt.of(9), massError))
        .isInstanceOfSatisfying(
            InvalidInput.ParameterOutOfRange.class,
            e -> assertThat(e.pointer()).isEqualTo("/mass_error"));
  }

  /** The tail sits on V − k − 1 tokens: the sampled one holds nothing. */
  @Test
  void aSampledTokenAtAFloorIsNotOneOfTheUnseen() {
    PartialDistribution row =
        PartialDistribution.of(
            entries(Math.log(0.5), Math.log(0.3)),
            OptionalDouble.of(-9999),
            false,
            OptionalInt.of(4));
    assertThat(row.tail().unseen()).hasValue(1);
    assertThat(row.listed()).isEqualTo(3);
    assertThat(row.repairs()).containsExactly(Repair.SENTINEL);
    assertThat(row.entropy().isExact()).isTrue();
    assertThat(row.entropy().low())
        .isCloseTo(entropyOf(new double[] {0.5, 0.3, 0.2}), within(1e-12));
  }

  @Test
  void aLogProbabilityJustAboveZeroIsZeroInEveryDerivedNumber() {
    PartialDistribution list = of(OptionalInt.of(10), 9e-4, -12);
    assertThat(list.best().getFirst().lnProb()).isZero();
    assertThat(list.massSeen()).isEqualTo(1);
    assertThat(list.repairs()).containsExactly(Repair.RENORMALISED);
    Distribution row = Distribution.ofLogprobs(new double[] {9e-4, -12}, 1);
    assertThat(row.prob(1)).isCloseTo(1 / (1 + Math.exp(12)), within(1e-18));
    assertThat(row.massFound()).isGreaterThan(1.0009);
    PartialDistribution sampled =
        PartialDistribution.of(List.of(), OptionalDouble.of(1e-4), false, OptionalInt.of(10));
    assertThat(sampled.sampledLnProb()).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"-1e-6, 0", "-1e-9, 0", "-0.0, 0", "0, 0", "0.5, 0.5"})
  void anEntropyJustBelowZeroIsZero(double sent, double counts) {
    double nats = Summary.ofEntropy(sent, OptionalInt.empty()).nats();
    assertThat(Double.doubleToRawLongBits(nats)).isEqualTo(Double.doubleToRawLongBits(counts));
  }

  @Test
  void anEntropyFurtherBelowZeroIsRefused() {
    assertThatThrownBy(() -> Summary.ofEntropy(-1.1e-6, OptionalInt.empty()))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoLogProbabilityIsRefusedWithItsPlace(double lnProb) {
    assertThatThrownBy(() -> of(OptionalInt.of(10), Math.log(0.6), lnProb))
        .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.pointer()).isEqualTo("/1"));
  }

  @ParameterizedTest
  @CsvSource({"-1, 10", "10, 10"})
  void aTokenIdOutsideTheVocabularyIsRefused(int id, int vocabSize) {
    assertThatThrownBy(
            () ->
                PartialDistribution.of(
                    List.of(new Entry(Math.log(0.5), id, null)),
                    OptionalDouble.empty(),
                    false,
                    OptionalInt.of(vocabSize)))
        .isInstanceOf(InvalidInput.InconsistentTopLogprobs.class)
        .hasMessageContaining("token id " + id);
  }

  @Test
  void aTokenIdListedTwiceIsRefused() {
    var twice = List.of(new Entry(Math.log(0.5), 3, null), new Entry(Math.log(0.2), 3, null));
    assertThatThrownBy(
            () -> PartialDistribution.of(twice, OptionalDouble.empty(), false, OptionalInt.of(10)))
        .isInstanceOf(InvalidInput.InconsistentTopLogprobs.class)
        .hasMessageContaining("token id 3 is listed twice");
  }

  @Test
  void aSampledTokenMoreProbableThanTheListIsRefused() {
    assertThatThrownBy(
            () ->
                PartialDistribution.of(
                    entries(Math.log(0.4), Math.log(0.1)),
                    OptionalDouble.of(Math.log(0.3)),
                    false,
                    OptionalInt.of(10)))
        .isInstanceOfSatisfying(
            InvalidInput.InconsistentTopLogprobs.class,
            e -> assertThat(e.pointer()).isEqualTo("/sampled_logprob"));
  }

  @Test
  void aCompleteListThatLacksMassIsRefused() {
    assertThatThrownBy(
            () ->
                PartialDistribution.of(
                    entries(Math.log(0.4), Math.log(0.1)),
                    OptionalDouble.empty(),
                    true,
                    OptionalInt.empty()))
        .isInstanceOf(InvalidInput.InconsistentTopLogprobs.class);
  }

  private static PartialDistribution of(OptionalInt vocabSize, double... lnProbs) {
    return PartialDistribution.of(entries(lnProbs), OptionalDouble.empty(), false, vocabSize);
  }

  private static List<Entry> entries(double... lnProbs) {
    return Arrays.stream(lnProbs).mapToObj(Entry::new).toList();
  }
}
