package io.tokentropy.endpoint.entropy;

import io.tokentropy.distribution.Interval;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.entropy.Estimate;
import io.tokentropy.entropy.RowEntropy;
import io.tokentropy.json.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Writes the entropy of rows, an item each, in the unit that was asked for. */
public final class EntropyItems {
  private final EntropyUnit unit;
  private final Estimate estimate;
  private final List<Warning> warnings;

  /**
   * A writer.
   *
   * @param warnings takes what is to be said of the rows
   */
  EntropyItems(EntropyUnit unit, Estimate estimate, List<Warning> warnings) {
    this.unit = unit;
    this.estimate = estimate;
    this.warnings = warnings;
  }

  /** The items of rows of which nothing else is asked. */
  public static List<Answer> of(Input input, EntropyUnit unit, List<Warning> warnings) {
    var writer = new EntropyItems(unit, Estimate.MIDPOINT, warnings);
    var items = new ArrayList<Answer>();
    for (int i = 0; i < input.rows().size(); i++) {
      items.add(writer.item(RowEntropy.of(input.rows().get(i), writer.estimate), i));
    }
    return items;
  }

  Answer item(RowEntropy row, int index) {
    Interval range = row.interval();
    Answer item =
        new Answer()
            .put("index", index)
            .put("entropy", inUnit(row.entropy()))
            .put("entropy_low", unit.fromNats(range.low()));
    if (range.isBounded()) {
      item.put("entropy_high", unit.fromNats(range.high()));
    } else {
      warnings.add(
          new Warning(
              "no_upper_bound",
              row.vocabSize().isEmpty()
                  ? "without vocab_size the entropy has no upper bound"
                  : "behind a filter only ratios are known: the entropy has no upper bound",
              index));
    }
    item.put("exact", row.exact());
    if (!row.exact()) {
      item.put("estimate", row.estimate().wire());
      if (row.estimate().mayUndershoot()) {
        warnings.add(
            new Warning(
                "estimate_below_bounds",
                row.estimate().wire() + " may lie below every entropy that fits the list",
                index));
      }
    }
    Interval mass = row.massSeen();
    if (mass != null) {
      Input.putShare(item, "mass_seen", mass);
    }
    item.put("normalized", row.normalized())
        .put("perplexity", row.perplexity())
        .put("vocab_size", row.vocabSize());
    RowEntropy.Top top = row.top();
    if (top != null) {
      Answer best = new Answer();
      Integer id = top.id();
      if (id != null) {
        best.put("id", id.longValue());
      }
      best.put("token", top.token());
      item.put("top", Input.putShare(best, "prob", top.prob()));
    }
    return item;
  }

  private OptionalDouble inUnit(OptionalDouble nats) {
    return nats.isPresent()
        ? OptionalDouble.of(unit.fromNats(nats.getAsDouble()))
        : OptionalDouble.empty();
  }
}
