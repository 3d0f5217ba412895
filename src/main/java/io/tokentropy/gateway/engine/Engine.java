package io.tokentropy.gateway.engine;

/**
 * One server of a pair, as the loop that switches sees it: ids in, ids out. It repeats no call by
 * itself. Safe to share between threads.
 */
public interface Engine {
  /** How many of the most probable tokens each step asks for. */
  int BEST = 20;

  /**
   * The prompt in ids of this model, its template applied.
   *
   * @throws EngineFailed if the server does not answer as it should
   */
  int[] render(Prompt prompt, Deadline deadline) throws EngineFailed;

  /**
   * Continues after ids: one call, which is sent without waiting for what comes of it, so that it
   * can be closed at once. What fails, fails in {@link Stint#next}.
   *
   * @throws EngineFailed if it is not sent at all
   */
  Stint open(StintRequest request, Deadline deadline) throws EngineFailed;

  /** V: its ids are those below. */
  int vocabSize();
}
