package io.tokentropy.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.conformal.DriftWatch.Status;
import io.tokentropy.distribution.SplitMix64;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whether the watch raises false alarms as rarely as it says, and finds a shift. */
class DriftWatchTest {
  private static final double FALSE_ALARM = 0.05;

  private static ConformalProfile profile(SplitMix64 random, int n) {
    var scores = new double[n];
    Arrays.setAll(scores, i -> random.next());
    return ConformalProfile.of(scores, 0.1);
  }

  /** All runs of twelve hits and misses, each weighed by its probability. */
  @Test
  void theEvidenceIs1OnAverageWhileNothingChanges() {
    ConformalProfile profile = ConformalProfile.of(new double[] {1, 2, 3, 4}, 0.4);
    assertThat(average(DriftWatch.begun(), profile, 12)).isCloseTo(1, within(1e-12));
  }

  private static double average(DriftWatch watch, ConformalProfile profile, int left) {
    if (left == 0) {
      return watch.evidence();
    }
    double miss =
        (profile.size() + 1.0 - profile.rank() + watch.misses())
            / (profile.size() + 1.0 + watch.seen());
    return miss * average(watch.after(9, profile), profile, left - 1)
        + (1 - miss) * average(watch.after(0, profile), profile, left - 1);
  }

  /** One score above q̂ of three of four: q = 2/5, the bets pay 1.5/1.2, 2/1.4 and 4/2.2 on ½. */
  @Test
  void oneMissPaysTheBets() {
    ConformalProfile profile = ConformalProfile.of(new double[] {1, 2, 3, 4}, 0.4);
    DriftWatch watch = DriftWatch.begun().after(3.5, profile);
    assertThat(watch.misses()).isEqualTo(1);
    assertThat(watch.evidence())
        .isCloseTo(0.5 + 0.5 * (1.5 / 1.2 + 2 / 1.4 + 4 / 2.2) / 3, within(1e-15));
    assertThat(DriftWatch.begun().after(3, profile).misses()).isZero();
  }

  /** Each run calibrates anew, and goes on for 1,000 scores. */
  @Test
  void tenThousandQuietRunsWithSeed1RaiseAsFewAlarmsAsStated() {
    var random = new SplitMix64(1);
    int runs = 10_000;
    int withdrawn = 0;
    int suspected = 0;
    for (int run = 0; run < runs; run++) {
      ConformalProfile profile = profile(random, 99);
      DriftWatch watch = DriftWatch.begun();
      boolean suspect = false;
      for (int t = 0; t < 1000; t++) {
        watch = watch.after(random.next(), profile);
        suspect |= watch.status(FALSE_ALARM) != Status.VALID;
      }
      withdrawn += watch.status(FALSE_ALARM) == Status.WITHDRAWN ? 1 : 0;
      suspected += suspect ? 1 : 0;
    }
    assertThat((double) withdrawn / runs).isLessThan(FALSE_ALARM);
    assertThat((double) suspected / runs).isLessThan(Math.sqrt(FALSE_ALARM));
    assertThat(withdrawn).isPositive();
  }

  /** 300 quiet scores, then misses three times as often. */
  @Test
  void aLateShiftIsFoundAndStaysFound() {
    var random = new SplitMix64(2);
    int runs = 200;
    var delays = new int[runs];
    for (int run = 0; run < runs; run++) {
      ConformalProfile profile = profile(random, 999);
      DriftWatch watch = DriftWatch.begun();
      for (int t = 0; t < 300; t++) {
        watch = watch.after(random.next(), profile);
      }
      while (watch.status(FALSE_ALARM) != Status.WITHDRAWN && delays[run] < 2000) {
        watch = watch.after(random.next() < 0.3 ? 2 : 0, profile);
        delays[run]++;
      }
      assertThat(watch.after(0, profile).status(FALSE_ALARM)).isEqualTo(Status.WITHDRAWN);
    }
    Arrays.sort(delays);
    assertThat(delays[runs / 2]).isLessThan(120);
  }

  /** However long misses go on, the numbers stay finite. */
  @Test
  void aLongShiftKeepsItsEvidenceFinite() {
    ConformalProfile profile = profile(new SplitMix64(3), 4000);
    DriftWatch watch = DriftWatch.begun();
    for (int t = 0; t < 3000; t++) {
      watch = watch.after(2, profile);
    }
    assertThat(watch.evidence()).isBetween(1e100, 1e201);
  }
}
