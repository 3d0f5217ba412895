package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Times one decision from an entropy, in process. Run by {@code src/bench/run}. */
public final class EadBenchmark {
  private static final int ROUNDS = 11;
  private static final int STEPS = 200_000;

  private EadBenchmark() {}

  public static void main(String[] args) {
    System.out.printf("%nModel-switch decision from an entropy, one thread%n");
    Profile paper = Profile.EAD_PAPER;
    for (int window : new int[] {1, 5, 64}) {
      EadConfig config =
          new EadConfig(
              new EadConfig.Threshold(1, 0.1),
              new EadConfig.Smoothing(
                  window,
                  EadConfig.Smoothing.Average.MEAN,
                  OptionalDouble.empty(),
                  Fill.FULL,
                  false),
              paper.signal(),
              paper.initial(),
              paper.dwell(),
              paper.budget(),
              paper.onEscalate(),
              OptionalDouble.empty());
      var micros = new double[ROUNDS + 3];
      int switches = 0;
      for (int round = 0; round < micros.length; round++) {
        var random = new SplittableRandom(round);
        EadState state = EadState.initial(config);
        long start = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
          Interval entropy = Interval.exactly(2 * random.nextDouble());
          state = EadSwitch.decide(config, state, new Observation(entropy, null)).state();
        }
        micros[round] = (System.nanoTime() - start) / 1e3 / STEPS;
        switches += state.position().switches();
      }
      double[] measured = Arrays.copyOfRange(micros, 3, micros.length);
      Arrays.sort(measured);
      System.out.printf(
          Locale.ROOT,
          "window %2d: %.3f us (%d switches)%n",
          window,
          measured[ROUNDS / 2],
          switches);
    }
  }
}
