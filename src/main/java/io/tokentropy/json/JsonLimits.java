package io.tokentropy.json;

/**
 * How large the parts of a JSON body may be.
 *
 * @param depth levels of nesting
 * @param numberLength characters of one number
 * @param nameLength characters of one field name
 */
public record JsonLimits(int depth, int numberLength, int nameLength) {}
