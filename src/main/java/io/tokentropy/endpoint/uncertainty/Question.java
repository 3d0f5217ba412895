package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Sampled;
import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.Embeddings;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.uncertainty.Settings.Likeness;
import io.tokentropy.entailment.Verdicts;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one question, and what is asked of them.
 *
 * @param kind of input, for whoever counts
 * @param likeness where the similarities come from; null if there are none
 * @param embedded the texts as vectors, once that is done
 * @param judging what a judge of inference is asked; null if none is
 * @param width the widest range of a probability that it gave, once that is done
 * @param wanted what is computed
 * @param said what is to be said of what was read: codes and messages
 */
record Question(
    String pointer,
    String kind,
    Sampled known,
    Settings settings,
    @Nullable Likeness likeness,
    @Nullable Embeddings embedded,
    @Nullable Judging judging,
    double width,
    Set<Measure> wanted,
    MeasureOptions options,
    List<Said> said) {
  private static final long EIGEN = 6;

  /** A warning before its place is known. */
  record Said(String code, String message) {}

  Question {
    wanted = Set.copyOf(wanted);
    said = List.copyOf(said);
  }

  /** The answers with their similarities. */
  Sampled compared() {
    return switch (likeness) {
      case null -> known;
      case GIVEN -> known;
      case JACCARD ->
          known.withSimilarities(Similarities.ofWords(Objects.requireNonNull(known.texts())));
      case EMBEDDING ->
          known.withSimilarities(
              Similarities.ofEmbeddings(
                  Objects.requireNonNull(embedded).vectors(), settings.mapping()));
    };
  }

  /** The same with its texts embedded, if they are to be and are not yet. */
  Question embedded(Optional<Embedder> embedder) {
    if (likeness != Likeness.EMBEDDING || embedded != null) {
      return this;
    }
    Embeddings vectors = vectors(embedder);
    return new Question(
        pointer,
        kind,
        known,
        settings,
        likeness,
        vectors,
        judging,
        width,
        wanted,
        options,
        said(vectors));
  }

  /** The same with what the judge says, if it is asked and has not said it yet. */
  Question judged(Verdicts verdicts) {
    if (!isToBeJudged() || judging == null) {
      return this;
    }
    Judging.Judged found = judging.by(verdicts);
    return new Question(
        pointer,
        kind,
        known.withEntailments(found.entailments()),
        settings,
        likeness,
        embedded,
        judging,
        found.width(),
        wanted,
        options,
        said);
  }

  /** Whether a judge has still to say something. */
  boolean isToBeJudged() {
    return judging != null && known.entailments() == null;
  }

  /** How many pairs of answers a judge is asked about. */
  long pairs() {
    return judging == null ? 0 : judging.pairs();
  }

  private Embeddings vectors(Optional<Embedder> embedder) {
    Embedder model =
        embedder.orElseThrow(
            () ->
                new InvalidInput.MissingInput(pointer, "texts are not embedded by this service")
                    .withHint(
                        "Send similarity, or similarity_from: jaccard; or set"
                            + " TOKENTROPY_EMBEDDINGS_BACKEND."));
    if (settings.longTexts() != LongTexts.REFUSE && !model.countsPieces()) {
      throw new InvalidInput.ParameterOutOfRange(
          settings.longTextsAt(),
          settings.longTexts().wire(),
          "refuse: texts are embedded by a server, which alone knows which are long to it");
    }
    List<String> texts = Objects.requireNonNull(known.texts());
    return InvalidInput.under(pointer + "/texts", () -> model.embed(texts, settings.longTexts()));
  }

  private List<Said> said(Embeddings vectors) {
    var all = new ArrayList<>(said);
    if (!vectors.longTexts().isEmpty()) {
      all.add(
          new Said(
              "long_text",
              "of these texts "
                  + (settings.longTexts() == LongTexts.MEAN
                      ? "the mean of their windows"
                      : "the beginning")
                  + " was embedded, as the model takes "
                  + vectors.longTexts().getFirst().limit()
                  + " word pieces: "
                  + vectors.longTexts().stream()
                      .map(text -> text.index() + " (" + text.pieces() + ")")
                      .collect(Collectors.joining(", "))));
    }
    return all;
  }

  List<Warning> warnings(int index) {
    return said.stream().map(each -> new Warning(each.code(), each.message(), index)).toList();
  }

  /** Characters that are embedded here. */
  long characters() {
    return likeness == Likeness.EMBEDDING && embedded == null ? textLength() : 0;
  }

  private long textLength() {
    List<String> texts = known.texts();
    return texts == null ? 0 : texts.stream().mapToLong(String::length).sum();
  }

  /** About how many basic operations it takes, embedding aside. */
  long operations() {
    long n = known.size();
    long eigen = 0;
    if (wanted.contains(Measure.SPECTRAL)) {
      eigen += EIGEN;
    }
    if (wanted.contains(Measure.KLE)) {
      eigen += 2 * EIGEN;
    }
    long words = wanted.contains(Measure.LEXICAL) ? textLength() / 2 : 0;
    long likenesses =
        switch (likeness) {
          case null -> 0;
          case GIVEN -> 0;
          case JACCARD -> 5 * n * textLength();
          case EMBEDDING -> 400 * n * n;
        };
    return eigen * n * n * n + words * words + likenesses + 50 * n * n;
  }

  /** Bytes of the matrices that it takes. */
  long bytes() {
    long n = known.size();
    return Double.BYTES * 8 * n * n;
  }
}
