package io.tokentropy.endpoint;

import io.tokentropy.binary.NumberType;
import io.tokentropy.binary.RowBlock;
import io.tokentropy.distribution.Distribution;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times the rows of one binary body on all cores, as the service spreads them, against the same
 * rows one after the other; rounds alternate. Run by {@code src/bench/run}.
 */
public final class BatchBenchmark {
  private static final int ROWS = 64;
  private static final int VOCAB = 131_072;
  private static final int ROUNDS = 15;

  private BatchBenchmark() {}

  private static double sum(Workers workers, RowBlock block, boolean spread) {
    return workers
        .map(
            ROWS,
            spread ? (long) ROWS * VOCAB : 0,
            i -> {
              var row = block.floats(i);
              return row == null ? 0 : Distribution.ofLogits(row, 1).entropy().low();
            })
        .stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  private static double millis(Workers workers, RowBlock block, boolean spread, double expected) {
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      if (sum(workers, block, spread) != expected) {
        throw new IllegalStateException("the rows have other entropies when they are spread");
      }
    }
    return (System.nanoTime() - start) / 20e6;
  }

  public static void main(String[] args) {
    var random = new SplittableRandom(1);
    ByteBuffer body = ByteBuffer.allocate(4 * ROWS * VOCAB).order(ByteOrder.LITTLE_ENDIAN);
    while (body.hasRemaining()) {
      body.putFloat((float) (2.4 * random.nextGaussian()));
    }
    RowBlock block =
        RowBlock.of(
            new RowBlock.Shape(NumberType.F32, ROWS, VOCAB), body.array(), 0, body.capacity(), "");
    var workers = new Workers();
    double expected = sum(workers, block, false);
    double[] one = new double[ROUNDS];
    double[] all = new double[ROUNDS];
    for (int round = -10; round < ROUNDS; round++) {
      double alone = millis(workers, block, false, expected);
      double spread = millis(workers, block, true, expected);
      if (round >= 0) {
        one[round] = alone;
        all[round] = spread;
      }
    }
    workers.close();
    Arrays.sort(one);
    Arrays.sort(all);
    System.out.printf(
        Locale.ROOT,
        "%n%d rows of %d float32: %.2f ms on one core, %.2f ms on %d: %.2fx%n",
        ROWS,
        VOCAB,
        one[ROUNDS / 2],
        all[ROUNDS / 2],
        Runtime.getRuntime().availableProcessors(),
        one[ROUNDS / 2] / all[ROUNDS / 2]);
  }
}
