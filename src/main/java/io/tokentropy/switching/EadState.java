package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.Summary;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that the next decision needs to know of the tokens so far. The caller carries it;
 * nothing is kept here.
 *
 * @param uncertified steps whose choice another entropy of their interval would change
 */
public record EadState(
    Position position, Tokens tokens, CatchUp catchUp, Window window, int uncertified) {

  /** Whatever entropies are taken in, their sums over a window stay finite. */
  private static final double GREATEST_ENTROPY = 2 * Summary.GREATEST;

  /**
   * Where the sequence stands.
   *
   * @param step tokens seen, dropped ones included
   * @param model the model that writes the next token
   * @param stint tokens it has written since it became active
   * @param switches changes of the model
   */
  public record Position(int step, Model model, int stint, int switches) {
    /** One token further. */
    Position then(Model next) {
      return next == model
          ? new Position(step + 1, model, stint + 1, switches)
          : new Position(step + 1, next, 0, switches + 1);
    }
  }

  /**
   * Who wrote how many.
   *
   * @param small tokens of the small model that were kept
   * @param large tokens of the large model
   * @param wasted tokens of the small model that were dropped
   */
  public record Tokens(int small, int large, int wasted) {
    public int kept() {
      return small + large;
    }

    Tokens plus(Model writer) {
      return writer == Model.SMALL
          ? new Tokens(small + 1, large, wasted)
          : new Tokens(small, large + 1, wasted);
    }

    /** The small model's last token dropped. */
    Tokens dropped() {
      return new Tokens(small - 1, large, wasted + 1);
    }
  }

  /**
   * What each model had to read of the other's tokens.
   *
   * @param small tokens of the large model that the small one had to read when it took over
   * @param large the same the other way round
   * @param coveredSmall tokens that the small model has read or written
   * @param coveredLarge the same of the large one
   */
  public record CatchUp(int small, int large, int coveredSmall, int coveredLarge) {
    /** After a token of the writer: it and the next writer cover all that is kept. */
    CatchUp then(Model writer, Model next, int kept) {
      int smallReads = writer != next && next == Model.SMALL ? kept - coveredSmall : 0;
      int largeReads = writer != next && next == Model.LARGE ? kept - coveredLarge : 0;
      boolean isSmall = writer == Model.SMALL || next == Model.SMALL;
      boolean isLarge = writer == Model.LARGE || next == Model.LARGE;
      return new CatchUp(
          small + smallReads,
          large + largeReads,
          isSmall ? kept : coveredSmall,
          isLarge ? kept : coveredLarge);
    }
  }

  /**
   * The entropies that are smoothed.
   *
   * @param samples entropies since the last reset
   * @param entropies the last of them, oldest first; the moving average alone if that is how they
   *     are smoothed
   */
  public record Window(int samples, List<Interval> entropies) {
    static final Window EMPTY = new Window(0, List.of());

    public Window {
      entropies = List.copyOf(entropies);
    }

    /** With one more entropy, or the moving average moved on by it. */
    Window plus(Interval entropy, EadConfig.Smoothing smoothing) {
      return new Window(
          samples + 1,
          switch (smoothing.average()) {
            case MEAN -> pushed(entropy, smoothing.window());
            case EWMA -> List.of(averaged(entropy, smoothing.alpha()));
          });
    }

    /** The oldest goes where there is no room for one more. */
    private List<Interval> pushed(Interval entropy, int most) {
      int size = entropies.size();
      Interval[] all = entropies.toArray(new Interval[Math.min(size + 1, most)]);
      if (size == all.length) {
        System.arraycopy(all, 1, all, 0, size - 1);
      }
      all[all.length - 1] = entropy;
      return List.of(all);
    }

    private Interval averaged(Interval entropy, double alpha) {
      if (entropies.isEmpty()) {
        return entropy;
      }
      Interval old = entropies.getFirst();
      return new Interval(
          alpha * entropy.low() + (1 - alpha) * old.low(),
          alpha * entropy.high() + (1 - alpha) * old.high());
    }

    /** The mean, summed oldest to newest: no drift, however long the sequence. */
    Interval mean() {
      double low = 0;
      double high = 0;
      for (int i = 0; i < entropies.size(); i++) {
        low += entropies.get(i).low();
        high += entropies.get(i).high();
      }
      return new Interval(low / entropies.size(), high / entropies.size());
    }
  }

  /**
   * The state before the first token. Where the budget has no room for it, the small model starts.
   */
  public static EadState initial(EadConfig config) {
    Model first = config.budget().allowsLarge(0, 0) ? config.initial() : Model.SMALL;
    return new EadState(
        new Position(0, first, 0, 0),
        new Tokens(0, 0, 0),
        new CatchUp(0, 0, 0, 0),
        Window.EMPTY,
        0);
  }

  /** The model that writes the next token. */
  public Model model() {
    return position.model;
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
    int step = position.step;
    int small = tokens.small;
    int large = tokens.large;
    int wasted = tokens.wasted;
    int kept = Math.addExact(small, large);
    require(
        small >= 0 && large >= 0 && wasted >= 0,
        "small",
        () -> small + ", " + large + ", " + wasted);
    require(
        step == (long) kept + wasted,
        "step",
        () -> step + " with " + kept + " kept, " + wasted + " wasted");
    require(
        wasted == 0 || config.onEscalate() == OnEscalate.REDO,
        "wasted",
        () -> wasted + " without redo");
    requireWithin("stint", position.stint, step);
    requireWithin("switches", position.switches, step);
    requireWithin("catchup_small", catchUp.small, large);
    require(
        catchUp.large >= 0 && catchUp.large <= (long) small + wasted,
        "catchup_large",
        () -> catchUp.large + " of " + small);
    requireWithin("covered_small", catchUp.coveredSmall, kept);
    requireWithin("covered_large", catchUp.coveredLarge, kept);
    requireWithin("samples", window.samples, step);
    requireWithin("uncertified", uncertified, step);
    int most =
        switch (config.smoothing().average()) {
          case MEAN -> config.smoothing().window();
          case EWMA -> 1;
        };
    int found = window.entropies.size();
    int expected = Math.min(most, window.samples);
    require(found == expected, "window", () -> found + " entries, expected " + expected);
    for (Interval entropy : window.entropies) {
      require(
          entropy.low() >= 0
              && entropy.low() <= entropy.high()
              && entropy.low() <= GREATEST_ENTROPY
              && (entropy.high() <= GREATEST_ENTROPY || !entropy.isBounded()),
          "window",
          entropy::toString);
    }
  }

  private static void requireWithin(String field, int found, int most) {
    require(found >= 0 && found <= most, field, () -> found + " of " + most);
  }

  private static void require(boolean good, String field, Supplier<String> found) {
    if (!good) {
      throw new InvalidInput.InvalidState(
          "/" + field, "found " + found.get() + ", which no sequence of steps leads to");
    }
  }
}
