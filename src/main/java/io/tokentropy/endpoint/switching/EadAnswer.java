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
import org.jspecify.annotations.Nullable;

/** Runs one sequence of model switching and writes what comes out. */
public final class EadAnswer {
  private EadAnswer() {}

  /**
   * Runs observations from a state on.
   *
   * @param digest of the configuration, for the state that comes out
   */
  public static Answer of(
      EadConfig config,
      EadState start,
      List<Observation> observations,
      String digest,
      boolean stepsWanted,
      Tally tally) {
    var steps = new ArrayList<Answer>();
    EadState state = start;
    EadSwitch.Decision last = null;
    for (Observation seen : observations) {
      last = EadSwitch.decide(config, state, seen);
      tally.decision(
          last.reason().wire(),
          last.certified(),
          last.next() != last.model(),
          last.model() == Model.LARGE);
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
    return item.put("summary", summary(config, state)).put("state", state(state, digest));
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
    double point = EadSwitch.point(config, range);
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
    int tokens = state.small() + state.large();
    Answer summary =
        new Answer()
            .put("tokens", tokens)
            .put("small", state.small())
            .put("large", state.large())
            .put("wasted", state.wasted())
            .put("switches", state.switches())
            .put("large_fraction", tokens == 0 ? 0 : (double) state.large() / tokens);
    if (config.costRatio().isPresent() && tokens > 0) {
      double ratio = config.costRatio().getAsDouble();
      double small = (double) state.small() + state.wasted();
      double cost = (state.large() + small * ratio) / tokens;
      summary
          .put("relative_cost", cost)
          .put("cost_reduction", 1 - cost)
          .put(
              "relative_compute",
              (state.large()
                      + (double) state.catchupLarge()
                      + (small + state.catchupSmall()) * ratio)
                  / tokens);
    }
    return summary
        .put("catchup_small", state.catchupSmall())
        .put("catchup_large", state.catchupLarge())
        .put("uncertified", state.uncertified())
        .put("final_model", state.model().wire())
        .put("path_certified", state.pathCertified());
  }

  private static Answer state(EadState state, String digest) {
    var window = new ArrayList<@Nullable Object>();
    for (Interval entropy : state.window()) {
      if (entropy.isExact()) {
        window.add(entropy.low());
      } else {
        var ends = new ArrayList<@Nullable Object>();
        ends.add(entropy.low());
        ends.add(entropy.isBounded() ? (Double) entropy.high() : null);
        window.add(ends);
      }
    }
    return new Answer()
        .put("v", 1)
        .put("config", digest)
        .put("step", state.step())
        .put("model", state.model().wire())
        .put("stint", state.stint())
        .put("switches", state.switches())
        .put("small", state.small())
        .put("large", state.large())
        .put("wasted", state.wasted())
        .put("catchup_small", state.catchupSmall())
        .put("catchup_large", state.catchupLarge())
        .put("covered_small", state.coveredSmall())
        .put("covered_large", state.coveredLarge())
        .put("samples", state.samples())
        .put("window", window)
        .put("uncertified", state.uncertified());
  }
}
