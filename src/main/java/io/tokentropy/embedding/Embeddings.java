package io.tokentropy.embedding;

import java.util.List;

/**
 * Texts as vectors.
 *
 * @param vectors one a text, in order
 * @param longTexts those that the model could not take whole, in order
 */
public record Embeddings(List<double[]> vectors, List<LongText> longTexts) {
  /**
   * A text that was not taken whole.
   *
   * @param index in the list of texts
   * @param pieces word pieces that it has
   * @param limit word pieces that the model takes
   */
  public record LongText(int index, int pieces, int limit) {}
}
