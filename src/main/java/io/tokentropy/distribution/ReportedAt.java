package io.tokentropy.distribution;

import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a server did to a row before it reported it: q = softmax(z / T), of which a filter may have
 * kept the most probable tokens alone, renormalised. The row of softmax(z) has pᵢ ∝ qᵢ^T: exact
 * where all of q is known, a range where only the best k are.
 *
 * @param temperature T, in (0, {@link #GREATEST}]; 1 if only a filter was applied
 * @param filtered whether a filter cut tokens away; then only ratios of probabilities are known
 */
public record ReportedAt(double temperature, boolean filtered) {
  /** Hotter than this no sampler runs. */
  public static final double GREATEST = 100;

  /** Refuses a temperature that no server can have used. */
  public ReportedAt {
    if (!(temperature > 0 && temperature <= GREATEST)) {
      throw new InvalidInput.ParameterOutOfRange(
          "/temperature", temperature, "above 0 and at most " + GREATEST);
    }
  }

  /** The same where not softmax(z) is wanted, but softmax(z / wanted). */
  public ReportedAt relativeTo(double wanted) {
    return wanted == 1 ? this : new ReportedAt(temperature / wanted, filtered);
  }

  /**
   * The row before all that. A sampled token outside the list counts among those that are not
   * listed.
   *
   * @throws InvalidInput.MissingInput if no token but the sampled one is known
   */
  public PartialDistribution raw(PartialDistribution reported) {
    if (temperature == 1 && !filtered) {
      return reported;
    }
    if (reported.best().isEmpty()) {
      throw new InvalidInput.MissingInput(
          "", "only the sampled token is known; reported_at needs the best k");
    }
    PartialDistribution listed =
        PartialDistribution.of(
            reported.best(),
            OptionalDouble.empty(),
            reported.closed() && reported.sampled() == null,
            reported.vocabSize(),
            reported.massError());
    return new PartialDistribution(reported, new RawRow(listed, this));
  }

  /** The same of a whole row, whose temperature is undone already. */
  public Row raw(Distribution row) {
    if (!filtered) {
      return row;
    }
    List<PartialDistribution.Entry> kept = new ArrayList<>();
    for (int id = 0; id < row.size(); id++) {
      if (row.prob(id) > 0) {
        kept.add(new PartialDistribution.Entry(row.lnProb(id), id, null));
      }
    }
    return new ReportedAt(1, true)
        .raw(PartialDistribution.of(kept, OptionalDouble.empty(), true, row.vocabSize(), 0));
  }
}
