package io.tokentropy.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.conformal.LabelSets.Rule;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.SplitMix64;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether sets hold the right label as often as the theorem says. */
class CoverageTest {
  private static final int DRAWS = 10_000;
  private static final int LABELS = 6;
  private static final int ROWS = 30;

  /** Of the mean of 10,000 draws of yes or no, at most; a right answer fails once in 30 million. */
  private static final double DEVIATIONS = 5.4 * 0.5 / Math.sqrt(DRAWS);

  static Stream<Nonconformity> scores() {
    return Stream.of(
        new Nonconformity.Lac(), new Nonconformity.Aps(), new Nonconformity.Raps(0.05, 2));
  }

  /** A row whose right label does not follow its probabilities: the theorem asks for no model. */
  private static final class Labelled {
    private final double[] probs;
    private final int label;

    private Labelled(double[] probs, int label) {
      this.probs = probs;
      this.label = label;
    }

    static Labelled drawn(SplitMix64 random) {
      var logits = new double[LABELS];
      for (int i = 0; i < LABELS; i++) {
        logits[i] = 4 * random.next();
      }
      double[] truth = Distribution.ofLogits(logits.clone(), 1.7).probs();
      double u = random.next();
      int label = 0;
      while (label < LABELS - 1 && u >= truth[label]) {
        u -= truth[label++];
      }
      return new Labelled(Distribution.ofLogits(logits, 1).probs(), label);
    }
  }

  /** Each draw calibrates anew, so that the mean is over both, as the theorem's is. */
  @ParameterizedTest
  @MethodSource("scores")
  void tenThousandDrawsWithSeed7AreCoveredAsTheTheoremSays(Nonconformity score) {
    var random = new SplitMix64(7);
    int covered = 0;
    int coveredInclusively = 0;
    double alpha = 0.2;
    for (int draw = 0; draw < DRAWS; draw++) {
      var scores = new double[ROWS];
      for (int i = 0; i < ROWS; i++) {
        Labelled row = Labelled.drawn(random);
        scores[i] = ConformalProfile.score(row.probs, row.label, score, random.next());
      }
      ConformalProfile profile = ConformalProfile.of(scores, alpha);
      Labelled fresh = Labelled.drawn(random);
      double u = random.next();
      covered += holds(new LabelSets(score, profile.qhat(), Rule.SCORE, true), fresh, u);
      coveredInclusively +=
          holds(new LabelSets(score, profile.qhat(), Rule.INCLUSIVE, true), fresh, u);
    }
    ConformalProfile any = ConformalProfile.of(new double[ROWS], alpha);
    double share = (double) covered / DRAWS;
    assertThat(share).isCloseTo(any.rank() / (ROWS + 1.0), within(DEVIATIONS));
    assertThat(share).isBetween(any.coverageLower() - DEVIATIONS, any.coverageUpper() + DEVIATIONS);
    assertThat((double) coveredInclusively / DRAWS).isGreaterThan(any.coverageLower() - DEVIATIONS);
  }

  private static int holds(LabelSets sets, Labelled row, double u) {
    return Arrays.stream(sets.of(row.probs, u)).anyMatch(label -> label == row.label) ? 1 : 0;
  }

  /** One of 4 equal labels: ranks go by index, so the best two are 1 and 2. */
  @Test
  void equalLabelsAreRankedByTheirIndex() {
    double[] probs = {0.1, 0.3, 0.3, 0.3};
    var ranking = new Ranking(probs);
    assertThat(ranking.best(2)).containsExactly(1, 2);
    assertThat(ranking.best(0)).isEmpty();
    assertThat(ranking.best(4)).containsExactly(0, 1, 2, 3);
    assertThat(ranking.score(3, new Nonconformity.Aps(), 0)).isCloseTo(0.9, within(1e-15));
    assertThat(ranking.score(0, new Nonconformity.Raps(0.5, 2), 1)).isCloseTo(1.9, within(1e-15));
  }

  /** n rows are enough for alpha as soon as (n + 1) alpha reaches 1. */
  @ParameterizedTest
  @CsvSource({"0.5, 1", "0.4, 2", "0.1, 9", "0.05, 19", "0.01, 99", "0.001, 999", "0.3, 3"})
  void theRowsThatAreNeededAreTheFewestWithABound(double alpha, int needed) {
    assertThat(ConformalProfile.needed(alpha)).isEqualTo(OptionalLong.of(needed));
    assertThat(ConformalProfile.of(new double[needed], alpha).qhat()).isPresent();
    if (needed > 1) {
      assertThat(ConformalProfile.of(new double[needed - 1], alpha).qhat()).isEmpty();
    }
  }

  @Test
  void noDoubleCountsTheRowsForATinyAlpha() {
    assertThat(ConformalProfile.needed(1e-300)).isEmpty();
  }
}
