package io.tokentropy.endpoint.asking;

import io.tokentropy.json.Answer;

/** A question was not asked, or not well enough to be scored. */
public final class AskFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Why why;
  private final transient Answer facts;

  /** Why there is no score. */
  public enum Why {
    /** The plan is larger than the budget; nothing was asked. */
    BUDGET_TOO_SMALL,
    /** Too few answers came. */
    INCOMPLETE
  }

  /**
   * A failure.
   *
   * @param facts the plan, or all that was paid for
   */
  AskFailed(Why why, String message, Answer facts) {
    super(message, null, false, false);
    this.why = why;
    this.facts = facts;
  }

  public Why why() {
    return why;
  }

  public Answer facts() {
    return facts;
  }
}
