package io.tokentropy.gateway.engine;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is asked of a server for one call. Further to it, every call asks for ids, {@link
 * Engine#BEST} log-probabilities before any sampler, a stream, and no stop strings.
 *
 * @param ids the prompt and what was kept of the answer
 * @param maxTokens at least 1; empty for as many as the context has room for
 * @param seed empty where the caller named none
 */
@SuppressWarnings("ArrayRecordComponent") // Requests are never compared.
public record StintRequest(
    int[] ids, OptionalInt maxTokens, Sampling sampling, OptionalLong seed) {}
