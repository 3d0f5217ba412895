package io.tokentropy.truncation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Top-H against brute force, and selection against a full sort. */
class TopHTest {
  private static double[] random(SplittableRandom random, int n, double scale) {
    return IntStream.range(0, n).mapToDouble(i -> scale * random.nextGaussian()).toArray();
  }

  private static TopH exact(double alpha) {
    return new TopH(
        alpha,
        TopH.Variant.PAPER,
        OptionalInt.empty(),
        TopH.Rule.STOP,
        true,
        OptionalInt.of(1_000_000));
  }

  /** Ten seeds of 1,200 instances of 2 to 11 tokens, each against all of its subsets. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theKeptSetIsTheGreatestPrefixAndTheCertificateHoldsTheOptimum(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1_200; i++) {
      int n = random.nextInt(2, 12);
      double alpha = random.nextDouble(0.05, 1);
      Distribution row = Distribution.ofLogits(random(random, n, random.nextDouble(0.2, 5)), 1);
      Truncation found = Truncation.of(row, List.of(exact(alpha)));
      double budget = alpha * row.entropy().low();
      double slack = 1e-9 * Math.max(1, budget);
      assertThat(found.entropy()).isLessThanOrEqualTo(budget + slack);

      Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
      Arrays.sort(
          order, Comparator.comparing((Integer id) -> -row.prob(id)).thenComparing(id -> id));
      int k = found.keptCount();
      for (int rank = 0; rank < k; rank++) {
        assertThat(found.keptIds(k)[rank]).isEqualTo(order[rank]);
      }
      if (k < n) {
        double[] longer = new double[k + 1];
        for (int rank = 0; rank <= k; rank++) {
          longer[rank] = row.prob(order[rank]);
        }
        assertThat(entropy(longer)).isGreaterThan(budget);
      }

      double best = 0;
      for (int set = 1; set < 1 << n; set++) {
        int bits = set;
        double[] q =
            IntStream.range(0, n)
                .filter(id -> (bits >> id & 1) == 1)
                .mapToDouble(row::prob)
                .toArray();
        if (entropy(q) <= budget + 1e-10 * Math.max(1, budget)) {
          best = Math.max(best, Arrays.stream(q).sum());
        }
      }
      Certificate certificate = found.topH().certificate();
      assertThat(found.keptMass()).isLessThanOrEqualTo(best + 1e-9);
      assertThat(best).isLessThanOrEqualTo(certificate.upperBound() + 1e-8);
      assertThat(found.keptMass() / best).isGreaterThan(k / (k + 1.0) - 1e-9);
      assertThat(found.topH().optimum().optimal()).isTrue();
      assertThat(found.topH().optimum().mass()).isCloseTo(best, within(1e-9));
    }
  }

  private static double entropy(double[] weights) {
    double mass = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(p -> -p / mass * Math.log(p / mass)).sum();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theSkipRuleKeepsTheGreedySetAndFits(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      Distribution row = Distribution.ofLogits(random(random, random.nextInt(2, 200), 3), 1);
      double alpha = random.nextDouble(0.05, 1);
      var skip =
          new TopH(
              alpha,
              TopH.Variant.PAPER,
              OptionalInt.empty(),
              TopH.Rule.SKIP,
              true,
              OptionalInt.empty());
      Truncation greedy = Truncation.of(row, List.of(TopH.of(alpha)));
      Truncation skipping = Truncation.of(row, List.of(skip));
      assertThat(skipping.keptIds(greedy.keptCount()))
          .isEqualTo(greedy.keptIds(greedy.keptCount()));
      assertThat(skipping.entropy()).isLessThanOrEqualTo(alpha * row.entropy().low() + 1e-8);
      assertThat(skipping.keptMass())
          .isLessThanOrEqualTo(skipping.topH().certificate().upperBound() + 1e-12);
    }
  }

  /** The table of src/docs/which-top-h.md. */
  @ParameterizedTest
  @CsvSource({"1.1, Zipf 1.1", "1.5, Zipf 1.5"})
  void theTableOfTheDocumentationHolds(double exponent, String name) throws IOException {
    var cells = new ArrayList<String>();
    for (double temperature : new double[] {1, 1.5, 2}) {
      double[] logits =
          IntStream.range(0, 32_000).mapToDouble(i -> -exponent * Math.log(i + 1)).toArray();
      Distribution row = Distribution.ofLogits(logits, temperature);
      cells.add(
          Arrays.stream(TopH.Variant.values())
              .map(
                  variant ->
                      new TopH(
                          0.4,
                          variant,
                          OptionalInt.empty(),
                          TopH.Rule.STOP,
                          false,
                          OptionalInt.empty()))
              .map(rule -> Integer.toString(Truncation.of(row, List.of(rule)).keptCount()))
              .collect(Collectors.joining(" / ")));
    }
    assertThat(Files.readString(Path.of("src/docs/which-top-h.md")))
        .contains("| " + name + " | " + String.join(" | ", cells) + " |");
  }

  @Test
  void anInterruptedSearchSaysHowMuchIsLeft() {
    Distribution row = Distribution.ofLogits(random(new SplittableRandom(5), 400, 2), 1);
    var hasty =
        new TopH(
            0.6, TopH.Variant.PAPER, OptionalInt.empty(), TopH.Rule.STOP, true, OptionalInt.of(3));
    Truncation found = Truncation.of(row, List.of(hasty));
    Optimum.Found optimum = found.topH().optimum();
    assertThat(optimum.optimal()).isFalse();
    assertThat(optimum.gap()).isPositive();
    assertThat(optimum.mass()).isGreaterThanOrEqualTo(found.keptMass() - 1e-12);
    assertThat(optimum.mass() + optimum.gap())
        .isLessThanOrEqualTo(found.topH().certificate().upperBound() + 1e-9);
  }

  /**
   * Shapes that break a selection by threshold: everything survives, nothing does, or all are
   * equal.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "equal",
        "two levels",
        "increasing",
        "decreasing",
        "one giant",
        "ties",
        "gaussian",
        "head and flat tail"
      })
  void selectionAgreesWithAFullSort(String shape) {
    int n = 131_072;
    var random = new SplittableRandom(9);
    double[] logits =
        IntStream.range(0, n)
            .mapToDouble(
                i ->
                    switch (shape) {
                      case "equal" -> 3;
                      case "two levels" -> i % 1000 == 7 ? 2 : 1;
                      case "increasing" -> i * 1e-4;
                      case "decreasing" -> -i * 1e-4;
                      case "one giant" -> i == 77_777 ? 400 : random.nextDouble();
                      case "ties" -> random.nextInt(4);
                      case "gaussian" -> 2.4 * random.nextGaussian();
                      default -> i < 30_000 ? 1 + 1e-5 * (i % 7) : 0;
                    })
            .toArray();
    int[] expected =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -logits[i]).thenComparing(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int k : new int[] {1, 2, 63, 64, 65, 1000, 32_768, 100_000}) {
      Distribution row = Distribution.ofLogits(logits.clone(), 1);
      Truncation found = Truncation.of(row, List.of(new TopK(k, false)));
      int live = Math.min(k, Truncation.of(row, List.of(new TopK(0, false))).keptCount());
      assertThat(found.keptIds(k)).isEqualTo(Arrays.copyOf(expected, live));
    }
  }

  /**
   * Eight seeds of 1,500 rows cut to their best 20: a certain answer is the one of the whole row.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsCertifiedFromTheBestTwentyIsWhatTheWholeRowGives(long seed) {
    var random = new SplittableRandom(seed);
    int certified = 0;
    for (int i = 0; i < 1_500; i++) {
      int n = random.nextInt(21, 400);
      double[] logits = random(random, n, random.nextDouble(0.5, 4));
      Distribution row = Distribution.ofLogits(logits, 1);
      double[] best = Arrays.stream(row.lnProbs()).sorted().skip(n - 20).toArray();
      List<PartialDistribution.Entry> list =
          Arrays.stream(best).mapToObj(PartialDistribution.Entry::new).toList().reversed();
      PartialDistribution part =
          PartialDistribution.of(list, OptionalDouble.empty(), false, OptionalInt.of(n));
      for (Sampler rule :
          List.of(
              TopH.of(0.4),
              new TopP(0.7),
              new MinP(0.1),
              new TopA(0.3),
              new EpsilonCutoff(0.02),
              new EtaCutoff(0.01),
              new TopK(5, false))) {
        PartialTruncation found = PartialTruncation.of(part, part.entropy(), List.of(rule));
        Truncation whole = Truncation.of(row, List.of(rule));
        assertThat(whole.keptCount()).isGreaterThanOrEqualTo(found.low());
        assertThat(whole.keptCount()).isLessThanOrEqualTo(found.high().orElse(n));
        if (found.certified()) {
          certified++;
          assertThat(found.kept().keptCount()).isEqualTo(whole.keptCount());
          assertThat(found.kept().keptMass()).isCloseTo(whole.keptMass(), within(1e-9));
          assertThat(found.kept().entropy()).isCloseTo(whole.entropy(), within(1e-9));
        }
      }
    }
    assertThat(certified).isGreaterThan(4_000);
  }
}
