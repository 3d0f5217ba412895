package io.tokentropy.gateway.engine;

import org.jspecify.annotations.Nullable;

/**
 * What one call brings, as it comes. One thread reads; any thread may close, which cancels the call
 * (the socket is closed) and ends a read that waits with {@link EngineFailed.Fault#CLOSED}.
 */
public interface Stint extends AutoCloseable {
  /**
   * The next step; null when the server has ended it in good order.
   *
   * @throws EngineFailed if it was cut, takes too long, or does not answer as it should
   */
  @Nullable Step next() throws EngineFailed;

  /** Why the server ended it; only after {@link #next} gave null. */
  Finish finish();

  /** What it took so far: by the server's count where it has said it, else by what arrived. */
  Usage usage();

  /** Cancels what is under way; more than once is as good as once. */
  @Override
  void close();

  /** Why a server ends. */
  enum Finish {
    /** The model wrote the end of its text, or a stop token. */
    STOP,
    /** As many tokens as were asked for, or the context is full. */
    LENGTH
  }

  /**
   * Tokens of one call.
   *
   * @param prompt all that it was given
   * @param cached those of them that it had read before
   * @param completion those that it wrote, as far as is known
   */
  record Usage(int prompt, int cached, int completion) {}
}
