package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that the next decision needs to know of the tokens so far. The caller carries it;
 * nothing is kept here.
 *
 * @param step tokens seen, dropped ones included
 * @param model the model that writes the next token
 * @param stint tokens it has written since it became active
 * @param switches changes of the model
 * @param small tokens of the small model that were kept
 * @param large tokens of the large model
 * @param wasted tokens of the small model that were dropped
 * @param catchupSmall tokens of the large model that the small one had to read when it took over
 * @param catchupLarge the same the other way round
 * @param coveredSmall tokens that the small model has read or written
 * @param coveredLarge the same of the large one
 * @param samples entropies since the last reset
 * @param window the last of them, oldest first; the moving average alone if that is how they are
 *     smoothed
 * @param uncertified steps whose choice another entropy of their interval would change
 */
public record EadState(
    int step,
    Model model,
    int stint,
    int switches,
    int small,
    int large,
    int wasted,
    int catchupSmall,
    int catchupLarge,
    int coveredSmall,
    int coveredLarge,
    int samples,
    List<Interval> window,
    int uncertified) {

  public EadState {
    window = List.copyOf(window);
  }

  /**
   * The state before the first token. Where the budget has no room for it, the small model starts.
   */
  public static EadState initial(EadConfig config) {
    boolean large =
        config.initial() == Model.LARGE && EadSwitch.hasBudget(config.maxLargeFraction(), 0, 0);
    return new EadState(
        0, large ? Model.LARGE : Model.SMALL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), 0);
  }

  /** Whether every choice so far is the one that the whole distributions would have given. */
  public boolean pathCertified() {
    return uncertified == 0;
  }

  /**
   * Refuses what no sequence of steps can lead to.
   *
   * @throws InvalidInput.InvalidState naming the first number that cannot be
   */
  public void requirePossible(EadConfig config) {
    int kept = Math.addExact(small, large);
    require(
        small >= 0 && large >= 0 && wasted >= 0,
        "small",
        () -> small + ", " + large + ", " + wasted);
    require(
        step == (long) kept + wasted,
        "step",
        () -> step + " with " + kept + " kept, " + wasted + " wasted");
    require(wasted == 0 || config.redo(), "wasted", () -> wasted + " without redo");
    require(stint >= 0 && stint <= step, "stint", () -> stint + " of " + step);
    require(switches >= 0 && switches <= step, "switches", () -> switches + " of " + step);
    require(
        catchupSmall >= 0 && catchupSmall <= large,
        "catchup_small",
        () -> catchupSmall + " of " + large);
    require(
        catchupLarge >= 0 && catchupLarge <= (long) small + wasted,
        "catchup_large",
        () -> catchupLarge + " of " + small);
    require(
        coveredSmall >= 0 && coveredSmall <= kept,
        "covered_small",
        () -> coveredSmall + " of " + kept);
    require(
        coveredLarge >= 0 && coveredLarge <= kept,
        "covered_large",
        () -> coveredLarge + " of " + kept);
    require(samples >= 0 && samples <= step, "samples", () -> samples + " of " + step);
    require(
        uncertified >= 0 && uncertified <= step, "uncertified", () -> uncertified + " of " + step);
    int expected =
        config.smoothing() == EadConfig.Smoothing.EWMA
            ? Math.min(1, samples)
            : Math.min(config.window(), samples);
    require(
        window.size() == expected,
        "window",
        () -> window.size() + " entries, expected " + expected);
    for (Interval entropy : window) {
      require(
          entropy.low() >= 0 && entropy.low() <= entropy.high() && Double.isFinite(entropy.low()),
          "window",
          entropy::toString);
    }
  }

  private static void require(boolean good, String field, Supplier<String> found) {
    if (!good) {
      throw new InvalidInput.InvalidState(
          "/" + field, "found " + found.get() + ", which no sequence of steps leads to");
    }
  }
}
