package io.tokentropy.web;

import io.tokentropy.distribution.Distribution;
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

  private volatile boolean done;

  boolean isDone() {
    return done;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    selfTest();
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
   */
  static void selfTest() {
    for (int size : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 255, 1000, 50_257}) {
      expect(Math.log(size), new double[size]);
      double[] twoLevels = new double[size];
      twoLevels[size - 1] = 5;
      double z = Math.exp(5) + size - 1;
      expect(Math.log(z) - 5 * Math.exp(5) / z, twoLevels);
    }
  }

  private static void expect(double nats, double[] logits) {
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
  }
}
