package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one token.
 *
 * @param entropy of the distribution it came from, in the unit of the threshold; null if nothing is
 *     known
 * @param force the model that must write the next token; null if the rules decide
 */
public record Observation(@Nullable Interval entropy, @Nullable Model force) {}
