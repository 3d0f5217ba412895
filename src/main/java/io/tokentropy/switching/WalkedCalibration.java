package io.tokentropy.switching;

import io.tokentropy.distribution.Interval;
import io.tokentropy.refusal.InvalidInput;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * A threshold at which the large model writes the wanted share of texts that both models were
 * shown, found by walking the texts with the rule itself: window, dwell times, budget and redone
 * tokens count as they do in use.
 *
 * <p>The share falls in steps as the threshold rises, but not everywhere: another choice early in a
 * text leads to other choices later. Bisection ends at a place where the share crosses the target;
 * of all thresholds that it tried, the one whose share is nearest to the target is taken.
 *
 * @param threshold in the unit of the traces
 * @param totals of all texts at that threshold
 * @param falling whether of the thresholds that were tried, a higher one never had a higher share
 */
public record WalkedCalibration(double threshold, EadTotals totals, boolean falling) {
  /** More halvings than this tell apart no two entropies that are written with a few digits. */
  private static final int MOST_STEPS = 40;

  /**
   * What both models said of one text, token by token.
   *
   * @param small of the small model
   * @param large of the large one, as many
   */
  public record Text(List<Observation> small, List<Observation> large) {
    /**
     * Copies both.
     *
     * @throws InvalidInput.ShapeMismatch if one is longer
     */
    public Text {
      small = List.copyOf(small);
      large = List.copyOf(large);
      if (small.size() != large.size()) {
        throw new InvalidInput.ShapeMismatch(
            "/large",
            "found "
                + large.size()
                + " tokens, but the small model has "
                + small.size()
                + "; expected both models over the same text");
      }
    }

    /**
     * The state after the whole text, each token given by the model at work; one that is dropped is
     * observed again, of the large model.
     */
    EadState walk(EadConfig config) {
      EadState state = EadState.initial(config);
      int i = 0;
      while (i < small.size()) {
        EadSwitch.Decision decision =
            EadSwitch.decide(config, state, (state.model() == Model.SMALL ? small : large).get(i));
        state = decision.state();
        if (!decision.redo()) {
          i++;
        }
      }
      return state;
    }
  }

  /**
   * Calibrates on texts that both models were shown.
   *
   * @param config the configuration for a threshold
   * @param least the least threshold that it can have
   * @param target share of the large model, in [0, 1]
   * @throws InvalidInput.MissingInput if there is no entropy, or the end that decides has no bound
   */
  public static WalkedCalibration of(
      DoubleFunction<EadConfig> config, double least, List<Text> texts, double target) {
    Calibration.requireShare(target);
    double greatest = Math.max(least, greatest(config.apply(least).signal().point(), texts));
    var tried = new TreeMap<Double, EadTotals>();
    double low = least;
    double high = greatest;
    walk(config, low, texts, tried);
    walk(config, high, texts, tried);
    double half = 0.5 / texts.stream().mapToInt(text -> text.small().size()).sum();
    for (int i = 0; i < MOST_STEPS && miss(tried, target) > half; i++) {
      double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      if (walk(config, middle, texts, tried).largeFraction() > target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double best =
        tried.keySet().stream()
            .min(Comparator.comparingDouble(tau -> miss(totals(tried, tau), target)))
            .orElseThrow();
    return new WalkedCalibration(best, totals(tried, best), falls(tried));
  }

  private static EadTotals walk(
      DoubleFunction<EadConfig> config,
      double threshold,
      List<Text> texts,
      TreeMap<Double, EadTotals> tried) {
    EadConfig complete = config.apply(threshold);
    EadTotals totals = EadTotals.NONE;
    for (Text text : texts) {
      totals = totals.plus(EadTotals.of(text.walk(complete)));
    }
    tried.put(threshold, totals);
    return totals;
  }

  private static EadTotals totals(TreeMap<Double, EadTotals> tried, double threshold) {
    return tried.getOrDefault(threshold, EadTotals.NONE);
  }

  private static double miss(TreeMap<Double, EadTotals> tried, double target) {
    return tried.values().stream().mapToDouble(t -> miss(t, target)).min().orElseThrow();
  }

  private static double miss(EadTotals totals, double target) {
    return Math.abs(totals.largeFraction() - target);
  }

  private static boolean falls(TreeMap<Double, EadTotals> tried) {
    double last = 1;
    for (EadTotals totals : tried.values()) {
      if (totals.largeFraction() > last) {
        return false;
      }
      last = totals.largeFraction();
    }
    return true;
  }

  /** The greatest entropy of all, above which no smoothed one is. */
  private static double greatest(EadConfig.Signal.Point point, List<Text> texts) {
    double greatest = -1;
    for (Text text : texts) {
      for (List<Observation> trace : List.of(text.small(), text.large())) {
        for (Observation seen : trace) {
          Interval entropy = seen.entropy();
          if (entropy != null) {
            greatest = Math.max(greatest, point.of(entropy));
          }
        }
      }
    }
    if (greatest < 0) {
      throw new InvalidInput.MissingInput("/traces", "no trace has an entropy");
    }
    if (greatest == Double.POSITIVE_INFINITY) {
      throw Calibration.unbounded();
    }
    return greatest;
  }
}
