package io.tokentropy.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eigenvalues of what answers make: graphs of blocks, matrices that are next to singular. */
class EigenTest {
  @Test
  void valuesAndVectorsOfTwoByTwo() {
    Eigen found = Eigen.of(new double[][] {{2, 1}, {1, 2}}, true);
    double[] values = found.values().clone();
    Arrays.sort(values);
    assertThat(values).containsExactly(new double[] {1, 3}, within(1e-14));
    int greatest = found.values()[0] > found.values()[1] ? 0 : 1;
    double[] vector = found.vector(greatest);
    assertThat(Math.abs(vector[0])).isCloseTo(Math.sqrt(0.5), within(1e-14));
    assertThat(vector[0]).isCloseTo(vector[1], within(1e-14));
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** EJML alone does not end on about one of two hundred of these. */
  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsNextToSingularHasItsValuesAndVectorsToo(long seed) {
    double[][] matrix = random(seed);
    int n = matrix.length;
    Eigen found = Eigen.of(matrix, true);
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += matrix[i][i];
    }
    double scale = Math.max(1, trace);
    assertThat(Arrays.stream(found.values()).sum()).isCloseTo(trace, within(1e-12 * scale));
    for (int k = 0; k < n; k++) {
      double[] vector = found.vector(k);
      for (int i = 0; i < n; i++) {
        double product = 0;
        for (int j = 0; j < n; j++) {
          product += matrix[i][j] * vector[j];
        }
        assertThat(product).isCloseTo(found.values()[k] * vector[i], within(1e-12 * scale));
      }
    }
  }

  /** A few directions with noise far below them, blocks, or entries of any size. */
  private static double[][] random(long seed) {
    var random = new Random(seed);
    int n = 2 + random.nextInt(seed % 10 == 0 ? 100 : 24);
    double noise = Math.pow(10, -10 - 10 * random.nextDouble());
    int kind = (int) (seed % 4);
    var matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        matrix[i][j] =
            switch (kind) {
              case 0 -> 1.0 / n + (random.nextBoolean() ? noise * random.nextDouble() : 0);
              case 1 -> i / 3 == j / 3 ? 1 : 0;
              case 2 -> Math.pow(10, -16 * random.nextDouble());
              default -> random.nextInt(2) * 1e-300;
            };
        matrix[j][i] = matrix[i][j];
      }
    }
    return matrix;
  }
}
