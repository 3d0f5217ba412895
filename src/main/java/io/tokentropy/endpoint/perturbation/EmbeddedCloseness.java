package io.tokentropy.endpoint.perturbation;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.Embeddings;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.perturbation.Closeness;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.List;

/** How close texts are to the original by their vectors, which are made as they are needed. */
final class EmbeddedCloseness implements Closeness {
  /** About how many operations it takes to embed one character of a text. */
  static final long CHARACTER = 200_000;

  private final Embedder embedder;
  private final Workers workers;
  private final Similarities.Mapping mapping;
  private final LongTexts longTexts;
  private final String textAt;
  private final double[] original;
  private boolean foundLong;

  /**
   * Closeness to a text.
   *
   * @param textAt where the text stands, for a refusal
   */
  EmbeddedCloseness(
      Embedder embedder,
      Workers workers,
      Similarities.Mapping mapping,
      LongTexts longTexts,
      String text,
      String textAt) {
    this.embedder = embedder;
    this.workers = workers;
    this.mapping = mapping;
    this.longTexts = longTexts;
    this.textAt = textAt;
    this.original = embedded(List.of(text)).getFirst();
  }

  @Override
  public double[] of(List<String> texts) {
    return embedded(texts).stream()
        .mapToDouble(
            vector -> Similarities.ofEmbeddings(List.of(original, vector), mapping).row(0)[1])
        .toArray();
  }

  /** Whether the model could not take all texts whole. */
  boolean foundLong() {
    return foundLong;
  }

  private List<double[]> embedded(List<String> texts) {
    List<Embeddings> found =
        embedder.waits()
            ? List.of(embedder.embed(texts, LongTexts.REFUSE))
            : workers.map(
                texts.size(),
                CHARACTER * texts.stream().mapToLong(String::length).sum(),
                i -> embedder.embed(List.of(texts.get(i)), counted()));
    for (Embeddings each : found) {
      if (!each.longTexts().isEmpty()) {
        Embeddings.LongText first = each.longTexts().getFirst();
        if (longTexts == LongTexts.REFUSE) {
          throw new InvalidInput.ParameterOutOfRange(
                  textAt,
                  "a text that, or a perturbation of which, has " + first.pieces() + " word pieces",
                  "at most " + first.limit() + ", which the embedding model takes whole")
              .withHint("Set long_texts to mean or truncate, or similarity to overlap.");
        }
        foundLong = true;
      }
    }
    return found.stream().flatMap(each -> each.vectors().stream()).toList();
  }

  /** Long texts are refused here, where it is known from which text they came. */
  private LongTexts counted() {
    return longTexts == LongTexts.REFUSE && embedder.countsPieces()
        ? LongTexts.TRUNCATE
        : longTexts;
  }
}
