package io.tokentropy.json;

/**
 * How large the parts of a JSON body may be.
 *
 * @param depth levels of nesting
 * @param numberLength characters of one number
 * @param nameLength characters of one field name
 * @param memory bytes that all values take together
 */
public record JsonLimits(int depth, int numberLength, int nameLength, long memory) {
  /** Limits for a body whose length bounds its values well enough. */
  public JsonLimits(int depth, int numberLength, int nameLength) {
    this(depth, numberLength, nameLength, Long.MAX_VALUE);
  }
}
