package io.tokentropy.endpoint.inventropy;

import io.tokentropy.endpoint.Limit;

/**
 * How large questions may be.
 *
 * @param prompts of one question
 * @param matrix prompts of one question, where whole matrices are asked for
 * @param answers of one question
 * @param operations multiplications of all questions together
 * @param draws of one question
 * @param textLength characters of one text
 * @param textsLength characters of all texts together
 */
public record InvEntropyLimits(
    Limit prompts,
    Limit matrix,
    Limit answers,
    Limit operations,
    Limit draws,
    Limit textLength,
    Limit textsLength) {
  public static InvEntropyLimits of(Limit.Source source) {
    return new InvEntropyLimits(
        source.limit("max_inv_entropy_n", 1024),
        source.limit("max_inv_entropy_matrix", 256),
        source.limit("max_inv_entropy_answers", 2048),
        source.limit("max_inv_entropy_operations", 10_000_000_000L),
        source.limit("max_bootstrap_draws", 1000),
        source.limit("max_text_length", 8192),
        source.limit("max_texts_length", 262_144));
  }
}
