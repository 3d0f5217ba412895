package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Step;
import io.tokentropy.switching.Model;

/**
 * A step of an answer that is final, for the client.
 *
 * @param writer who wrote it
 * @param text that it adds to the answer
 * @param shown whether it is a part of the answer; a token of a stop string is not
 */
public record Piece(Step step, Model writer, String text, boolean shown) {}
