package io.tokentropy.endpoint.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.json.Answer;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one sequence of model switching and writes what comes out. */
public final class EadAnswer {
  private EadAnswer() {}

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
      boolean stepsWanted,
      Consumer<EadSwitch.Decision> told) {
    EadConfig config = form.config();
    var steps = new ArrayList<Answer>();
    EadState state = start;
    EadSwitch.Decision last = null;
    for (Observation seen : observations) {
      last = EadSwitch.decide(config, state, seen);
      told.accept(last);
      state = last.state();
      if (stepsWanted) {
        steps.add(step(config, last));
      }
    }
    Answer item = new Answer();
    Answer next = new Answer().put("model", state.model().wire());
    if (last != null) {
      next.put("reason", last.reason().wire());
      smoothed(config, last.smoothed(), next, true);
      next.put("certified", last.certified());
    }
    item.put("next", next.put("path_certified", state.pathCertified()));
    if (stepsWanted) {
      item.put("steps", steps);
    }
    return item.put("summary", summary(config, state)).put("state", form.write(state));
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

  private static Answer summary(EadConfig config, EadState state) {
    EadState.Tokens tokens = state.tokens();
    EadState.CatchUp catchUp = state.catchUp();
    int kept = tokens.kept();
    Answer summary =
        new Answer()
            .put("tokens", kept)
            .put("small", tokens.small())
            .put("large", tokens.large())
            .put("wasted", tokens.wasted())
            .put("switches", state.position().switches())
            .put("large_fraction", kept == 0 ? 0 : (double) tokens.large() / kept);
    if (config.costRatio().isPresent() && kept > 0) {
      double ratio = config.costRatio().getAsDouble();
      double small = (double) tokens.small() + tokens.wasted();
      double cost = (tokens.large() + small * ratio) / kept;
      summary
          .put("relative_cost", cost)
          .put("cost_reduction", 1 - cost)
          .put(
              "relative_compute",
              (tokens.large() + (double) catchUp.large() + (small + catchUp.small()) * ratio)
                  / kept);
    }
    return summary
        .put("catchup_small", catchUp.small())
        .put("catchup_large", catchUp.large())
        .put("uncertified", state.uncertified())
        .put("final_model", state.model().wire())
        .put("path_certified", state.pathCertified());
  }
}
