package io.tokentropy.truncation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.distribution.Distribution;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolTest {
  /** What makes sorting hard. */
  private enum Shape {
    /** All different. */
    SPREAD,
    /** Many equal. */
    GRID,
    /** Apart by less than the sorted keys tell, the best last. */
    CLOSE,
    /** All alike. */
    FLAT,
    /** A few far ahead, and masked ones. */
    PEAKY;

    double[] row(SplittableRandom random, int size) {
      double[] row = new double[size];
      for (int id = 0; id < size; id++) {
        row[id] =
            switch (this) {
              case SPREAD -> random.nextGaussian() * 3;
              case GRID -> random.nextInt(5);
              case CLOSE -> id == 0 ? 5 : 1 + id * 0x1p-50;
              case FLAT -> 1;
              case PEAKY ->
                  random.nextInt(9) == 0 ? Double.NEGATIVE_INFINITY : random.nextInt(50) / 49 * 20;
            };
      }
      row[random.nextInt(size)] = 6;
      return row;
    }
  }

  @ParameterizedTest
  @EnumSource
  void ranksGoByScoreAndThenById(Shape shape) {
    var random = new SplittableRandom(7);
    for (int size : new int[] {1, 2, 3, 17, 64, 257, 1023, 5000, 40_000}) {
      double[] row = shape.row(random, size);
      int[] expected =
          IntStream.range(0, size)
              .filter(id -> row[id] > Double.NEGATIVE_INFINITY)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer id) -> -row[id]))
              .mapToInt(id -> id)
              .toArray();
      Pool pool = Pool.of(Distribution.ofLogits(row.clone(), 1));
      int[] found =
          IntStream.range(0, pool.size()).map(rank -> pool.id(pool.ranked(rank))).toArray();
      assertThat(found).as(shape + " of " + size).isEqualTo(expected);
    }
  }
}
