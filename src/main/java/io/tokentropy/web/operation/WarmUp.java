package io.tokentropy.web.operation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.metrics.Meters;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Runs before the service says that it is ready: proves the kernel on distributions whose entropy
 * is known in closed form, and lets the JIT compile it. A wrong number stops the start.
 */
@Component
class WarmUp implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int ROUNDS = 400;
  private static final int VOCAB = 32_768;
  private static final double TOLERANCE = 1e-10;

  private final Meters meters;
  private volatile boolean done;

  WarmUp(Meters meters) {
    this.meters = meters;
  }

  boolean isDone() {
    return done;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    meters.selfTest(selfTest());
    var random = new SplittableRandom(1);
    double[] logits = random.doubles(VOCAB, -8, 8).toArray();
    double sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      sum += Distribution.ofLogits(logits, 1).entropy().low();
    }
    done = true;
    LOG.info("Self-test passed; warmed up on {} rows, mean entropy {} nat", ROUNDS, sum / ROUNDS);
  }

  /**
   * Uniform rows have ln V, two-level rows a closed form, at lengths with and without a vector
   * tail.
   *
   * @return the largest error, in units in the last place (of 1 below that)
   */
  static double selfTest() {
    double worst = 0;
    for (int size : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 255, 1000, 50_257}) {
      worst = Math.max(worst, expect(Math.log(size), new double[size]));
      double[] twoLevels = new double[size];
      twoLevels[size - 1] = 5;
      double z = Math.exp(5) + size - 1;
      worst = Math.max(worst, expect(Math.log(z) - 5 * Math.exp(5) / z, twoLevels));
    }
    return worst;
  }

  private static double expect(double nats, double[] logits) {
    double found = Distribution.ofLogits(logits, 1).entropy().low();
    if (!(Math.abs(found - nats) <= TOLERANCE)) {
      throw new IllegalStateException(
          "Self-test failed: entropy of "
              + logits.length
              + " tokens is "
              + found
              + " nat, expected "
              + nats);
    }
    return Math.abs(found - nats) / Math.ulp(Math.max(1, nats));
  }
}
