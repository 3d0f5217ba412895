package io.tokentropy.endpoint.perturbation;

import io.tokentropy.endpoint.Limit;

/**
 * How much may be bred for one text.
 *
 * @param words of the text
 * @param generations after the first population
 * @param population texts of one generation
 * @param embeddings texts of all generations, where they are embedded
 * @param textLength characters of the text
 */
public record PerturbationLimits(
    Limit words, Limit generations, Limit population, Limit embeddings, Limit textLength) {
  /**
   * From the configuration.
   *
   * @param textLength characters of one text, whatever becomes of it
   */
  public static PerturbationLimits of(Limit.Source source, Limit textLength) {
    return new PerturbationLimits(
        source.limit("max_perturbation_words", 512),
        source.limit("max_generations", 50),
        source.limit("max_population", 500),
        source.limit("max_perturbation_embeddings", 20_000),
        textLength);
  }
}
