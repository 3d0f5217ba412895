package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;

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
}
