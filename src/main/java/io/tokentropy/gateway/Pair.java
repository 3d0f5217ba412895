package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.switching.Model;
import java.time.Duration;

/**
 * Two servers of one tokenizer that write answers together.
 *
 * @param chunk tokens of one call at most, where closing a connection does not end the call; 0 for
 *     no such limit
 * @param carriesOn whether the other one goes on where one of them fails
 * @param pause waits before a call is repeated
 */
public record Pair(Engine small, Engine large, int chunk, boolean carriesOn, Pause pause) {
  /** A wait, which a test does not have to sit through. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  Engine engine(Model model) {
    return model == Model.SMALL ? small : large;
  }
}
