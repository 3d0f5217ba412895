package io.tokentropy.embedding;

import java.util.Arrays;
import java.util.List;

/**
 * Texts as vectors. That they are good is for the model to see to, never for whoever sent the
 * texts.
 *
 * @param vectors one a text, in order; all of one length, finite and none of them zero
 * @param longTexts those that the model could not take whole, in order
 */
public record Embeddings(List<double[]> vectors, List<LongText> longTexts) {
  /**
   * Checks the vectors.
   *
   * @throws EmbeddingUnavailable if they are not as they must be
   */
  public Embeddings {
    int dimensions = vectors.getFirst().length;
    for (double[] vector : vectors) {
      if (vector.length != dimensions
          || !Arrays.stream(vector).allMatch(Double::isFinite)
          || Arrays.stream(vector).allMatch(x -> x == 0)) {
        throw new EmbeddingUnavailable(
            "the model did not give one vector for each text, of one length, finite and not zero",
            null);
      }
    }
  }

  /**
   * A text that was not taken whole.
   *
   * @param index in the list of texts
   * @param pieces word pieces that it has
   * @param limit word pieces that the model takes
   */
  public record LongText(int index, int pieces, int limit) {}
}
