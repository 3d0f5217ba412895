package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;
import java.util.OptionalDouble;

/**
 * Is told of answers while they are written, by one thread for each. What it throws ends the
 * question.
 */
public interface Listener {
  /** A step is final: each is told once, in order. */
  void wrote(int choice, Piece piece);

  /** An answer is complete. */
  void ended(int choice, Ended ended);

  /** A token was decided on; one that was held at its model is told of once, as it is held. */
  default void decided(int choice, EadSwitch.Decision decision) {}

  /** A server failed, and the other one goes on, or the answer fails. */
  default void failed(int choice, Model model, EngineFailed failure) {}

  /** A model's server failed, and the other one goes on. */
  default void fellBack(int choice, Model failed, EngineFailed failure) {}

  /** A call is over that a server had taken, whatever came of it. */
  default void called(int choice, Call call) {}

  /**
   * One call of a server.
   *
   * @param usage its tokens
   * @param unused those of them that arrived and were not read, as it had been closed
   * @param firstTokenMillis from the call to its first token; empty if none came
   */
  record Call(Model model, Stint.Usage usage, int unused, OptionalDouble firstTokenMillis) {}
}
