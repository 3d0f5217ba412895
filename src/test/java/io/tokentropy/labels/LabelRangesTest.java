package io.tokentropy.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.ReportedAt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every range holds the truth, and the ends of every range are reached. */
class LabelRangesTest {
  private static final double ROUNDING = 1e-9;

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  private static double given(double[] sums, int label) {
    return sums[label] / labelled(sums);
  }

  private static double labelled(double[] sums) {
    return Arrays.stream(sums, 0, sums.length - 1).sum();
  }

  private static double entropy(double[] sums) {
    double all = labelled(sums);
    return Arrays.stream(sums, 0, sums.length - 1)
        .map(sum -> sum / all)
        .map(q -> q > 0 ? -q * Math.log(q) : 0)
        .sum();
  }

  private static double score(double[] sums) {
    double weighted = 0;
    for (int i = 0; i < sums.length - 1; i++) {
      weighted += SmallRow.score(i) * sums[i];
    }
    return weighted / labelled(sums);
  }

  private static double margin(double[] sums, int best) {
    return IntStream.range(0, sums.length - 1)
        .filter(i -> i != best)
        .mapToDouble(i -> sums[best] - sums[i])
        .min()
        .orElseThrow();
  }

  /** One range with the figure of which it is the range. */
  private record Figure(String name, Interval range, ToDoubleFunction<double[]> of) {}

  private static List<Figure> figures(LabelFigures found) {
    var figures = new ArrayList<Figure>();
    int n = found.labels().size();
    figures.add(new Figure("other", found.other(), sums -> sums[n]));
    for (int i = 0; i < n; i++) {
      int label = i;
      figures.add(new Figure("prob " + i, found.labels().get(i).prob(), sums -> sums[label]));
    }
    if (found.margin() != null) {
      figures.add(new Figure("margin", found.margin(), sums -> margin(sums, found.best())));
    }
    return figures;
  }

  private static List<Figure> givenFigures(LabelFigures found) {
    LabelFigures.Given given = found.given();
    if (given == null) {
      return List.of();
    }
    var figures = new ArrayList<Figure>();
    for (int i = 0; i < given.probs().size(); i++) {
      int label = i;
      figures.add(new Figure("given " + i, given.probs().get(i), sums -> given(sums, label)));
    }
    figures.add(new Figure("entropy", given.entropy(), LabelRangesTest::entropy));
    figures.add(new Figure("score", Objects.requireNonNull(given.score()), LabelRangesTest::score));
    return figures;
  }

  /** Ten thousand rows in all; the error of the list is that of a server that rounds. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theTruthLiesInEveryRange(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      SmallRow row = SmallRow.of(random, 3 + i / 10, true);
      double error = i % 3 == 0 ? 1e-3 : 0;
      LabelFigures found = row.labelSet().of(rounded(row, error, i % 2 == 0, random), null);
      double[] truth = requireTruth(row, found);
      double most = Arrays.stream(truth, 0, row.labels()).max().orElseThrow();
      assertThat(!found.certified() || truth[found.best()] >= most - ROUNDING).isTrue();
    }
  }

  /** The sums of the row as it is, which lie in every range. */
  private static double[] requireTruth(SmallRow row, LabelFigures found) {
    double[] truth =
        row.sums(row.owner(), Arrays.copyOfRange(row.probs(), row.seen(), row.probs().length));
    for (Figure figure : figures(found)) {
      requireWithin(figure, truth);
    }
    if (labelled(truth) > 0) {
      for (Figure figure : givenFigures(found)) {
        requireWithin(figure, truth);
      }
    }
    return truth;
  }

  private static PartialDistribution rounded(
      SmallRow row, double error, boolean sized, SplittableRandom random) {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < row.seen(); i++) {
      double moved = Math.log1p(error * random.nextDouble(-0.3, 0.3));
      entries.add(new Entry(Math.min(0, Math.log(row.probs()[i]) + moved), i, "t" + i));
    }
    OptionalInt size = sized ? OptionalInt.of(row.probs().length) : OptionalInt.empty();
    return PartialDistribution.of(entries, OptionalDouble.empty(), false, size, error);
  }

  /** The list is that of a server at another temperature, or of one that cut the rest away. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theTruthLiesInEveryRangeOfAListReportedAfterATemperature(long seed) {
    var random = new SplittableRandom(100 + seed);
    for (int i = 0; i < 1_000; i++) {
      SmallRow row = SmallRow.of(random, 3 + i / 10, true);
      var how = new ReportedAt(random.nextDouble(0.2, 3), i % 4 == 0);
      PartialDistribution reported = reported(row, how, i % 2 == 0);
      LabelFigures found = row.labelSet().of(how.raw(reported), null);
      requireTruth(row, found);
    }
  }

  private static PartialDistribution reported(SmallRow row, ReportedAt how, boolean sized) {
    double[] heated =
        Arrays.stream(row.probs()).map(p -> Math.pow(p, 1 / how.temperature())).toArray();
    double all = Arrays.stream(heated, 0, how.filtered() ? row.seen() : heated.length).sum();
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < row.seen(); i++) {
      entries.add(new Entry(Math.min(0, Math.log(heated[i] / all)), i, "t" + i));
    }
    OptionalInt size = sized ? OptionalInt.of(row.probs().length) : OptionalInt.empty();
    return PartialDistribution.of(entries, OptionalDouble.empty(), false, size, 0);
  }

  private static void requireWithin(Figure figure, double[] sums) {
    double truth = figure.of().applyAsDouble(sums);
    assertThat(truth)
        .as(figure.name())
        .isBetween(figure.range().low() - ROUNDING, figure.range().high() + ROUNDING);
  }

  /** Linear figures and their quotients have both ends at corners, entropies their least. */
  @ParameterizedTest
  @MethodSource("seeds")
  void everyEndIsReachedAtACorner(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 40; i++) {
      SmallRow row = SmallRow.of(random, 7, true);
      LabelFigures found = row.figures();
      var corners = new ArrayList<double[]>();
      for (int[] owners : row.owners()) {
        row.corners().forEach(corner -> corners.add(row.sums(owners, corner)));
      }
      for (Figure figure : figures(found)) {
        requireEnds(figure, corners, !figure.name().equals("margin"));
      }
      List<double[]> possible = corners.stream().filter(sums -> labelled(sums) > 0).toList();
      assertThat(found.given() == null).isEqualTo(possible.isEmpty());
      for (Figure figure : givenFigures(found)) {
        requireEnds(figure, possible, !figure.name().equals("entropy"));
      }
    }
  }

  private static void requireEnds(Figure figure, List<double[]> corners, boolean both) {
    double low = corners.stream().mapToDouble(figure.of()).min().orElseThrow();
    double high = corners.stream().mapToDouble(figure.of()).max().orElseThrow();
    assertThat(figure.range().low()).as(figure.name()).isCloseTo(low, within(ROUNDING));
    if (both) {
      assertThat(figure.range().high()).as(figure.name()).isCloseTo(high, within(ROUNDING));
    } else {
      assertThat(figure.range().high()).as(figure.name()).isGreaterThan(high - ROUNDING);
    }
  }

  /** Where labels are given by ids, so that the room of each is its own. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theGreatestEntropyAndMarginAreReachedUphill(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 40; i++) {
      SmallRow row = SmallRow.of(random, 7, false);
      LabelFigures found = row.figures();
      LabelFigures.Given given = found.given();
      if (given != null) {
        requireTop(row, random, LabelRangesTest::entropy, given.entropy().high());
      }
      Interval margin = found.margin();
      if (margin != null) {
        requireTop(row, random, sums -> margin(sums, found.best()), margin.high());
      }
    }
  }

  private static void requireTop(
      SmallRow row, SplittableRandom random, ToDoubleFunction<double[]> height, double high) {
    double reached = row.climb(random, height, 4_000);
    assertThat(high).isCloseTo(reached, within(1e-3));
    assertThat(high).isGreaterThan(reached - ROUNDING);
  }
}
