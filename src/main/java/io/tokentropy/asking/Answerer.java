package io.tokentropy.asking;

/** A model that answers. Safe to share between threads. */
public interface Answerer {
  /** What the configuration calls it. */
  String name();

  /** Answers that one call may bring. */
  int mostChoices();

  /**
   * Answers a call. Interrupting the thread ends the call, upstream too, before this returns.
   *
   * @throws CallFailed if there is no answer that can be used
   * @throws InterruptedException if the thread was interrupted
   */
  Reply answer(Call call) throws CallFailed, InterruptedException;
}
