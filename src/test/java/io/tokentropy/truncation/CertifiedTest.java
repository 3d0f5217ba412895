package io.tokentropy.truncation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows cut to their best k: what is certified is what the whole row gives, always. */
class CertifiedTest {
  private static final List<Sampler> RULES =
      List.of(
          TopH.of(0.4),
          TopH.of(0.9),
          new TopP(0.7),
          new TopP(0.999_999),
          new MinP(0.1),
          new TopA(0.3),
          new EpsilonCutoff(0.02),
          new EtaCutoff(0.01),
          new TopK(1, false));

  /** How a list comes to be, and how far it may be off for it. */
  private enum Server {
    DOUBLE(0),
    /** Logarithms in double, printed as float32. */
    ROUNDS(2e-6),
    /** A softmax in float32, added up in float32, as llama.cpp has it. */
    COMPUTES_IN_FLOAT(2e-5);

    private final double massError;

    Server(double massError) {
      this.massError = massError;
    }

    private double[] lnProbs(double[] logits, Distribution row) {
      if (this == COMPUTES_IN_FLOAT) {
        float sum = 0;
        float[] e = new float[logits.length];
        for (int id = 0; id < e.length; id++) {
          e[id] = (float) Math.exp(row.lnRatio(id));
          sum += e[id];
        }
        double[] lnProbs = new double[e.length];
        for (int id = 0; id < e.length; id++) {
          lnProbs[id] = (float) Math.log(e[id] / sum);
        }
        return lnProbs;
      }
      double[] lnProbs = row.lnProbs();
      for (int id = 0; id < lnProbs.length && this == ROUNDS; id++) {
        lnProbs[id] = (float) lnProbs[id];
      }
      return lnProbs;
    }
  }

  private static double[] row(SplittableRandom random) {
    int n = random.nextInt(3) == 0 ? random.nextInt(2, 80) : random.nextInt(2, 500);
    double scale = random.nextDouble(0.3, 4);
    double[] logits =
        IntStream.range(0, n).mapToDouble(i -> scale * random.nextGaussian()).toArray();
    if (random.nextInt(3) == 0) {
      logits[random.nextInt(n)] += random.nextDouble(5, 60);
    }
    return logits;
  }

  /** 3 × 10 × 2,400 rows, a third of them sure. */
  @ParameterizedTest
  @EnumSource(Server.class)
  void noCertifiedAnswerIsWrongAndNoIntervalLacksTheTruth(Server server) {
    for (long seed = 1; seed <= 10; seed++) {
      var random = new SplittableRandom(seed);
      int certified = 0;
      for (int i = 0; i < 2_400; i++) {
        double[] logits = row(random);
        int n = logits.length;
        Distribution row = Distribution.ofLogits(logits, 1);
        double[] lnProbs = server.lnProbs(logits, row);
        List<Integer> ranking =
            IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> -logits[id]).thenComparing(id -> id))
                .toList();
        int k = random.nextInt(1, Math.min(64, n) + 1);
        List<Entry> list = new ArrayList<>();
        for (int id : ranking.subList(0, k)) {
          list.add(new Entry(lnProbs[id]));
        }
        PartialDistribution part =
            PartialDistribution.of(
                list, OptionalDouble.empty(), false, OptionalInt.of(n), server.massError);
        String what = "seed " + seed + ", row " + i + ", " + k + " of " + n;
        Interval entropy = part.entropy();
        double truth = row.entropy().low();
        assertThat(truth)
            .as(what)
            .isBetween(entropy.low() * (1 - 2e-12), entropy.high() * (1 + 2e-12));
        for (Sampler rule : RULES) {
          PartialTruncation found = PartialTruncation.of(part, entropy, List.of(rule));
          Truncation whole = Truncation.of(row, List.of(rule));
          assertThat(whole.keptCount())
              .as(what + ", " + rule)
              .isBetween(found.low(), found.high().orElse(n));
          if (found.certified()) {
            certified++;
            int[] positions = found.kept().keptIds(n);
            assertThat(IntStream.of(positions).map(ranking::get))
                .as(what + ", " + rule)
                .containsExactly(IntStream.of(whole.keptIds(n)).boxed().toArray(Integer[]::new));
          }
        }
      }
      assertThat(certified).isGreaterThan(12_000);
    }
  }

  /** The mass of the best 12 rounds to 1, and the row goes on: Top-H keeps more than those 12. */
  @Test
  void aListWhoseMassRoundsToOneIsNotClosed() {
    double[] logits =
        IntStream.range(0, 40).mapToDouble(i -> i == 0 ? 0 : i < 12 ? -36 : -36.5).toArray();
    Distribution row = Distribution.ofLogits(logits, 1);
    Truncation whole = Truncation.of(row, List.of(TopH.of(0.7)));
    assertThat(whole.keptCount()).isGreaterThan(12);
    List<Entry> list = IntStream.range(0, 12).mapToObj(id -> new Entry(row.lnProb(id))).toList();
    for (OptionalInt size : List.of(OptionalInt.of(40), OptionalInt.empty())) {
      PartialDistribution part = PartialDistribution.of(list, OptionalDouble.empty(), false, size);
      assertThat(part.massSeen()).isCloseTo(1, within(1e-13));
      PartialTruncation found = PartialTruncation.of(part, part.entropy(), List.of(TopH.of(0.7)));
      assertThat(found.certified()).isFalse();
      assertThat(found.high()).isEmpty();
    }
    PartialDistribution closed =
        PartialDistribution.of(list, OptionalDouble.empty(), true, OptionalInt.of(40));
    assertThat(PartialTruncation.of(closed, closed.entropy(), List.of(TopH.of(0.7))).certified())
        .isTrue();
  }

  /** Two equal probabilities, one of them kept: rounding may have made them equal. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-6})
  void aCutBetweenTokensThatRoundingCannotTellApartIsNotCertified(double massError) {
    List<Entry> list =
        List.of(
            new Entry(Math.log(0.5)),
            new Entry(Math.log(0.2)),
            new Entry(Math.log(0.2)),
            new Entry(Math.log(0.05)));
    PartialDistribution row =
        PartialDistribution.of(list, OptionalDouble.empty(), false, OptionalInt.of(100), massError);
    PartialTruncation found = PartialTruncation.of(row, row.entropy(), List.of(new TopK(2, false)));
    assertThat(found.certified()).isEqualTo(massError == 0);
    assertThat(found.low()).isEqualTo(2);
    assertThat(found.high()).hasValue(2);
  }
}
