package io.tokentropy.endpoint.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.json.Answer;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.EadTotals;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one sequence of model switching and writes what comes out. */
public final class EadAnswer {
  /** The next model and the state, after all observations. */
  public static final Wanted NEXT = new Wanted(false, false);

  private EadAnswer() {}

  /**
   * What of a sequence is wanted.
   *
   * @param steps whether every step is listed
   * @param stopAtSwitch whether what comes after the first switch is left aside
   */
  public record Wanted(boolean steps, boolean stopAtSwitch) {}

  /**
   * Runs observations from a state on.
   *
   * @param form of the configuration
   * @param told of every decision, in order
   */
  public static Answer of(
      EadStateForm form,
      EadState start,
      List<Observation> observations,
      Wanted wanted,
      Consumer<EadSwitch.Decision> told) {
    EadConfig config = form.config();
    var steps = new ArrayList<Answer>();
    EadState state = start;
    EadSwitch.Decision last = null;
    int consumed = 0;
    for (Observation seen : observations) {
      last = EadSwitch.decide(config, state, seen);
      told.accept(last);
      state = last.state();
      consumed++;
      if (wanted.steps()) {
        steps.add(step(config, last));
      }
      if (wanted.stopAtSwitch() && last.next() != last.model()) {
        break;
      }
    }
    Answer item = new Answer();
    Answer next = new Answer().put("model", state.model().wire());
    if (last != null) {
      next.put("reason", last.reason().wire());
      smoothed(config, last.smoothed(), next, true);
      next.put("certified", last.certified());
    }
    next.put("path_certified", state.pathCertified());
    item.put("next", last != null && last.redo() ? next.put("redo", true) : next);
    if (wanted.stopAtSwitch()) {
      item.put("consumed", consumed);
    }
    if (wanted.steps()) {
      item.put("steps", steps);
    }
    Answer summary =
        summary(config, EadTotals.of(state))
            .put("uncertified", state.uncertified())
            .put("final_model", state.model().wire())
            .put("path_certified", state.pathCertified());
    return item.put("summary", summary).put("state", form.write(state));
  }

  /** Tells the tally of decisions. */
  public static Consumer<EadSwitch.Decision> told(Tally tally) {
    return decision ->
        tally.decision(
            decision.reason().wire(),
            decision.certified(),
            decision.next() != decision.model(),
            decision.model() == Model.LARGE);
  }

  private static Answer step(EadConfig config, EadSwitch.Decision step) {
    Answer answer =
        new Answer()
            .put("step", step.step())
            .put("model", step.model().wire())
            .put("next", step.next().wire())
            .put("reason", step.reason().wire());
    smoothed(config, step.smoothed(), answer, false);
    answer.put("certified", step.certified());
    return step.redo() ? answer.put("redo", true) : answer;
  }

  private static void smoothed(
      EadConfig config, @Nullable Interval range, Answer answer, boolean ends) {
    if (range == null) {
      return;
    }
    double point = config.signal().point().of(range);
    if (Double.isFinite(point)) {
      answer.put("smoothed", point);
    }
    if (ends) {
      answer.put("smoothed_low", range.low());
      if (range.isBounded()) {
        answer.put("smoothed_high", range.high());
      }
    }
  }

  /** Who wrote how much, and what it took. */
  static Answer summary(EadConfig config, EadTotals totals) {
    Answer summary =
        new Answer()
            .put("tokens", totals.kept())
            .put("small", totals.small())
            .put("large", totals.large())
            .put("wasted", totals.wasted())
            .put("switches", totals.switches())
            .put("large_fraction", totals.largeFraction());
    if (config.costRatio().isPresent() && totals.kept() > 0) {
      double cost = totals.relativeCost(config.costRatio().getAsDouble());
      summary
          .put("relative_cost", cost)
          .put("cost_reduction", 1 - cost)
          .put("relative_compute", totals.relativeCompute(config.costRatio().getAsDouble()));
    }
    return summary
        .put("catchup_small", totals.catchUpSmall())
        .put("catchup_large", totals.catchUpLarge());
  }
}
