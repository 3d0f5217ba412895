package io.tokentropy.dialect;

import java.util.OptionalInt;

/**
 * What holds for all tokens of a response.
 *
 * @param vocabSize V, for the bounds of the rows
 * @param massError how far the server's rounding may have moved each probability
 * @param appends whether the server may put the sampled token among its alternatives though it is
 *     not of the best k; then one that is the least probable may be there for that reason alone
 */
record Terms(OptionalInt vocabSize, double massError, boolean appends) {}
