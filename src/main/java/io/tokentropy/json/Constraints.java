package io.tokentropy.json;

import io.tokentropy.refusal.InvalidInput;
import tools.jackson.core.StreamReadConstraints;

/** What the library checks while it reads, refused in our words. */
final class Constraints extends StreamReadConstraints {
  private static final long serialVersionUID = 1;

  private final transient JsonLimits limits;

  Constraints(JsonLimits limits) {
    super(
        limits.depth(),
        DEFAULT_MAX_DOC_LEN,
        DEFAULT_MAX_TOKEN_COUNT,
        limits.numberLength(),
        Integer.MAX_VALUE,
        limits.nameLength());
    this.limits = limits;
  }

  @Override
  public void validateNestingDepth(int depth) {
    require(depth, limits.depth(), "max_json_depth", "TOKENTROPY_MAX_JSON_DEPTH");
  }

  @Override
  public void validateFPLength(int length) {
    validateIntegerLength(length);
  }

  @Override
  public void validateIntegerLength(int length) {
    require(
        length,
        limits.numberLength(),
        "max_json_number_length",
        "TOKENTROPY_MAX_JSON_NUMBER_LENGTH");
  }

  /**
   * A text is held three times while it is read, two bytes a character: in pieces, put together,
   * and as a string.
   */
  @Override
  public void validateStringLength(int length) {
    if (6L * length > limits.memory()) {
      new Memory(limits.memory()).require(6L * length, "");
    }
  }

  @Override
  public void validateNameLength(int length) {
    require(length, limits.nameLength(), "max_json_name_length", "TOKENTROPY_MAX_JSON_NAME_LENGTH");
  }

  /** The library stops at the first that is too much, wherever the rest would have ended. */
  private static void require(int found, int most, String limit, String setting) {
    if (found > most) {
      throw new InvalidInput.LimitExceeded("", limit, most + 1L, most, setting);
    }
  }
}
