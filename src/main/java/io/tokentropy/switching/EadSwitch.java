package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Entropy Adaptive Decoding, one token at a time: the large model writes while the smoothed entropy
 * is above a threshold. The rules apply in the order of {@link Reason}; the paper has the threshold
 * and the window, the others are what it leaves open.
 *
 * @see <a href="https://arxiv.org/abs/2502.06833">Entropy Adaptive Decoding</a>
 */
public final class EadSwitch {
  private EadSwitch() {}

  /**
   * What came of one token.
   *
   * @param model the model that wrote it
   * @param next the model for the next one
   * @param smoothed the range of the smoothed entropy; null if there is none
   * @param certified whether every entropy inside the range gives the same choice
   * @param redo whether the token is dropped, for the large model to write it
   * @param state to decide the next token from
   */
  public record Decision(
      int step,
      Model model,
      Model next,
      Reason reason,
      @Nullable Interval smoothed,
      boolean certified,
      boolean redo,
      EadState state) {}

  /** Counts a token that {@code before.model()} wrote, and chooses the model for the next. */
  public static Decision decide(EadConfig config, EadState before, Observation seen) {
    Model model = before.model();
    EadState.Tokens tokens = before.tokens().plus(model);
    EadState.Window window = before.window();
    Interval smoothed = null;
    if (seen.entropy() != null) {
      window = window.plus(seen.entropy(), config.smoothing());
      smoothed = config.smoothing().isEnough(window.samples()) ? window.mean() : null;
    }

    var rules = new Rules(config, before.position(), tokens, seen);
    Reason reason = rules.reason(smoothed == null ? null : config.signal().point().of(smoothed));
    boolean certified =
        smoothed == null
            || smoothed.isExact()
            || rules.next(rules.reason(smoothed.low()))
                == rules.next(rules.reason(smoothed.high()));
    Model next = rules.next(reason);
    boolean redo = reason == Reason.ESCALATE && config.onEscalate() == OnEscalate.REDO;
    if (redo) {
      tokens = tokens.dropped();
    }
    boolean reset = next != model && config.smoothing().resetOnSwitch();
    return new Decision(
        before.position().step(),
        model,
        next,
        reason,
        smoothed,
        certified,
        redo,
        new EadState(
            before.position().then(next),
            tokens,
            before.catchUp().then(model, next, tokens.kept()),
            reset ? EadState.Window.EMPTY : window,
            before.uncertified() + (certified ? 0 : 1)));
  }

  /** The rules at one step: where it began, and its token counted. */
  private record Rules(
      EadConfig config, EadState.Position position, EadState.Tokens tokens, Observation seen) {

    /** The first rule that applies, for a smoothed entropy; null if there is none. */
    private Reason reason(@Nullable Double smoothed) {
      EadConfig.Threshold threshold = config.threshold();
      EadConfig.Dwell dwell = config.dwell();
      EadConfig.Budget budget = config.budget();
      Model model = position.model();
      boolean isLarge = model == Model.LARGE;
      int stint = position.stint() + 1;
      int switches = position.switches();
      if (seen.force() != null) {
        return Reason.FORCED;
      }
      if (isLarge && !budget.allowsLarge(tokens.small(), tokens.large())) {
        return Reason.BUDGET_EXHAUSTED;
      }
      if (isLarge && dwell.isOver(stint)) {
        return Reason.MAX_LARGE_STINT;
      }
      if (seen.entropy() == null) {
        return Reason.NO_SIGNAL;
      }
      if (smoothed == null) {
        return Reason.WARMUP;
      }
      if (!isLarge && !(smoothed > threshold.tau())) {
        return Reason.BELOW_THRESHOLD;
      }
      if (isLarge && smoothed > threshold.tau()) {
        return Reason.ABOVE_THRESHOLD;
      }
      if (isLarge && smoothed > threshold.tau() - threshold.hysteresis()) {
        return Reason.HYSTERESIS_BAND;
      }
      if (stint < dwell.least(model)) {
        return Reason.MIN_DWELL;
      }
      if (switches > 0 && stint < dwell.cooldown()) {
        return Reason.COOLDOWN;
      }
      if (isLarge) {
        return Reason.DEESCALATE;
      }
      if (budget.isUsedUp(switches)) {
        return Reason.MAX_SWITCHES;
      }
      int small = tokens.small() - (config.onEscalate() == OnEscalate.REDO ? 1 : 0);
      if (!budget.allowsLarge(small, tokens.large())) {
        return Reason.BUDGET_DENIED;
      }
      return Reason.ESCALATE;
    }

    private Model next(Reason reason) {
      return switch (reason) {
        case FORCED -> seen.force() == null ? position.model() : seen.force();
        case BUDGET_EXHAUSTED, MAX_LARGE_STINT, DEESCALATE -> Model.SMALL;
        case ESCALATE -> Model.LARGE;
        case NO_SIGNAL,
            WARMUP,
            BELOW_THRESHOLD,
            ABOVE_THRESHOLD,
            HYSTERESIS_BAND,
            MIN_DWELL,
            COOLDOWN,
            MAX_SWITCHES,
            BUDGET_DENIED ->
            position.model();
      };
    }
  }
}
