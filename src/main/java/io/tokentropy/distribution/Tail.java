package io.tokentropy.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a list of the best k tokens leaves open: a mass r, spread in an unknown way over n unseen
 * tokens, each of at most the probability c of the k-th.
 *
 * <p>Of all the ways to spread it, {@link #packed} is the most uneven and {@link #uniform} the most
 * even one. A figure that only grows when probabilities are evened out (a Schur-concave one, such
 * as the entropy) is therefore least at the first and greatest at the second.
 *
 * @param mass r, in [0, 1]
 * @param cap c, in [0, 1]
 * @param unseen n; empty if the size of the vocabulary is unknown
 */
public record Tail(double mass, double cap, OptionalInt unseen) {
  /** Differences of this size, relative to the mass, are rounding. */
  private static final double ROUNDING = 1e-12;

  /**
   * Some tokens of equal probability.
   *
   * @param prob the probability of each, above 0
   * @param count how many they are; a whole number
   */
  public record Level(double prob, double count) {}

  /** The most mass that the unseen tokens can hold, n·c; of an unknown vocabulary, 2³¹ tokens. */
  double room() {
    return unseen.orElse(Integer.MAX_VALUE) * cap;
  }

  /**
   * As many tokens as possible at the cap and one at the remainder; all n alike where the cap
   * leaves no choice. Empty if there is no mass.
   */
  public List<Level> packed() {
    if (mass == 0) {
      return List.of();
    }
    if (mass >= room() * (1 - ROUNDING)) {
      int count = unseen.orElse(Integer.MAX_VALUE);
      return List.of(new Level(mass / count, count));
    }
    List<Level> levels = new ArrayList<>(2);
    double whole = Math.floor(mass / cap);
    if (whole > 0) {
      levels.add(new Level(cap, whole));
    }
    double rest = mass - whole * cap;
    if (rest > ROUNDING * mass) {
      levels.add(new Level(rest, 1));
    }
    return levels;
  }

  /** All n tokens alike, at r/n each; of an unknown vocabulary, 2³¹. Empty if there is no mass. */
  public List<Level> uniform() {
    if (mass == 0) {
      return List.of();
    }
    int count = unseen.orElse(Integer.MAX_VALUE);
    return List.of(new Level(mass / count, count));
  }
}
