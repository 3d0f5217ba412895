package io.tokentropy.switching;

/**
 * Who wrote how many tokens of one or more sequences, and what that took.
 *
 * @param small tokens of the small model that were kept
 * @param large tokens of the large model
 * @param wasted tokens of the small model that were dropped
 * @param switches changes of the model
 * @param catchUpSmall tokens of the large model that the small one had to read
 * @param catchUpLarge the same the other way round
 */
public record EadTotals(
    long small, long large, long wasted, long switches, long catchUpSmall, long catchUpLarge) {
  /** Those of no sequence. */
  public static final EadTotals NONE = new EadTotals(0, 0, 0, 0, 0, 0);

  /** Those of one sequence so far. */
  public static EadTotals of(EadState state) {
    return new EadTotals(
        state.tokens().small(),
        state.tokens().large(),
        state.tokens().wasted(),
        state.position().switches(),
        state.catchUp().small(),
        state.catchUp().large());
  }

  /** Those of both. */
  public EadTotals plus(EadTotals other) {
    return new EadTotals(
        small + other.small,
        large + other.large,
        wasted + other.wasted,
        switches + other.switches,
        catchUpSmall + other.catchUpSmall,
        catchUpLarge + other.catchUpLarge);
  }

  /** Tokens of the text. */
  public long kept() {
    return small + large;
  }

  /** The share of the text that the large model wrote, in [0, 1]; 0 without text. */
  public double largeFraction() {
    return kept() == 0 ? 0 : (double) large / kept();
  }

  /**
   * The paper's cost of a token, by that of a large one: what was written, the dropped tokens
   * included.
   *
   * @param ratio cost of a small token by that of a large one
   */
  public double relativeCost(double ratio) {
    return (large + ((double) small + wasted) * ratio) / kept();
  }

  /** The same with all that each model had to read of the other's. */
  public double relativeCompute(double ratio) {
    return (large + (double) catchUpLarge + ((double) small + wasted + catchUpSmall) * ratio)
        / kept();
  }
}
