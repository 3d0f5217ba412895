package io.tokentropy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddingsTest {
  private static double[] v(double... numbers) {
    return numbers;
  }

  static Stream<List<double[]>> bad() {
    return Stream.of(
        List.of(v(1, 1), v(Double.NaN, 1)),
        List.of(v(1, 1), v(Double.NEGATIVE_INFINITY, 1)),
        List.of(v(1, 1), v(0, -0.0)),
        List.of(v(1, 1), v(1)),
        List.of(v(), v()));
  }

  /** Whoever sent the texts can do nothing about it. */
  @ParameterizedTest
  @MethodSource("bad")
  void badVectorsAreTheModelsFault(List<double[]> vectors) {
    assertThatThrownBy(() -> new Embeddings(vectors, List.of()))
        .isInstanceOf(EmbeddingUnavailable.class)
        .hasMessageContaining("one vector for each text");
  }

  @Test
  void smallNumbersAreNumbers() {
    List<double[]> vectors = List.of(v(Double.MIN_VALUE, 0), v(0, -1e308));
    assertThat(new Embeddings(vectors, List.of()).vectors()).isEqualTo(vectors);
  }
}
