package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of measures of sampled answers. */
final class UncertaintyMethods {
  private static final String GENERATING = "arXiv 2305.19187";
  private static final String BY = "auto | nli | similarity";

  static final List<Method> LIST =
      List.of(
          method(
                  Measure.SEQUENCE,
                  "How likely one answer was, as a whole and by token",
                  "O(tokens)")
              .formula("-sum ln p; e^(-mean ln p); the least p, the mean p")
              .disagreement(
                  "lm-polygraph's Perplexity is the mean of -ln p, here log_perplexity; uqlm's"
                      + " sequence_probability is normalized_probability")
              .parameter("answer", "integer", "which is judged, from 0", "0"),
          method(
                  Measure.MC_ENTROPY,
                  "Entropy of answers as sequences, estimated from samples",
                  "O(N)")
              .formula("-mean ln p; -mean (ln p / length)")
              .citation("arXiv 2302.09664")
              .disagreement(
                  "jlko's regular entropy is length_normalized; uqlm's monte_carlo_probability is"
                      + " mean_probability"),
          method(Measure.SEMANTIC_CLASSES, "Which answers mean the same", "O(N^2)")
              .citation("arXiv 2302.09664")
              .disagreement(
                  "An answer that fits several classes joins the first (lm-polygraph), the last"
                      + " (jlko) or all of them (uqlm)")
              .parameter(
                  "rule", "string", "strict | loose | either | above_contradiction", "strict")
              .parameter("assign", "string", "greedy | last | components", "greedy")
              .parameter("threshold", "number", "of likeness, 0 to 1", "0.85")
              .parameter("by", "string", BY, "auto: nli where it is")
              .parameter("entailment_from", "string", "given | server", "given")
              .parameter("question", "string", "of server: what the texts answer", "none"),
          method(Measure.SEMANTIC_ENTROPY, "How evenly answers spread over meanings", "O(N^2)")
              .formula("-sum q ln q over the classes, q their share of the mass, or of the answers")
              .citation("arXiv 2302.09664; Farquhar et al., Nature 630, 2024")
              .disagreement("Six numbers bear this name; variants has each under its library's")
              .parameter(
                  "length_normalized", "boolean", "true | false", "true where lengths are known"),
          method(Measure.SPECTRAL, "Eigenvalues, degrees and eccentricity of a graph", "O(N^3)")
              .formula("L = I - D^-1/2 W D^-1/2; sum max(0, 1 - lambda); sum (N - D_ii) / N^2")
              .citation(GENERATING)
              .disagreement(
                  "lm-polygraph keeps the diagonal as it is (unit_diagonal: false), and its"
                      + " eccentricities by answer are by eigenvector; UQ-NLG's DegMat is N times"
                      + " this one")
              .parameter("threshold", "number", "of eigenvalues, 0 to 2", "0.9")
              .parameter("affinity", "string", "entail | contra", "entail")
              .parameter("unit_diagonal", "boolean", "true | false", "true")
              .parameter("by", "string", BY, "auto: nli where it is"),
          method(Measure.KLE, "Kernel language entropy by a heat kernel", "O(N^3)")
              .formula("K = exp(-t (D - W)), scaled to a diagonal of 1/N; -sum mu ln mu")
              .citation("arXiv 2405.20003")
              .disagreement(
                  "lm-polygraph leaves out eigenvalues below 1e-8, and answers kle / ln N")
              .parameter("t", "number", "0 to 1e6", "0.3")
              .parameter("by", "string", BY, "auto: nli where it is"),
          method(Measure.LEXICAL, "How many words answers share in the same order", "O(words^2)")
              .formula("1 - mean ROUGE-L F1 of all pairs")
              .disagreement("lm-polygraph answers -mean, of words that were stemmed")
              .parameter("words", "string", "ascii | unicode", "ascii"),
          method(Measure.TOKEN_SAR, "Perplexity that counts the tokens that matter", "O(tokens)")
              .formula("-sum w ln p, w ~ 1 - similarity_without_token")
              .citation("arXiv 2307.01379")
              .disagreement("lm-polygraph gives NaN where no token matters; here all count alike"),
          method(Measure.SENTENCE_SAR, "An answer is likelier for what others say", "O(N^2)")
              .formula("-mean ln (p_j + sum_k s_jk p_k / t)")
              .citation("arXiv 2307.01379")
              .disagreement("lm-polygraph gives infinity for long answers, as e^-energy vanishes")
              .parameter("t", "number", "above 0", "0.001"),
          method(Measure.SAR, "Sentence SAR of token SARs", "O(N^2)")
              .citation("arXiv 2307.01379")
              .parameter("t", "number", "above 0", "0.001"),
          method(Measure.CONSISTENCY, "How far the other answers agree with one", "O(N)")
              .formula("means over the other answers; (1 + cos) / 2 for embeddings")
              .citation("uqlm: exact_match, cosine_sim, noncontradiction, entailment")
              .parameter("answer", "integer", "which is judged, from 0", "0"));

  private UncertaintyMethods() {}

  private static Method method(Measure measure, String summary, String cost) {
    return new Method(measure.wire(), UncertaintyEndpoint.PATH, summary, cost);
  }
}
