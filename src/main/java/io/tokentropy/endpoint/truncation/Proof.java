package io.tokentropy.endpoint.truncation;

import java.util.OptionalInt;

/**
 * What Top-H is to prove of its cuts, wherever it stands in a call.
 *
 * @param certificate whether it bounds the mass of every feasible set
 * @param nodeLimit with a value, it searches for the set of greatest mass in so many branches
 */
public record Proof(boolean certificate, OptionalInt nodeLimit) {}
