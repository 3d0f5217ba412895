package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Sampled;
import java.util.Locale;

/** What can be asked of sampled answers, and what must be known of them. */
public enum Measure {
  SEQUENCE("logprobs, sequence_logprobs or openai"),
  MC_ENTROPY("logprobs, sequence_logprobs or openai"),
  SEMANTIC_CLASSES("classes, entail and contra, similarity, or texts, of at least two answers"),
  SEMANTIC_ENTROPY("classes, entail and contra, similarity, or texts, of at least two answers"),
  SPECTRAL("similarity, texts, or entail and contra, of at least two answers"),
  KLE("similarity, texts, or entail and contra, of at least two answers"),
  LEXICAL("texts of at least two answers"),
  TOKEN_SAR("logprobs of tokens and similarity_without_token"),
  SENTENCE_SAR(
      "energies, logprobs or sequence_logprobs, and similarity or texts, of at least two answers"),
  SAR(
      "logprobs of tokens, similarity_without_token, and similarity or texts, of at least two"
          + " answers"),
  CONSISTENCY("texts, similarity, or entail and contra, of at least two answers");

  private final String needs;

  Measure(String needs) {
    this.needs = needs;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The fields that it needs, as a phrase. */
  String needs() {
    return needs;
  }

  /** Whether similarities of answers are of use to it. */
  boolean takesSimilarities() {
    return switch (this) {
      case SEQUENCE, MC_ENTROPY, LEXICAL, TOKEN_SAR -> false;
      case SEMANTIC_CLASSES, SEMANTIC_ENTROPY, SPECTRAL, KLE, SENTENCE_SAR, SAR, CONSISTENCY ->
          true;
    };
  }

  /** Whether what is known suffices for it. */
  public boolean isAllowedBy(Sampled known) {
    return isAllowedBy(known, known.similarities() != null, known.entailments() != null);
  }

  /**
   * The same.
   *
   * @param similar whether similarities will be known once it is computed
   * @param judged whether entailments will
   */
  boolean isAllowedBy(Sampled known, boolean similar, boolean judged) {
    boolean several = known.size() > 1;
    boolean tied = similar || judged;
    boolean relevance =
        known.withoutToken() != null
            && known.sequences() != null
            && known.sequences().stream().allMatch(each -> each.minTokenProbability().isPresent());
    return switch (this) {
      case SEQUENCE, MC_ENTROPY -> known.sequences() != null;
      case SEMANTIC_CLASSES, SEMANTIC_ENTROPY -> several && (known.classes() != null || tied);
      case SPECTRAL, KLE -> several && tied;
      case LEXICAL -> several && known.texts() != null;
      case TOKEN_SAR -> relevance;
      case SENTENCE_SAR ->
          several && similar && (known.energies() != null || known.sequences() != null);
      case SAR -> several && similar && relevance;
      case CONSISTENCY -> several && (known.texts() != null || tied);
    };
  }
}
