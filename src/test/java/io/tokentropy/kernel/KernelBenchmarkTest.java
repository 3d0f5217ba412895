package io.tokentropy.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KernelBenchmarkTest {
  @Test
  void bothSidesOfTheBenchmarkComputeTheSameEntropy() {
    float[] row = KernelBenchmark.logits(1);
    assertThat(KernelBenchmark.entropy(Rows.view(row), new RowSums()))
        .isCloseTo(KernelBenchmark.scalarEntropy(row), within(1e-6));
  }

  @Test
  void theVectorSumAddsEveryScore() {
    float[] row = KernelBenchmark.logits(2);
    double sum = 0;
    for (float score : row) {
      sum += score;
    }
    assertThat((double) KernelBenchmark.vectorSum(row)).isCloseTo(sum, within(1.0));
  }
}
