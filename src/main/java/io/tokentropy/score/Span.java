package io.tokentropy.score;

/**
 * A named part of an answer's text.
 *
 * @param name by which the caller finds it again
 * @param start its first character (code point), from 0
 * @param end the first character after it
 */
public record Span(String name, int start, int end) {}
