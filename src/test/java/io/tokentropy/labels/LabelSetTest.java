package io.tokentropy.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSetTest {
  /** Ten tokens, of which three are listed: 0.2 is left for seven, each of at most 0.1. */
  private static final PartialDistribution LIST = list(10, 0.5, 0.2, 0.1);

  private static PartialDistribution list(int vocabSize, double... probs) {
    List<Entry> entries =
        IntStream.range(0, probs.length)
            .mapToObj(i -> new Entry(Math.log(probs[i]), i, "t" + i))
            .toList();
    return PartialDistribution.of(
        entries, OptionalDouble.empty(), false, OptionalInt.of(vocabSize));
  }

  private static Label ids(String name, Integer... ids) {
    return new Label(name, List.of(ids), List.of(), OptionalDouble.empty());
  }

  private static Label texts(String name, String... texts) {
    return new Label(name, List.of(), List.of(texts), OptionalDouble.empty());
  }

  private static LabelSet set(Label... labels) {
    return new LabelSet(List.of(labels), Match.TRIM, false);
  }

  private static void requireRange(@Nullable Interval found, double low, double high) {
    Interval range = Objects.requireNonNull(found);
    assertThat(range.low()).isCloseTo(low, within(1e-12));
    assertThat(range.high()).isCloseTo(high, within(1e-12));
  }

  @Test
  void aLabelOfIdsHasAtMostTheCapForEachUnseenToken() {
    LabelFigures found = set(ids("a", 0, 3), ids("b", 1)).of(LIST, null);
    requireRange(found.labels().get(0).prob(), 0.5, 0.6);
    requireRange(found.labels().get(1).prob(), 0.2, 0.2);
    requireRange(found.other(), 0.2, 0.3);
    requireRange(found.margin(), 0.3, 0.4);
    assertThat(found.best()).isZero();
    assertThat(found.certified()).isTrue();
    List<Interval> given = Objects.requireNonNull(found.given()).probs();
    requireRange(given.get(0), 0.5 / 0.7, 0.6 / 0.8);
    requireRange(given.get(1), 0.2 / 0.8, 0.2 / 0.7);
  }

  /** With two open labels the share of one is greatest when the rest takes what is left. */
  @Test
  void aLabelOfTextsMayHaveAllTheTail() {
    LabelFigures found = set(texts("a", "t0"), texts("b", "t1")).of(LIST, null);
    requireRange(found.labels().get(0).prob(), 0.5, 0.7);
    requireRange(found.labels().get(1).prob(), 0.2, 0.4);
    requireRange(found.other(), 0.1, 0.3);
    requireRange(found.margin(), 0.1, 0.5);
    List<Interval> given = Objects.requireNonNull(found.given()).probs();
    requireRange(given.get(0), 0.5 / 0.9, 0.7 / 0.9);
    requireRange(given.get(1), 0.2 / 0.9, 0.4 / 0.9);
  }

  @Test
  void aLabelThatMayOvertakeIsNotOutvoted() {
    LabelFigures found = set(ids("a", 1), texts("b", "t2")).of(LIST, null);
    assertThat(found.certified()).isFalse();
    requireRange(found.margin(), -0.1, 0.1);
    assertThat(found.labels().get(found.best()).label().name()).isEqualTo("a");
  }

  @Test
  void listedTextsAreAllTheTokensOfALabel() {
    var labels = new LabelSet(List.of(texts("a", "t0", "x", "y")), Match.EXACT, true);
    requireRange(labels.of(LIST, null).labels().getFirst().prob(), 0.5, 0.7);
    var one = new LabelSet(List.of(texts("a", "t0", "x")), Match.EXACT, true);
    requireRange(one.of(LIST, null).labels().getFirst().prob(), 0.5, 0.6);
  }

  /** Of five tokens the two that are not listed hold 0.15: the other one has at most 0.1. */
  @Test
  void whatOthersCannotHoldIsTheLabels() {
    PartialDistribution list = list(5, 0.5, 0.25, 0.1);
    requireRange(set(ids("a", 3)).of(list, null).labels().getFirst().prob(), 0.05, 0.1);
  }

  @Test
  void aWholeRowLeavesNothingOpen() {
    Distribution row = Distribution.ofProbs(new double[] {0.5, 0.25, 0.125, 0.125}, 1);
    LabelFigures found = set(ids("a", 1, 2), ids("b", 3)).of(row);
    requireRange(found.labels().get(0).prob(), 0.375, 0.375);
    requireRange(found.margin(), 0.25, 0.25);
    requireRange(found.other(), 0.5, 0.5);
    LabelFigures.Given given = Objects.requireNonNull(found.given());
    requireRange(given.probs().get(0), 0.75, 0.75);
    double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    requireRange(given.entropy(), entropy, entropy);
  }

  /** Their probabilities underflow, what they are to one another does not. */
  @Test
  void labelsThatAreNextToImpossibleAreStillCompared() {
    Distribution row = Distribution.ofLogits(new double[] {0, -1_000, -1_000 - Math.log(3)}, 1);
    LabelFigures found = set(ids("b", 2), ids("a", 1)).of(row);
    assertThat(found.best()).isEqualTo(1);
    requireRange(Objects.requireNonNull(found.given()).probs().get(1), 0.75, 0.75);
  }

  @Test
  void whereNoLabelCanBeNothingFollows() {
    Distribution row = Distribution.ofProbs(new double[] {1, 0, 0}, 1);
    assertThat(set(ids("a", 1), ids("b", 2)).of(row).given()).isNull();
  }

  /** A server's 1e-3 widens what is listed and what is not. */
  @Test
  void theErrorOfTheListWidensEveryRange() {
    var list =
        PartialDistribution.of(
            List.of(new Entry(Math.log(0.5), 0, null), new Entry(Math.log(0.4), 1, null)),
            OptionalDouble.empty(),
            false,
            OptionalInt.of(100),
            1e-3);
    LabelFigures found = set(ids("a", 0)).of(list, null);
    Interval prob = found.labels().getFirst().prob();
    assertThat(prob.low()).isCloseTo(0.5 * (1 - 1e-3), within(1e-12));
    assertThat(prob.high()).isCloseTo(0.5 * (1 + 1e-3), within(1e-12));
    assertThat(found.other().low()).isCloseTo(1 - prob.high(), within(1e-12));
  }

  @Test
  void theTokenBesideTheListIsSeenIfSomebodyNamesIt() {
    var list =
        PartialDistribution.of(
            List.of(new Entry(Math.log(0.5), null, "yes"), new Entry(Math.log(0.2), null, "no")),
            OptionalDouble.of(Math.log(0.1)),
            false,
            OptionalInt.empty());
    var labels = new LabelSet(List.of(texts("maybe", " Maybe")), Match.FOLD, true);
    Seen sampled = new Seen(null, "maybe", Math.log(0.1));
    requireRange(labels.of(list, sampled).labels().getFirst().prob(), 0.1, 0.3);
    requireRange(labels.of(list, null).labels().getFirst().prob(), 0, 0.2);
  }

  /** Scores 1 and 5 of labels with 0.5 and 0.2, and 0.2 that either may have. */
  @Test
  void theMeanScoreIsAWeightedRating() {
    Label bad = new Label("bad", List.of(), List.of("t0"), OptionalDouble.of(1));
    Label good = new Label("good", List.of(), List.of("t1"), OptionalDouble.of(5));
    Interval score = Objects.requireNonNull(set(bad, good).of(LIST, null).given()).score();
    requireRange(score, (0.7 + 5 * 0.2) / 0.9, (0.5 + 5 * 0.4) / 0.9);
  }

  @ParameterizedTest
  @CsvSource({
    "EXACT, ' yes', yes, false",
    "TRIM, ' yes', yes, true",
    "TRIM, '\u2581yes', '\u0120yes', true",
    "TRIM, '\u00a0yes\n', yes, true",
    "TRIM, Yes, yes, false",
    "FOLD, ' YES', yes, true",
    "FOLD, \uff39es, yes, true",
    "FOLD, stra\u00dfe, STRASSE, true",
    "FOLD, '\u3000\u2463', 4, true"
  })
  void textsMatchAsAsked(Match match, String one, String other, boolean same) {
    assertThat(match.key(one).equals(match.key(other))).isEqualTo(same);
  }

  @Test
  void aTokenOfTwoLabelsIsRefusedWithBothNames() {
    assertThatThrownBy(() -> set(texts("yes", "Yes"), texts("sure", "Sure", " Yes")))
        .isInstanceOf(InvalidInput.ConflictingInputs.class)
        .hasMessageContaining("both \"yes\" and \"sure\"");
    assertThatThrownBy(() -> set(ids("yes", 1), ids("sure", 2, 1)))
        .isInstanceOf(InvalidInput.ConflictingInputs.class);
    assertThatThrownBy(() -> set(ids("yes", 1), texts("sure", "t1")).of(LIST, null))
        .isInstanceOf(InvalidInput.ConflictingInputs.class)
        .hasMessageContaining("the token \"t1\" with id 1");
  }

  @Test
  void labelsMustBeTellable() {
    Distribution whole = Distribution.ofProbs(new double[] {0.5, 0.5}, 1);
    assertThatThrownBy(() -> set(texts("yes", "yes")).of(whole))
        .hasMessageContaining("a whole row has token ids alone");
    assertThatThrownBy(() -> set(ids("yes", 2)).of(whole)).hasMessageContaining("token id 2");
    assertThatThrownBy(() -> set(ids("yes", 10)).of(LIST, null))
        .hasMessageContaining("token id 10");
    PartialDistribution bare =
        PartialDistribution.of(
            Arrays.asList(new Entry(-1), new Entry(-2)),
            OptionalDouble.empty(),
            false,
            OptionalInt.empty());
    assertThatThrownBy(() -> set(ids("yes", 1)).of(bare, null))
        .hasMessageContaining("neither texts nor ids");
    assertThatThrownBy(() -> set(texts("blank", " "))).hasMessageContaining("match trim");
    assertThatThrownBy(() -> new LabelSet(List.of(), Match.TRIM, false))
        .isInstanceOf(InvalidInput.MissingInput.class);
  }
}
