package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.endpoint.Limit;

/**
 * How large questions may be.
 *
 * @param answers of one question, N
 * @param operations basic ones of all questions together
 * @param entailmentPairs that a judge is asked about, of all questions together
 * @param textLength characters of one text that is embedded
 * @param textsLength characters of all such texts together
 */
public record UncertaintyLimits(
    Limit answers, Limit operations, Limit entailmentPairs, Limit textLength, Limit textsLength) {
  public static UncertaintyLimits of(Limit.Source source, Limit textLength, Limit textsLength) {
    return new UncertaintyLimits(
        source.limit("max_uncertainty_answers", 1024),
        source.limit("max_uncertainty_operations", 20_000_000_000L),
        source.limit("max_entailment_pairs", 1024),
        textLength,
        textsLength);
  }
}
