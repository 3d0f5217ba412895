package io.tokentropy.gateway;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.EadSwitch.Decision;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.Observation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The decisions along one answer. The last one can be taken back, because a switch may turn out to
 * be impossible after it was decided: then it is as if the caller had forced the model.
 */
final class Walk {
  private final EadConfig config;
  private EadState before;
  private EadState state;
  private @Nullable Observation last;

  Walk(EadConfig config) {
    this.config = config;
    this.state = EadState.initial(config);
    this.before = state;
  }

  EadState state() {
    return state;
  }

  /** Who writes the next token. */
  Model model() {
    return state.model();
  }

  /**
   * A token of the model that is active, and who writes the next one.
   *
   * @param row null for a token without signal
   * @param vocabSize V of the active model
   * @param held says of a switch what stands in its way; null if nothing does
   */
  Decision step(
      @Nullable PartialDistribution row, int vocabSize, Function<Decision, @Nullable String> held) {
    before = state;
    last = new Observation(row == null ? null : signal(row, vocabSize), null);
    Decision decision = EadSwitch.decide(config, before, last);
    if (decision.next() != decision.model() && held.apply(decision) != null) {
      return hold(decision.model());
    }
    state = decision.state();
    return decision;
  }

  /** The last token, decided once more: it is kept, and this model goes on. */
  Decision hold(Model next) {
    Observation seen = last;
    if (seen == null) {
      throw new IllegalStateException("there is no token yet");
    }
    last = new Observation(seen.entropy(), next);
    Decision decision = EadSwitch.decide(config, before, last);
    state = decision.state();
    return decision;
  }

  /** Before the first token: the other model begins. */
  void begin(Model other) {
    state =
        new EadState(
            new EadState.Position(0, other, 0, 0),
            state.tokens(),
            state.catchUp(),
            state.window(),
            0);
    before = state;
  }

  boolean hasBegun() {
    return last != null;
  }

  private Interval signal(PartialDistribution row, int vocabSize) {
    Interval nats = row.decisiveEntropy();
    if (!config.signal().normalize()) {
      return nats;
    }
    double most = vocabSize == 1 ? 1 : Math.log(vocabSize);
    return new Interval(nats.low() / most, nats.high() / most);
  }
}
