package io.tokentropy.embedding;

import io.tokentropy.refusal.InvalidInput;
import java.util.List;

/** A model that turns texts into vectors. Safe to share between threads. */
public interface Embedder {
  /** The model's name, as answers give it. */
  String model();

  /**
   * Whether this model counts the word pieces of a text, and so knows which texts it cannot take
   * whole. A model behind a server does not: what a long text means there is the server's to say.
   */
  boolean countsPieces();

  /** Whether texts are embedded elsewhere, and {@link #embed} waits more than it computes. */
  default boolean waits() {
    return false;
  }

  /**
   * The vector of each text, in order, all of one length, finite and none of them zero.
   *
   * @param longTexts what becomes of a text that the model cannot take whole; anything but {@link
   *     LongTexts#REFUSE} needs a model that counts
   * @throws InvalidInput.ParameterOutOfRange if a text is too long and is to be refused; names its
   *     place in the list
   * @throws EmbeddingUnavailable if the model cannot be reached, or answered with something else
   */
  Embeddings embed(List<String> texts, LongTexts longTexts);
}
