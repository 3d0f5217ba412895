package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Limit;

/**
 * How much work one truncation may be.
 *
 * @param steps samplers of a chain, and as many rules beside it to compare
 * @param nodes branches of the exact search of all rows together
 * @param history tokens before the row
 */
public record TruncationLimits(Limit steps, Limit nodes, Limit history) {
  public static TruncationLimits of(Limit.Source source) {
    return new TruncationLimits(
        source.limit("max_steps", 32),
        source.limit("max_nodes", 10_000_000),
        source.limit("max_history", 131_072));
  }
}
