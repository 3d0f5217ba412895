package io.tokentropy.gateway.check;

/**
 * What a check found.
 *
 * @param name of the check: {@code render}, {@code logprobs} ...
 * @param ok whether it is as switching needs it
 * @param detail what was found, in words of ours
 */
public record Finding(String name, boolean ok, String detail) {}
