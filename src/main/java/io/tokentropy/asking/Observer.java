package io.tokentropy.asking;

import io.tokentropy.asking.Reply.Choice;
import java.util.Locale;

/** Is told how a job goes on, by the one thread that runs it. */
public interface Observer {
  /** Looks away. */
  Observer NONE = new Observer() {};

  /** Asking begins. */
  default void plan(Plan plan) {}

  /** Another wording is there; the original has index 0. */
  default void perturbation(int index, Prompt prompt) {}

  /** An answer is there. */
  default void answer(int round, int prompt, int index, Choice choice) {}

  /**
   * A call has ended.
   *
   * @param ended calls so far
   * @param all that are planned, with those that were needed beside the plan
   * @param tokens that count so far
   */
  default void progress(int ended, int all, long tokens) {}

  /** How a call ended. */
  default void call(Call.Purpose purpose, End end) {}

  /** How a call may end. */
  enum End {
    ANSWERED,
    FAILED,
    CANCELLED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
