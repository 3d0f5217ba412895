package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import io.tokentropy.switching.EadConfig;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a client asks of a pair.
 *
 * @param maxTokens of each answer; empty for as many as the context has room for
 * @param stops that end an answer, and are none of it
 * @param choices how many answers
 * @param seed empty where the client named none
 * @param ead when to switch; in nats
 */
public record Question(
    Prompt prompt,
    OptionalInt maxTokens,
    Sampling sampling,
    StopStrings stops,
    int choices,
    OptionalLong seed,
    EadConfig ead,
    Deadline deadline) {}
