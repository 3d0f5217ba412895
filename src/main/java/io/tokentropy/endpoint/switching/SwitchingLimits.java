package io.tokentropy.endpoint.switching;

import io.tokentropy.endpoint.Limit;

/**
 * How much model switching may take.
 *
 * @param observations of all sequences of a request
 * @param window entropies that are smoothed; as many as a state carries
 */
public record SwitchingLimits(Limit observations, Limit window) {
  /** Entropies of a window that cost about as much as what else an observation takes. */
  private static final int LIGHT_WINDOW = 64;

  public static SwitchingLimits of(Limit.Source source) {
    return new SwitchingLimits(
        source.limit("max_observations", 131_072), source.limit("max_window", 1024));
  }

  /** What counts against the observations: with a window of more than 64, each several times. */
  static long count(int observations, int window) {
    return (long) observations * Math.ceilDiv(window, LIGHT_WINDOW);
  }
}
