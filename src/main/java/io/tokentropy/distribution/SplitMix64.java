package io.tokentropy.distribution;

/**
 * The SplitMix64 generator, written out so that a draw can be replayed in any language: the state
 * goes up by {@code 0x9e3779b97f4a7c15}, and is mixed by two multiplications.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea, Flood: Fast splittable
 *     pseudorandom number generators</a>
 */
public final class SplitMix64 {
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;

  public SplitMix64(long seed) {
    state = seed;
  }

  /** A number in [0, 1): the upper 53 bits times 2^-53. */
  public double next() {
    state += STEP;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }

  /** The number at a place of the sequence of a seed, the first at 0; no others are made. */
  public static double at(long seed, long place) {
    return new SplitMix64(seed + place * STEP).next();
  }

  /** A position in [0, length): {@code floor(u * length)}. */
  public int position(int length) {
    return (int) (next() * length);
  }
}
