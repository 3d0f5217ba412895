package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entropy Adaptive Decoding, one token at a time: the large model writes while the smoothed entropy
 * is above a threshold. The rules apply in the order of {@link Reason}; the paper has the threshold
 * and the window, the others are what it leaves open.
 *
 * @see <a href="https://arxiv.org/abs/2502.06833">Entropy Adaptive Decoding</a>
 */
public final class EadSwitch {
  /** A budget of a third allows the third token of nine although a third is no double. */
  private static final double SLACK = 1e-9;

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

  /** Whether the large model may write one more token. */
  static boolean hasBudget(double fraction, int small, int large) {
    return large + 1 <= fraction * ((double) small + large + 1) + SLACK;
  }

  /** The number of a range that decides. */
  public static double point(EadConfig config, Interval range) {
    return switch (config.point()) {
      case LOWER -> range.low();
      case MIDPOINT -> range.midpoint();
      case UPPER -> range.high();
    };
  }

  /** Counts a token that {@code before.model()} wrote, and chooses the model for the next. */
  public static Decision decide(EadConfig config, EadState before, Observation seen) {
    Model model = before.model();
    int small = before.small() + (model == Model.SMALL ? 1 : 0);
    int large = before.large() + (model == Model.LARGE ? 1 : 0);
    int stint = before.stint() + 1;
    Interval entropy = seen.entropy();
    List<Interval> window = entropy == null ? before.window() : pushed(config, before, entropy);
    int samples = before.samples() + (entropy == null ? 0 : 1);
    boolean filled = entropy != null && (config.fillPartial() || samples >= config.window());
    Interval smoothed = filled ? smoothed(window) : null;

    var rules = new Rules(config, model, small, large, stint, before.switches(), seen);
    Reason reason = rules.reason(smoothed == null ? null : point(config, smoothed));
    boolean certified =
        smoothed == null
            || smoothed.isExact()
            || rules.next(rules.reason(smoothed.low()))
                == rules.next(rules.reason(smoothed.high()));
    Model next = rules.next(reason);
    boolean redo = reason == Reason.ESCALATE && config.redo();
    int kept = small - (redo ? 1 : 0);
    boolean switched = next != model;
    int tokens = kept + large;
    int coveredSmall = model == Model.SMALL ? tokens : before.coveredSmall();
    int coveredLarge = model == Model.LARGE ? tokens : before.coveredLarge();
    int catchupSmall = before.catchupSmall();
    int catchupLarge = before.catchupLarge();
    if (switched && next == Model.SMALL) {
      catchupSmall += tokens - coveredSmall;
      coveredSmall = tokens;
    } else if (switched) {
      catchupLarge += tokens - coveredLarge;
      coveredLarge = tokens;
    }
    boolean reset = switched && config.resetOnSwitch();
    return new Decision(
        before.step(),
        model,
        next,
        reason,
        smoothed,
        certified,
        redo,
        new EadState(
            before.step() + 1,
            next,
            switched ? 0 : stint,
            before.switches() + (switched ? 1 : 0),
            kept,
            large,
            before.wasted() + (redo ? 1 : 0),
            catchupSmall,
            catchupLarge,
            coveredSmall,
            coveredLarge,
            reset ? 0 : samples,
            reset ? List.of() : window,
            before.uncertified() + (certified ? 0 : 1)));
  }

  /** The window with one more entropy, or the moving average moved on by it. */
  private static List<Interval> pushed(EadConfig config, EadState before, Interval entropy) {
    if (config.smoothing() == EadConfig.Smoothing.EWMA) {
      if (before.window().isEmpty()) {
        return List.of(entropy);
      }
      double alpha = config.alpha();
      Interval old = before.window().getFirst();
      return List.of(
          new Interval(
              alpha * entropy.low() + (1 - alpha) * old.low(),
              alpha * entropy.high() + (1 - alpha) * old.high()));
    }
    var window = new ArrayList<>(before.window());
    if (window.size() == config.window()) {
      window.removeFirst();
    }
    window.add(entropy);
    return window;
  }

  /** The mean, summed oldest to newest: no drift, however long the sequence. */
  private static Interval smoothed(List<Interval> window) {
    double low = 0;
    double high = 0;
    for (Interval entropy : window) {
      low += entropy.low();
      high += entropy.high();
    }
    return new Interval(low / window.size(), high / window.size());
  }

  /** The rules at one step, its token counted. */
  private record Rules(
      EadConfig config,
      Model model,
      int small,
      int large,
      int stint,
      int switches,
      Observation seen) {

    /** The first rule that applies, for a smoothed entropy; null if there is none. */
    private Reason reason(@Nullable Double smoothed) {
      boolean isLarge = model == Model.LARGE;
      if (seen.force() != null) {
        return Reason.FORCED;
      }
      if (isLarge && !hasBudget(config.maxLargeFraction(), small, large)) {
        return Reason.BUDGET_EXHAUSTED;
      }
      if (isLarge && config.maxLargeStint() > 0 && stint >= config.maxLargeStint()) {
        return Reason.MAX_LARGE_STINT;
      }
      if (seen.entropy() == null) {
        return Reason.NO_SIGNAL;
      }
      if (smoothed == null) {
        return Reason.WARMUP;
      }
      if (!isLarge && !(smoothed > config.threshold())) {
        return Reason.BELOW_THRESHOLD;
      }
      if (isLarge && smoothed > config.threshold()) {
        return Reason.ABOVE_THRESHOLD;
      }
      if (isLarge && smoothed > config.threshold() - config.hysteresis()) {
        return Reason.HYSTERESIS_BAND;
      }
      if (stint < (isLarge ? config.minLarge() : config.minSmall())) {
        return Reason.MIN_DWELL;
      }
      if (switches > 0 && stint < config.cooldown()) {
        return Reason.COOLDOWN;
      }
      if (isLarge) {
        return Reason.DEESCALATE;
      }
      if (config.maxSwitches() > 0 && switches >= config.maxSwitches()) {
        return Reason.MAX_SWITCHES;
      }
      if (!hasBudget(config.maxLargeFraction(), small - (config.redo() ? 1 : 0), large)) {
        return Reason.BUDGET_DENIED;
      }
      return Reason.ESCALATE;
    }

    private Model next(Reason reason) {
      return switch (reason) {
        case FORCED -> seen.force() == null ? model : seen.force();
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
            model;
      };
    }
  }
}
