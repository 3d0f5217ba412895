package io.tokentropy.embedding;

import java.util.List;

/** A model that turns texts into vectors. Safe to share between threads. */
public interface Embedder {
  /** The model's name, as answers give it. */
  String model();

  /**
   * The vector of each text, in order, all of one length.
   *
   * @throws EmbeddingUnavailable if the model cannot be reached, or answered with something else
   */
  List<double[]> embed(List<String> texts);
}
