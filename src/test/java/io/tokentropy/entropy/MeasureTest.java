package io.tokentropy.entropy;

import static io.tokentropy.entropy.BasicMeasure.COLLISION;
import static io.tokentropy.entropy.BasicMeasure.FISHER_RAO;
import static io.tokentropy.entropy.BasicMeasure.GINI;
import static io.tokentropy.entropy.BasicMeasure.KL_FROM_UNIFORM;
import static io.tokentropy.entropy.BasicMeasure.MARGIN;
import static io.tokentropy.entropy.BasicMeasure.MIN_ENTROPY;
import static io.tokentropy.entropy.BasicMeasure.QUADRANT;
import static io.tokentropy.entropy.BasicMeasure.SELF_CERTAINTY;
import static io.tokentropy.entropy.BasicMeasure.VARENTROPY;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.ManyDigits;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.RandomRows;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.entropy.MeasureValue.Exact;
import io.tokentropy.entropy.MeasureValue.Fields;
import io.tokentropy.entropy.MeasureValue.Range;
import io.tokentropy.entropy.MeasureValue.Series;
import io.tokentropy.entropy.MeasureValue.Unavailable;
import io.tokentropy.entropy.MeasureValue.Word;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import java.math.BigDecimal;
import java.math.MathContext;
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

class MeasureTest {
  private static final double LN_2 = Math.log(2);
  private static final MathContext DIGITS = new MathContext(340);

  /** p = (1/2, 1/4, 1/8, 1/8): H = 7/4 bit, Σp² = 11/32. */
  private static final Distribution DYADIC = Rows.probs(0.5, 0.25, 0.125, 0.125);

  @TestFactory
  Stream<DynamicTest> distancesFromUniformAreThoseOfTheReference() {
    return GoldenFile.read("uq.json")
        .testsOf(
            "uniform_distance",
            golden -> {
              Row row = Rows.logits(GoldenFile.numbers(golden.at("/input/logits")));
              JsonNode expected = golden.get("expected");
              var renyi = new Renyi(golden.at("/params/alpha").asDouble());
              double tolerance = golden.get("tolerance").asDouble();
              close(KL_FROM_UNIFORM.of(row), expected.get("klFromUniform"), tolerance);
              close(SELF_CERTAINTY.of(row), expected.get("selfCertainty"), tolerance);
              close(FISHER_RAO.of(row), expected.get("fisherRao"), tolerance);
              close(field(renyi.of(row), "entropy"), expected.get("renyiEntropy"), tolerance);
              close(field(renyi.of(row), "divergence"), expected.get("renyiDivergence"), tolerance);
            });
  }

  @TestFactory
  Stream<DynamicTest> logTokUIsThatOfTheReference() {
    return GoldenFile.read("uq.json")
        .testsOf(
            "logtoku",
            golden -> {
              Row row = Rows.logits(GoldenFile.numbers(golden.at("/input/logits")));
              MeasureValue value = new LogTokU(golden.at("/params/k").asInt()).of(row);
              JsonNode expected = golden.get("expected");
              for (String name : List.of("aleatoric", "epistemic", "reliability")) {
                close(field(value, name), expected.get(name), golden.get("tolerance").asDouble());
              }
            });
  }

  @TestFactory
  Stream<DynamicTest> varentropyIsThatOfTheReference() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "varentropy",
            golden -> {
              Row row = Rows.logits(GoldenFile.numbers(golden.at("/input/logits")));
              var unit =
                  golden.at("/params/unit").asString().equals("bits")
                      ? EntropyUnit.BIT
                      : EntropyUnit.NAT;
              var tolerance = within(golden.get("tolerance").asDouble());
              assertThat(unit.fromNats(row.entropy().low()))
                  .isCloseTo(golden.at("/expected/entropy").asDouble(), tolerance);
              var varentropy = (Exact) VARENTROPY.of(row);
              assertThat(varentropy.dimension().in(unit, varentropy.value()))
                  .isCloseTo(golden.at("/expected/varentropy").asDouble(), tolerance);
            });
  }

  @TestFactory
  Stream<DynamicTest> quadrantsAreThoseOfTheReference() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "quadrant",
            golden ->
                assertThat(
                        QUADRANT.of(
                            new Summary(
                                golden.at("/input/entropy").asDouble(),
                                OptionalDouble.of(golden.at("/input/varentropy").asDouble()),
                                null,
                                Rows.UNKNOWN)))
                    .isEqualTo(new Word(golden.at("/expected/quadrant").asString())));
  }

  private static void close(MeasureValue value, JsonNode expected, double tolerance) {
    double number = expected.asDouble();
    assertThat(number(value)).isCloseTo(number, within(tolerance * Math.max(1, Math.abs(number))));
  }

  private static double number(MeasureValue value) {
    return ((Exact) value).value();
  }

  private static MeasureValue field(MeasureValue value, String name) {
    return ((Fields) value).values().get(name);
  }

  @Test
  void theMeasuresOfADyadicRowCanBeCheckedByHand() {
    assertThat(number(MARGIN.of(DYADIC))).isCloseTo(0.25, within(1e-15));
    assertThat(number(MIN_ENTROPY.of(DYADIC))).isCloseTo(LN_2, within(1e-15));
    assertThat(number(GINI.of(DYADIC))).isCloseTo(21.0 / 32, within(1e-15));
    assertThat(number(COLLISION.of(DYADIC))).isCloseTo(Math.log(32.0 / 11), within(1e-15));
    assertThat(number(KL_FROM_UNIFORM.of(DYADIC))).isCloseTo(LN_2 / 4, within(1e-15));
    assertThat(number(SELF_CERTAINTY.of(DYADIC))).isCloseTo(LN_2 / 4, within(1e-15));
    assertThat(number(VARENTROPY.of(DYADIC))).isCloseTo(11.0 / 16 * LN_2 * LN_2, within(1e-15));
    assertThat(number(new Tsallis(3).of(DYADIC)))
        .isCloseTo((1 - (64.0 + 8 + 1 + 1) / 512) / 2, within(1e-15));
    assertThat(number(new DeepConf(OptionalInt.of(2)).of(DYADIC)))
        .isCloseTo(1.5 * LN_2, within(1e-15));
    assertThat(new RankOf(List.of(3, 2, 0, 3)).of(DYADIC)).isEqualTo(ranks(4, 3, 1, 4));
  }

  private static Series ranks(int... ranks) {
    return new Series(
        Arrays.stream(ranks).<MeasureValue>mapToObj(r -> new Exact(r, Dimension.COUNT)).toList());
  }

  @ParameterizedTest
  @CsvSource({"0, 2.0", "1, 1.75", "2, 1.5405683813627027", "Infinity, 1"})
  void renyiEntropyOfADyadicRowInBits(double order, double bits) {
    assertThat(number(field(new Renyi(order).of(DYADIC), "entropy")) / LN_2)
        .isCloseTo(bits, within(1e-14));
  }

  @Test
  void ranksOfEqualProbabilitiesGoById() {
    assertThat(new RankOf(List.of(0, 1, 2, 3)).of(Rows.logits(1, 2, 1, 2)))
        .isEqualTo(ranks(3, 1, 4, 2));
  }

  @Test
  void surprisalIsTheNegativeLogarithm() {
    var series = (Series) new SurprisalOf(List.of(1, 0, 2)).of(Rows.probs(0.25, 0.75, 0));
    assertThat(number(series.values().get(0))).isCloseTo(-Math.log(0.75), within(1e-15));
    assertThat(number(series.values().get(1))).isCloseTo(-Math.log(0.25), within(1e-15));
    assertThat(series.values().get(2)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aVocabularyOfOneTokenLeavesNoDoubt() {
    Row row = Rows.logits(5);
    for (Measure measure :
        List.of(VARENTROPY, MIN_ENTROPY, GINI, COLLISION, KL_FROM_UNIFORM, SELF_CERTAINTY)) {
      assertThat(measure.of(row))
          .as(measure.wire())
          .isEqualTo(MeasureValue.exactly(0, dim(measure)));
    }
    assertThat(number(MARGIN.of(row))).isEqualTo(1);
    assertThat(number(FISHER_RAO.of(row))).isZero();
    assertThat(QUADRANT.of(row)).isEqualTo(new Word("LELV"));
  }

  private static Dimension dim(Measure measure) {
    return measure == VARENTROPY
        ? Dimension.NATS_SQUARED
        : measure == GINI ? Dimension.PURE : Dimension.NATS;
  }

  @Test
  void aMaskedTokenMakesSelfCertaintyInfinite() {
    assertThat(SELF_CERTAINTY.of(Rows.probs(0.5, 0.5, 0)))
        .isEqualTo(new Unavailable("it is infinite, as a token has probability 0"));
  }

  @Test
  void oneCertainTokenIsFarthestFromUniform() {
    var certain = new double[10_000];
    certain[3] = 1;
    double distance = number(FISHER_RAO.of(Rows.probs(certain)));
    assertThat(distance).isCloseTo(2 / Math.PI * Math.acos(0.01), within(1e-13));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void renyiEntropyFallsAsTheOrderGrows(long seed) {
    var random = new SplittableRandom(seed);
    double[] orders = {
      0, 1e-9, 0.3, 0.499, 0.501, 1 - 1e-12, 1, 1 + 1e-12, 1.499, 1.501, 7, 1e3, 1e308
    };
    for (int size = 1; size < 200; size++) {
      Distribution row = Rows.logits(RandomRows.logits(random, size));
      double before = Math.log(size) + 1e-10;
      for (double order : orders) {
        double entropy = number(field(new Renyi(order).of(row), "entropy"));
        assertThat(entropy).as("order %s", order).isBetween(0.0, before);
        before = entropy + 1e-10;
      }
      double limit = number(field(new Renyi(POSITIVE_INFINITY).of(row), "entropy"));
      assertThat(before).isCloseTo(limit + 1e-10, within(1e-10));
      assertThat(limit).isEqualTo(number(MIN_ENTROPY.of(row)));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ordersNearOneApproachShannon(long seed) {
    var random = new SplittableRandom(seed);
    for (int size = 2; size < 200; size++) {
      Distribution row = Rows.logits(RandomRows.logits(random, size));
      double shannon = row.entropy().low();
      for (double order : new double[] {1 - 1e-9, 1, 1 + 1e-9}) {
        assertThat(number(field(new Renyi(order).of(row), "entropy")))
            .isCloseTo(shannon, within(1e-6));
        assertThat(number(new Tsallis(order).of(row))).isCloseTo(shannon, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void measuresAgreeWithTheirPlainFormulas(long seed) {
    var random = new SplittableRandom(seed);
    for (int size = 2; size < 200; size++) {
      Distribution row = Rows.logits(RandomRows.logits(random, size));
      double[] p = row.probs();
      double order = random.nextDouble(0.05, 4);
      double power = Arrays.stream(p).filter(x -> x > 0).map(x -> Math.pow(x, order)).sum();
      double squares = Arrays.stream(p).map(x -> x * x).sum();
      double affinity = Arrays.stream(p).map(x -> Math.sqrt(x / p.length)).sum();
      assertThat(number(new Tsallis(order).of(row)))
          .isCloseTo((1 - power) / (order - 1), within(1e-9));
      assertThat(number(field(new Renyi(order).of(row), "entropy")))
          .isCloseTo(Math.log(power) / (1 - order), within(1e-9));
      assertThat(number(GINI.of(row))).isCloseTo(1 - squares, within(1e-12));
      assertThat(number(COLLISION.of(row))).isCloseTo(-Math.log(squares), within(1e-12));
      assertThat(number(FISHER_RAO.of(row)))
          .isCloseTo(2 / Math.PI * Math.acos(Math.min(1, affinity)), within(1e-7));
      double[] ascending = p.clone();
      Arrays.sort(ascending);
      assertThat(number(MARGIN.of(row)))
          .isCloseTo(ascending[size - 1] - ascending[size - 2], within(1e-15));
      List<Integer> all = new ArrayList<>();
      for (int id = 0; id < size; id++) {
        all.add(id);
      }
      int[] expected = new int[size];
      for (int id : all) {
        for (int other : all) {
          boolean first = p[other] > p[id] || (p[other] == p[id] && other <= id);
          expected[id] += first ? 1 : 0;
        }
      }
      assertThat(new RankOf(all).of(row)).isEqualTo(ranks(expected));
    }
  }

  /** One token that holds all but 1e-5 to 1e-270 of the mass: every figure keeps its digits. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theMeasuresOfASureRowHaveTheirDigits(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 12; i++) {
      double[] logits = new double[random.nextInt(2, 6)];
      for (int id = 0; id < logits.length; id++) {
        logits[id] = -random.nextDouble(0, 9);
      }
      logits[random.nextInt(logits.length)] = random.nextDouble(12, 620);
      var exact = new ManyDigits(logits, 340);
      Distribution row = Rows.logits(logits);
      digits(number(VARENTROPY.of(row)), exact.varentropy());
      digits(number(MIN_ENTROPY.of(row)), exact.surprisal(0));
      digits(-row.lnProb(row.top()), exact.surprisal(0));
      digits(number(GINI.of(row)), exact.powers(BigDecimal.TWO).negate());
      digits(number(COLLISION.of(row)), minusLn(exact, BigDecimal.TWO));
      BigDecimal entropy = exact.entropy(exact.whole());
      digits(
          RowEntropy.of(row, Estimate.MIDPOINT).normalized().getAsDouble()
              * Math.log(logits.length),
          entropy);
      for (double order : new double[] {0.125, 0.75, 1.25, 3}) {
        var a = new BigDecimal(order);
        BigDecimal powers = exact.powers(a);
        BigDecimal less = BigDecimal.ONE.subtract(a);
        digits(number(new Tsallis(order).of(row)), powers.divide(less, DIGITS));
        BigDecimal renyi = order < 1 ? exact.ln(powers.add(BigDecimal.ONE)) : minusLn(exact, a);
        digits(
            number(field(new Renyi(order).of(row), "entropy")), renyi.divide(less.abs(), DIGITS));
      }
    }
  }

  /** −ln Σ p^order, of a sum below 1. */
  private static BigDecimal minusLn(ManyDigits exact, BigDecimal order) {
    BigDecimal sum = exact.powers(order).add(BigDecimal.ONE);
    return exact.ln(BigDecimal.ONE.divide(sum, DIGITS));
  }

  private static void digits(double found, BigDecimal expected) {
    double value = expected.doubleValue();
    assertThat(found).isCloseTo(value, within(1e-9 * value));
  }

  /** The list of a whole row has the row's digits; with its mass in doubt, a range around them. */
  @Test
  void aClosedListOfASureRowHasTheRowsDigits() {
    Distribution full = Rows.logits(0, -80, -81);
    List<Entry> entries = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      entries.add(new Entry(full.lnProb(id), id, null));
    }
    PartialDistribution list = Rows.of(entries, OptionalDouble.empty(), Rows.v(3));
    double entropy = full.entropy().low();
    assertThat(list.entropy().isExact()).isTrue();
    assertThat(list.entropy().low()).isCloseTo(entropy, within(1e-12 * entropy));
    assertThat(number(GINI.of(list))).isCloseTo(number(GINI.of(full)), within(1e-12 * entropy));
    Interval doubted =
        PartialDistribution.of(entries, OptionalDouble.empty(), false, Rows.v(3), 1e-5).entropy();
    assertThat(doubted.low()).isBetween(entropy * (1 - 1e-4), entropy);
    assertThat(doubted.high()).isBetween(entropy, entropy * (1 + 1e-4));
  }

  @Test
  void noMeasureIsMinusZero() {
    for (Row row : List.of(Rows.logits(-0.0), Rows.probs(1, 0, 0), Rows.list(Rows.v(1), 1))) {
      for (Measure measure :
          List.of(
              VARENTROPY,
              MIN_ENTROPY,
              GINI,
              COLLISION,
              KL_FROM_UNIFORM,
              new Tsallis(3),
              new DeepConf(OptionalInt.of(1)))) {
        assertThat(Math.copySign(1, number(measure.of(row)))).as(measure.wire()).isEqualTo(1);
      }
      assertThat(Double.doubleToRawLongBits(row.entropy().low())).isZero();
    }
    assertThat(new Exact(-0.0, Dimension.NATS)).isEqualTo(new Exact(0.0, Dimension.NATS));
    assertThat(new Interval(-0.0, -0.0)).isEqualTo(new Interval(0.0, 0.0));
  }

  /** More than 10,000 rows, each cut to its best k: every range must hold the truth. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theRangesOfAListHoldTheTruth(long seed) {
    var random = new SplittableRandom(seed);
    List<Measure> measures =
        List.of(
            MARGIN,
            MIN_ENTROPY,
            GINI,
            COLLISION,
            KL_FROM_UNIFORM,
            SELF_CERTAINTY,
            FISHER_RAO,
            new Tsallis(0),
            new Tsallis(0.5),
            new Tsallis(1.3));
    List<Renyi> renyis = List.of(new Renyi(0), new Renyi(0.5), new Renyi(1), new Renyi(3));
    for (int i = 0; i < 2_100; i++) {
      double[] logits = RandomRows.logits(random, 2 + random.nextInt(40));
      Distribution full = Rows.logits(logits);
      for (OptionalInt vocabSize : List.of(Rows.v(logits.length), Rows.UNKNOWN)) {
        PartialDistribution list = cut(full, 1 + random.nextInt(logits.length), vocabSize);
        for (Measure measure : measures) {
          holds(measure.wire(), measure.of(list), measure.of(full));
        }
        for (Renyi renyi : renyis) {
          for (String field : List.of("entropy", "divergence")) {
            holds(
                "renyi " + renyi.order() + " " + field,
                field(renyi.of(list), field),
                field(renyi.of(full), field));
          }
        }
        List<Integer> ids = List.of(random.nextInt(logits.length), random.nextInt(logits.length));
        for (Measure measure : List.of(new SurprisalOf(ids), new RankOf(ids))) {
          for (int j = 0; j < 2; j++) {
            holds(
                measure.wire(),
                ((Series) measure.of(list)).values().get(j),
                ((Series) measure.of(full)).values().get(j));
          }
        }
      }
    }
  }

  /** 10,000 rows whose sender rounds: all probabilities by a common factor and each by its own. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theRangesOfARoundedListHoldTheTruth(long seed) {
    var random = new SplittableRandom(seed);
    List<Measure> measures =
        List.of(
            MARGIN,
            MIN_ENTROPY,
            GINI,
            COLLISION,
            KL_FROM_UNIFORM,
            new Tsallis(0.5),
            new Tsallis(1.3));
    List<Renyi> renyis = List.of(new Renyi(0.5), new Renyi(1), new Renyi(3));
    for (int i = 0; i < 2_000; i++) {
      double error = Math.pow(10, random.nextDouble(-6, -3.5));
      Distribution full = Rows.logits(RandomRows.logits(random, 2 + random.nextInt(40)));
      int size = full.size();
      double common = random.nextDouble(-1, 1);
      double own = random.nextBoolean() ? 0 : 1 - Math.abs(common);
      List<Entry> entries = new ArrayList<>();
      for (int id = 0; id < size; id++) {
        double off = error * (common + own * random.nextDouble(-1, 1));
        entries.add(new Entry(full.lnProb(id) - Math.log1p(off), id, null));
      }
      entries.sort((a, b) -> Double.compare(b.lnProb(), a.lnProb()));
      int k = 1 + random.nextInt(size);
      PartialDistribution list =
          PartialDistribution.of(
              entries.subList(0, k), OptionalDouble.empty(), false, Rows.v(size), error);
      String row = "row %d, %d of %d listed, rounded by %s: ".formatted(i, k, size, error);
      for (Measure measure : measures) {
        holds(row + measure.wire(), measure.of(list), measure.of(full));
      }
      for (Renyi renyi : renyis) {
        holds(
            row + "renyi " + renyi.order(),
            field(renyi.of(list), "entropy"),
            field(renyi.of(full), "entropy"));
      }
    }
  }

  private static PartialDistribution cut(Distribution full, int k, OptionalInt vocabSize) {
    List<Entry> entries = new ArrayList<>();
    for (int id = 0; id < full.size(); id++) {
      entries.add(new Entry(full.lnProb(id), id, null));
    }
    entries.sort((a, b) -> Double.compare(b.lnProb(), a.lnProb()));
    return Rows.of(entries.subList(0, k), OptionalDouble.empty(), vocabSize);
  }

  /**
   * What a list leaves of 1 has lost digits: harmless where it is multiplied, not so in a logarithm
   * or a root.
   */
  private static double tolerance(String name) {
    return switch (name) {
      case "self_certainty", "surprisal_of" -> 1e-3;
      case "fisher_rao", "tsallis", "renyi 0.5 entropy", "renyi 0.5 divergence" -> 1e-6;
      default -> 1e-10;
    };
  }

  private static void holds(String name, MeasureValue known, MeasureValue truth) {
    switch (known) {
      case Exact exact ->
          assertThat(truth)
              .as(name)
              .isInstanceOfSatisfying(
                  Exact.class,
                  value ->
                      assertThat(value.value())
                          .as(name)
                          .isCloseTo(exact.value(), within(tolerance(name))));
      case Range range -> {
        double value = truth instanceof Exact exact ? exact.value() : POSITIVE_INFINITY;
        assertThat(value)
            .as(name)
            .isBetween(
                range.interval().low() - tolerance(name),
                range.interval().high() + tolerance(name));
      }
      case Unavailable unavailable ->
          assertThat(truth instanceof Unavailable || unavailable.reason().contains("vocab_size"))
              .as("%s: %s, but the truth is %s", name, unavailable, truth)
              .isTrue();
      default -> throw new AssertionError(known);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 5);
  }

  /** p₁ = 1/2 listed of V = 3: the rest is (1/2, 0) at one end and (1/4, 1/4) at the other. */
  @Test
  void bothEndsOfARangeAreAttained() {
    PartialDistribution list = Rows.list(Rows.v(3), 0.5);
    range(GINI.of(list), 0.5, 0.625);
    range(MARGIN.of(list), 0, 0.25);
    range(COLLISION.of(list), LN_2, Math.log(8.0 / 3));
    range(KL_FROM_UNIFORM.of(list), Math.log(3) - 1.5 * LN_2, Math.log(3) - LN_2);
    range(field(new Renyi(0).of(list), "entropy"), LN_2, Math.log(3));
    range(SELF_CERTAINTY.of(list), 5.0 / 3 * LN_2 - Math.log(3), POSITIVE_INFINITY);
    assertThat(number(MIN_ENTROPY.of(list))).isCloseTo(LN_2, within(1e-13));
  }

  @Test
  void withoutVocabSizeOrdersAboveOneAreBoundedAndOthersAreNot() {
    PartialDistribution list = Rows.list(Rows.UNKNOWN, 0.5);
    range(new Tsallis(2).of(list), 0.5, 0.75);
    range(field(new Renyi(2).of(list), "entropy"), LN_2, 2 * LN_2);
    range(new Tsallis(1).of(list), LN_2, POSITIVE_INFINITY);
    range(field(new Renyi(0.5).of(list), "entropy"), LN_2, POSITIVE_INFINITY);
    assertThat(field(new Renyi(2).of(list), "divergence")).isInstanceOf(Unavailable.class);
    assertThat(FISHER_RAO.of(list)).isEqualTo(new Unavailable("it needs vocab_size"));
  }

  private static void range(MeasureValue value, double low, double high) {
    Interval interval = ((Range) value).interval();
    assertThat(interval.low()).isCloseTo(low, within(1e-12));
    if (high == POSITIVE_INFINITY) {
      assertThat(interval.isBounded()).isFalse();
    } else {
      assertThat(interval.high()).isCloseTo(high, within(1e-12));
    }
  }

  @Test
  void aListWithATailHasNoVarentropy() {
    PartialDistribution list = Rows.list(Rows.v(10), 0.5, 0.25);
    assertThat(VARENTROPY.of(list)).isInstanceOf(Unavailable.class);
    assertThat(QUADRANT.of(list)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aListWithoutATailIsAWholeRow() {
    PartialDistribution list = Rows.list(Rows.v(4), 0.5, 0.25, 0.125, 0.125);
    assertThat(number(VARENTROPY.of(list))).isCloseTo(number(VARENTROPY.of(DYADIC)), within(1e-14));
    assertThat(QUADRANT.of(list)).isEqualTo(QUADRANT.of(DYADIC));
    assertThat(number(FISHER_RAO.of(list))).isCloseTo(number(FISHER_RAO.of(DYADIC)), within(1e-14));
  }

  @Test
  void tokensOutsideAListHaveARange() {
    PartialDistribution list = Rows.named(Rows.v(20), 0.5, 0.25);
    var surprisals = ((Series) new SurprisalOf(List.of(11, 3)).of(list)).values();
    assertThat(number(surprisals.get(0))).isCloseTo(2 * LN_2, within(1e-15));
    range(surprisals.get(1), 2 * LN_2, POSITIVE_INFINITY);
    var ranks = ((Series) new RankOf(List.of(11, 3)).of(list)).values();
    assertThat(ranks.get(0)).isEqualTo(new Exact(2, Dimension.COUNT));
    range(ranks.get(1), 3, 20);
  }

  /** V = 4, cap 1/4, tail 3/8 over 2 tokens: each has at least 1/8. */
  @Test
  void aCapThatBindsBoundsTheLeastProbability() {
    PartialDistribution list =
        Rows.of(
            List.of(new Entry(Math.log(0.375), 0, null), new Entry(Math.log(0.25), 1, null)),
            OptionalDouble.empty(),
            Rows.v(4));
    var surprisals = ((Series) new SurprisalOf(List.of(2)).of(list)).values();
    range(surprisals.getFirst(), 2 * LN_2, 3 * LN_2);
  }

  @Test
  void theSampledTokenInFrontOfAListIsKnownByItsId() {
    PartialDistribution list =
        Rows.of(
            List.of(
                new Entry(Math.log(0.125), 7, null),
                new Entry(Math.log(0.5), 3, null),
                new Entry(Math.log(0.25), 5, null)),
            OptionalDouble.empty(),
            Rows.v(100));
    var surprisals = ((Series) new SurprisalOf(List.of(7)).of(list)).values();
    assertThat(number(surprisals.getFirst())).isCloseTo(3 * LN_2, within(1e-15));
    range(((Series) new RankOf(List.of(7)).of(list)).values().getFirst(), 3, 100);
  }

  @Test
  void aListWithoutIdsCannotBeAskedForIds() {
    PartialDistribution list = Rows.list(Rows.v(20), 0.5, 0.25);
    assertThat(new SurprisalOf(List.of(1)).of(list)).isInstanceOf(Unavailable.class);
    assertThat(new RankOf(List.of(1)).of(list)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aSummaryTellsWhatFollowsFromItsEntropy() {
    Row row = Summary.ofEntropy(LN_2, Rows.v(4));
    assertThat(number(KL_FROM_UNIFORM.of(row))).isCloseTo(LN_2, within(1e-15));
    assertThat(number(field(new Renyi(1).of(row), "divergence"))).isCloseTo(LN_2, within(1e-15));
    for (Measure measure :
        List.of(
            VARENTROPY,
            MARGIN,
            MIN_ENTROPY,
            GINI,
            COLLISION,
            SELF_CERTAINTY,
            FISHER_RAO,
            QUADRANT)) {
      assertThat(measure.of(row)).as(measure.wire()).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void aSummaryWithAListTellsWhatFollowsFromTheList() {
    Row row =
        new Summary(1.5, OptionalDouble.of(0.75), Rows.named(Rows.UNKNOWN, 0.5, 0.25), Rows.v(100));
    assertThat(number(MARGIN.of(row))).isCloseTo(0.25, within(1e-15));
    assertThat(number(MIN_ENTROPY.of(row))).isCloseTo(LN_2, within(1e-13));
    assertThat(VARENTROPY.of(row)).isEqualTo(new Exact(0.75, Dimension.NATS_SQUARED));
    assertThat(SELF_CERTAINTY.of(row)).isInstanceOf(Unavailable.class);
    assertThat(number(new DeepConf(OptionalInt.empty()).of(row)))
        .isCloseTo(1.5 * LN_2, within(1e-15));
  }

  @Test
  void deepConfOfAListTakesWhatIsListed() {
    PartialDistribution list = Rows.list(Rows.v(20), 0.5, 0.25);
    assertThat(number(new DeepConf(OptionalInt.empty()).of(list)))
        .isCloseTo(1.5 * LN_2, within(1e-15));
    assertThat(number(new DeepConf(OptionalInt.of(1)).of(list))).isCloseTo(LN_2, within(1e-15));
    assertThat(new DeepConf(OptionalInt.of(3)).of(list))
        .isEqualTo(new Unavailable("k is 3, but 2 tokens are listed"));
  }

  @Test
  void deepConfIsInfiniteWhereOneOfTheBestHasNoProbability() {
    assertThat(new DeepConf(OptionalInt.of(3)).of(Rows.probs(0.5, 0.5, 0)))
        .isInstanceOf(Unavailable.class);
    assertThat(new DeepConf(OptionalInt.of(3)).of(Rows.list(Rows.v(9), 0.5, 0.5)))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void logTokUWithoutAPositiveLogitHasNoEvidence() {
    MeasureValue value = new LogTokU(2).of(Rows.logits(-1, -2, -3));
    assertThat(field(value, "epistemic")).isEqualTo(new Exact(1, Dimension.PURE));
    assertThat(field(value, "aleatoric")).isInstanceOf(Unavailable.class);
    assertThat(field(value, "reliability")).isInstanceOf(Unavailable.class);
  }

  @Test
  void logTokURefusesWhatIsNotLogits() {
    for (Row row : List.of(DYADIC, Rows.list(Rows.v(9), 0.5), Summary.ofEntropy(1, Rows.v(9)))) {
      assertThatThrownBy(() -> new LogTokU(1).of(row))
          .isInstanceOf(InvalidInput.ConflictingInputs.class);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.NEGATIVE_INFINITY})
  void anOrderBelowZeroIsRefused(double order) {
    assertThatThrownBy(() -> new Renyi(order)).isInstanceOf(InvalidInput.ParameterOutOfRange.class);
    assertThatThrownBy(() -> new Tsallis(order))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  @Test
  void tsallisHasNoOrderInfinity() {
    assertThatThrownBy(() -> new Tsallis(POSITIVE_INFINITY))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  @Test
  void anIdOutsideTheVocabularyIsRefusedWithItsPlace() {
    for (Measure measure : List.of(new SurprisalOf(List.of(0, 4)), new RankOf(List.of(0, 4)))) {
      assertThatThrownBy(() -> measure.of(DYADIC))
          .isInstanceOfSatisfying(
              InvalidInput.ParameterOutOfRange.class,
              e -> assertThat(e.pointer()).isEqualTo("/ids/1"));
    }
    assertThatThrownBy(() -> new RankOf(List.of(-1)))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
    assertThatThrownBy(() -> new SurprisalOf(List.of()))
        .isInstanceOf(InvalidInput.MissingInput.class);
  }

  @Test
  void moreThanAllTokensIsRefused() {
    for (Measure measure : List.of(new DeepConf(OptionalInt.of(5)), new LogTokU(5))) {
      assertThatThrownBy(() -> measure.of(Rows.logits(1, 2, 3, 4)))
          .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
    }
    assertThatThrownBy(() -> new DeepConf(OptionalInt.of(0)))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
    assertThatThrownBy(() -> new LogTokU(0)).isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  /** One live token and V − 1 masked: H = 0, and above the floor (V − 1) · 1e-8 of 18.42 nats. */
  @ParameterizedTest(name = "{0} tokens: {1}")
  @CsvSource({"1000, LELV", "300000, LELV", "400000, none", "800000, LEHV"})
  void theNoiseFloorOfEntropixLiftsALargeVocabulary(int vocabSize, String quadrant) {
    var logits = new double[vocabSize];
    Arrays.fill(logits, Double.NEGATIVE_INFINITY);
    logits[3] = 1;
    Distribution row = Distribution.ofLogits(logits, 1);
    assertThat(BasicMeasure.QUADRANT_NOISE_FLOOR.of(row)).isEqualTo(new Word(quadrant));
    assertThat(BasicMeasure.QUADRANT.of(row)).isEqualTo(new Word("LELV"));
  }

  @Test
  void theNoiseFloorNeedsTheWholeRow() {
    assertThat(
            BasicMeasure.QUADRANT_NOISE_FLOOR.of(
                new Summary(1, OptionalDouble.of(1), null, OptionalInt.empty())))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void everyMeasureIsFoundByItsName() {
    var parameters = new Measure.Parameters(OptionalDouble.of(2), OptionalInt.of(1), List.of(0));
    assertThat(Measure.NAMES)
        .containsExactlyInAnyOrder(
            "varentropy",
            "margin",
            "min_entropy",
            "renyi",
            "tsallis",
            "gini",
            "collision",
            "kl_from_uniform",
            "self_certainty",
            "fisher_rao",
            "quadrant",
            "quadrant_noise_floor",
            "surprisal_of",
            "rank_of",
            "logtoku",
            "deepconf");
    for (String name : Measure.NAMES) {
      assertThat(Measure.named(name, parameters).wire()).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"renyi", "tsallis", "surprisal_of", "rank_of", "logtoku"})
  void aMeasureWithoutItsParameterIsRefused(String name) {
    assertThatThrownBy(() -> Measure.named(name, Measure.Parameters.NONE))
        .isInstanceOf(InvalidInput.MissingInput.class)
        .hasMessageContaining(name + " needs");
  }

  @Test
  void anUnknownMeasureIsRefusedWithTheList() {
    assertThatThrownBy(() -> Measure.named("perplexity", Measure.Parameters.NONE))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class)
        .hasMessageContaining("varentropy")
        .hasMessageContaining("deepconf");
  }

  /** ψ(1) = −γ, ψ(1/2) = −γ − 2 ln 2, ψ(1/4) = −γ − π/2 − 3 ln 2, ψ(n + 1) = ψ(n) + 1/n. */
  @Test
  void digammaIsExactToTwelveDigits() {
    double gamma = 0.5772156649015329;
    assertThat(Digamma.of(1)).isCloseTo(-gamma, within(1e-12));
    assertThat(Digamma.of(0.5)).isCloseTo(-gamma - 2 * LN_2, within(1e-12));
    assertThat(Digamma.of(0.25)).isCloseTo(-gamma - Math.PI / 2 - 3 * LN_2, within(1e-12));
    double harmonic = -gamma;
    for (int n = 1; n < 1_000; n++) {
      assertThat(Digamma.of(n)).as("ψ(%d)", n).isCloseTo(harmonic, within(1e-12));
      harmonic += 1.0 / n;
    }
  }
}
