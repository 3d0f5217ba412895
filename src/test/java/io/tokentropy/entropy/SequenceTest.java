package io.tokentropy.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.entropy.SequenceEntropy.Figure;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SequenceTest {
  @TestFactory
  Stream<DynamicTest> tokenEntropiesAreThoseOfTheReference() {
    return GoldenFile.read("uq.json")
        .testsOf(
            "token_entropy",
            golden -> {
              JsonNode params = golden.get("params");
              var unit = params.path("base").asInt(0) == 2 ? EntropyUnit.BIT : EntropyUnit.NAT;
              List<RowEntropy> rows = new ArrayList<>();
              for (JsonNode row : golden.at("/input/rows")) {
                rows.add(
                    RowEntropy.of(
                        row(GoldenFile.numbers(row), params),
                        switch (params.path("tail").asString("")) {
                          case "renormalize" -> Estimate.RENORMALIZED;
                          case "bucket" -> Estimate.BUCKET;
                          case "spread" -> Estimate.HIGH;
                          default -> Estimate.MIDPOINT;
                        }));
              }
              JsonNode expected = golden.get("expected");
              double tolerance = golden.get("tolerance").asDouble();
              for (int i = 0; i < rows.size(); i++) {
                close(
                    unit.fromNats(rows.get(i).entropy().getAsDouble()),
                    expected.get("perToken").get(i),
                    tolerance);
              }
              SequenceEntropy sequence = SequenceEntropy.of(rows);
              close(unit.fromNats(value(sequence.mean())), expected.get("mean"), tolerance);
              close(unit.fromNats(value(sequence.max())), expected.get("max"), tolerance);
              close(unit.fromNats(value(sequence.sum())), expected.get("sum"), tolerance);
              close(value(sequence.meanNormalized()), expected.get("meanNormalized"), tolerance);
            });
  }

  private static Row row(double[] numbers, JsonNode params) {
    return switch (params.get("kind").asString()) {
      case "logits" -> Distribution.ofLogits(numbers, params.path("temperature").asDouble(1));
      case "probs" -> Distribution.ofProbs(numbers, 1);
      case "toplogprobs" ->
          PartialDistribution.of(
              Arrays.stream(numbers).mapToObj(PartialDistribution.Entry::new).toList(),
              OptionalDouble.empty(),
              false,
              OptionalInt.of(params.get("vocab").asInt()));
      default -> throw new IllegalArgumentException(params.toString());
    };
  }

  @TestFactory
  Stream<DynamicTest> prefixEntropiesAreThoseOfTheReference() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "prefix_entropy",
            golden -> {
              SequenceEntropy.Prefix prefix =
                  SequenceEntropy.prefix(
                      entropies(GoldenFile.numbers(golden.at("/input/entropies"))),
                      golden.at("/params/prefix_len").asInt());
              double tolerance = golden.get("tolerance").asDouble();
              close(value(prefix.full()), golden.at("/expected/full"), tolerance);
              close(value(prefix.prefix()), golden.at("/expected/prefix"), tolerance);
              assertThat(prefix.used()).isEqualTo(golden.at("/expected/used").asInt());
            });
  }

  @TestFactory
  Stream<DynamicTest> traceConfidencesAreThoseOfTheReference() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "deepconf",
            golden -> {
              JsonNode params = golden.get("params");
              TraceConfidence trace =
                  TraceConfidence.of(
                      GoldenFile.numbers(golden.at("/input/confidences")),
                      settings(params.get("group"), params));
              JsonNode expected = golden.get("expected");
              double tolerance = golden.get("tolerance").asDouble();
              close(trace.mean(), expected.get("mean"), tolerance);
              close(trace.lowestGroup(), expected.get("lowest_group"), tolerance);
              close(trace.bottom(), expected.get("bottom"), tolerance);
              close(trace.tail(), expected.get("tail"), tolerance);
              assertThat(trace.groups()).isEqualTo(expected.get("groups").asInt());
            });
  }

  @TestFactory
  Stream<DynamicTest> confidencesOfListsAreThoseOfTheReference() {
    return GoldenFile.read("uq.json")
        .testsOf(
            "deepconf",
            golden -> {
              JsonNode lists = golden.at("/input/topLogprobs");
              JsonNode expected = golden.get("expected");
              double tolerance = golden.get("tolerance").asDouble();
              var confidences = new double[lists.size()];
              for (int i = 0; i < confidences.length; i++) {
                double[] lnProbs = GoldenFile.numbers(lists.get(i));
                confidences[i] = DeepConf.mean(lnProbs, lnProbs.length);
                close(confidences[i], expected.get("perToken").get(i), tolerance);
              }
              JsonNode params = golden.get("params");
              TraceConfidence trace =
                  TraceConfidence.of(confidences, settings(params.get("window"), params));
              close(trace.mean(), expected.get("mean"), tolerance);
              close(trace.lowestGroup(), expected.get("lowestGroup"), tolerance);
              close(trace.bottom(), expected.get("bottomGroups"), tolerance);
              close(trace.tail(), expected.get("tail"), tolerance);
              assertThat(trace.groups()).isEqualTo(expected.get("groups").asInt());
            });
  }

  private static TraceConfidence.Settings settings(JsonNode group, JsonNode params) {
    return new TraceConfidence.Settings(
        group.asInt(),
        params.get("bottom").asDouble(),
        params.get("tail").asInt(),
        OptionalDouble.empty());
  }

  @TestFactory
  Stream<DynamicTest> stopsAreThoseOfTheReference() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "deepconf_stop",
            golden ->
                assertThat(
                        TraceConfidence.of(
                                GoldenFile.numbers(golden.at("/input/confidences")),
                                new TraceConfidence.Settings(
                                    golden.at("/params/group").asInt(),
                                    0.1,
                                    1,
                                    OptionalDouble.of(golden.at("/params/threshold").asDouble())))
                            .stopIndex())
                    .hasValue(golden.at("/expected/index").asInt()));
  }

  @TestFactory
  Stream<DynamicTest> thresholdsAreThoseOfTheReference() {
    return GoldenFile.read("ead.json")
        .testsOf(
            "deepconf_threshold",
            golden ->
                close(
                    TraceConfidence.threshold(
                        GoldenFile.numbers(golden.at("/input/lowest_groups")),
                        golden.at("/params/keep_percent").asDouble()),
                    golden.at("/expected/threshold"),
                    golden.get("tolerance").asDouble()));
  }

  private static void close(double found, JsonNode expected, double tolerance) {
    double number = expected.asDouble();
    assertThat(found).isCloseTo(number, within(tolerance * Math.max(1, Math.abs(number))));
  }

  private static double value(Figure figure) {
    return figure.value().getAsDouble();
  }

  private static List<RowEntropy> entropies(double... nats) {
    return Arrays.stream(nats)
        .mapToObj(h -> RowEntropy.of(Summary.ofEntropy(h, Rows.UNKNOWN), Estimate.MIDPOINT))
        .toList();
  }

  @Test
  void rangesOfStepsAddUp() {
    double ln2 = Math.log(2);
    SequenceEntropy sequence =
        SequenceEntropy.of(
            List.of(
                RowEntropy.of(Rows.list(Rows.v(3), 0.5), Estimate.MIDPOINT),
                RowEntropy.of(Rows.probs(0.5, 0.5, 0), Estimate.MIDPOINT)));
    assertThat(value(sequence.sum())).isCloseTo(2.25 * ln2, within(1e-13));
    assertThat(sequence.sum().interval().low()).isCloseTo(2 * ln2, within(1e-13));
    assertThat(sequence.sum().interval().high()).isCloseTo(2.5 * ln2, within(1e-13));
    assertThat(sequence.max().interval().low()).isCloseTo(ln2, within(1e-13));
    assertThat(sequence.max().interval().high()).isCloseTo(1.5 * ln2, within(1e-13));
    assertThat(sequence.mean().interval().high()).isCloseTo(1.25 * ln2, within(1e-13));
    assertThat(sequence.meanNormalized().interval().high())
        .isCloseTo(1.25 * ln2 / Math.log(3), within(1e-13));
  }

  @Test
  void aStepWithoutAnEstimateLeavesTheSequenceWithout() {
    SequenceEntropy sequence =
        SequenceEntropy.of(
            List.of(
                RowEntropy.of(Rows.list(Rows.UNKNOWN, 0.5), Estimate.MIDPOINT),
                RowEntropy.of(Rows.probs(0.5, 0.5), Estimate.MIDPOINT)));
    assertThat(sequence.mean().value()).isEmpty();
    assertThat(sequence.mean().interval().low()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(sequence.mean().interval().isBounded()).isFalse();
    assertThat(sequence.meanNormalized()).isEqualTo(new Figure(OptionalDouble.empty(), null));
  }

  @Test
  void noStepAtAllIsRefused() {
    assertThatThrownBy(() -> SequenceEntropy.of(List.of()))
        .isInstanceOf(InvalidInput.MissingInput.class);
    assertThatThrownBy(() -> SequenceEntropy.prefix(List.of(), 1))
        .isInstanceOf(InvalidInput.MissingInput.class);
  }

  @Test
  void aPrefixOfNothingIsRefused() {
    assertThatThrownBy(() -> SequenceEntropy.prefix(entropies(1, 2), 0))
        .isInstanceOfSatisfying(
            InvalidInput.ParameterOutOfRange.class,
            e -> assertThat(e.pointer()).isEqualTo("/prefix_len"));
  }

  private static final double[] TRACE = {4, 2, 6, 8};

  @ParameterizedTest
  @CsvSource({
    "2, 3, 3", "1, 4, 2", "4, 1, 5", "9, 1, 5",
  })
  void groupsAreAllWindowsOfAShortTrace(int group, int groups, double lowest) {
    TraceConfidence trace = TraceConfidence.of(TRACE, settings(group, 0.1, 2));
    assertThat(trace.groups()).isEqualTo(groups);
    assertThat(trace.lowestGroup()).isEqualTo(lowest);
    assertThat(trace.mean()).isEqualTo(5);
    assertThat(trace.tail()).isEqualTo(7);
  }

  /** Windows of one token, ascending: 2, 4, 6, 8. */
  @ParameterizedTest
  @CsvSource({"0.01, 2", "0.49, 2", "0.5, 3", "0.75, 4", "1, 5"})
  void bottomTakesAtLeastOneGroup(double share, double expected) {
    assertThat(TraceConfidence.of(TRACE, settings(1, share, 1)).bottom()).isEqualTo(expected);
  }

  private static TraceConfidence.Settings settings(int group, double bottom, int tail) {
    return new TraceConfidence.Settings(group, bottom, tail, OptionalDouble.empty());
  }

  /** Windows of two end at tokens 1, 2, 3 with means 3, 4, 7. */
  @ParameterizedTest
  @CsvSource({"2, 3.0, -1", "2, 3.1, 1", "4, 5.1, 3", "5, 100, -1"})
  void onlyAFullWindowBelowTheThresholdStops(int group, double threshold, int expected) {
    OptionalInt stop =
        TraceConfidence.of(
                TRACE, new TraceConfidence.Settings(group, 0.1, 1, OptionalDouble.of(threshold)))
            .stopIndex();
    assertThat(stop.orElse(-1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"100, 2", "0, 8", "50, 5", "90, 2.6"})
  void thresholdsInterpolateBetweenTraces(double keepPercent, double expected) {
    assertThat(TraceConfidence.threshold(TRACE, keepPercent)).isCloseTo(expected, within(1e-14));
  }

  @Test
  void runningWindowMeansDoNotDrift() {
    var random = new SplittableRandom(1);
    double[] trace = random.doubles(100_000, 0, 20).toArray();
    trace[500] = 1e12;
    TraceConfidence found = TraceConfidence.of(trace, settings(3, 1e-9, 1));
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 2; i < trace.length; i++) {
      lowest = Math.min(lowest, (trace[i - 2] + trace[i - 1] + trace[i]) / 3);
    }
    assertThat(found.lowestGroup()).isCloseTo(lowest, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1, 1", "1, 0, 1", "1, 1.1, 1", "1, NaN, 1", "1, 0.1, 0"})
  void settingsOutOfRangeAreRefused(int group, double bottom, int tail) {
    assertThatThrownBy(() -> settings(group, bottom, tail))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void confidencesMustBeFinite(double bad) {
    double[] values = {1, bad};
    assertThatThrownBy(() -> TraceConfidence.of(values, TraceConfidence.Settings.DEFAULT))
        .isInstanceOfSatisfying(
            InvalidInput.NotFinite.class, e -> assertThat(e.pointer()).isEqualTo("/confidences/1"));
    assertThatThrownBy(() -> TraceConfidence.threshold(values, 10))
        .isInstanceOfSatisfying(
            InvalidInput.NotFinite.class,
            e -> assertThat(e.pointer()).isEqualTo("/lowest_groups/1"));
    assertThatThrownBy(() -> new TraceConfidence.Settings(1, 0.1, 1, OptionalDouble.of(bad)))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  @Test
  void anEmptyTraceIsRefused() {
    assertThatThrownBy(() -> TraceConfidence.of(new double[0], TraceConfidence.Settings.DEFAULT))
        .isInstanceOf(InvalidInput.MissingInput.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 101, Double.NaN})
  void aPercentageOutsideItsRangeIsRefused(double keepPercent) {
    assertThatThrownBy(() -> TraceConfidence.threshold(TRACE, keepPercent))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }
}
