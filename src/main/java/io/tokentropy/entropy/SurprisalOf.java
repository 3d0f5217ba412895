package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.distribution.Tail;
import java.util.List;
import java.util.Map;

/**
 * Surprisal −ln p of given tokens, in nats. A token outside a list of the best k has a range: it
 * has at most the probability of the k-th.
 *
 * @param ids token ids, at least one
 */
public record SurprisalOf(List<Integer> ids) implements Measure {
  static final String NAME = "surprisal_of";

  private static final MeasureValue IMPOSSIBLE =
      new MeasureValue.Unavailable("the token has probability 0");

  public SurprisalOf {
    ids = List.copyOf(ids);
    TokenIds.require(ids);
  }

  @Override
  public String wire() {
    return NAME;
  }

  @Override
  public MeasureValue of(Row row) {
    TokenIds.requireInVocabulary(ids, row);
    return switch (row) {
      case Distribution full ->
          new MeasureValue.Series(ids.stream().map(id -> of(full.lnProb(id))).toList());
      case PartialDistribution partial -> of(partial);
      case Summary summary -> summary.best() == null ? Known.ONLY_A_SUMMARY : of(summary.best());
    };
  }

  private static MeasureValue of(double lnProb) {
    return lnProb == Double.NEGATIVE_INFINITY
        ? IMPOSSIBLE
        : MeasureValue.exactly(Math.max(0, -lnProb), Dimension.NATS);
  }

  private MeasureValue of(PartialDistribution row) {
    if (!TokenIds.allNamed(row)) {
      return TokenIds.NO_IDS;
    }
    double[] lnProbs = row.lnProbs();
    Map<Integer, Integer> positions = TokenIds.positions(row);
    MeasureValue unlisted = unlisted(row);
    return new MeasureValue.Series(
        ids.stream()
            .map(
                id -> {
                  Integer position = positions.get(id);
                  if (position != null) {
                    return listed(lnProbs[position], row.scale());
                  }
                  return TokenIds.isSampled(row, id)
                      ? of(row.sampledLnProb().getAsDouble())
                      : unlisted;
                })
            .toList());
  }

  private static MeasureValue listed(double lnProb, Interval scale) {
    return scale.isExact()
        ? of(lnProb)
        : MeasureValue.between(
            Math.max(0, -lnProb - Math.log(scale.high())),
            -lnProb - Math.log(scale.low()),
            Dimension.NATS);
  }

  /** The surprisal of any token outside the list: its least probability leaves the others full. */
  private static MeasureValue unlisted(PartialDistribution row) {
    Tail most = row.greatestTail();
    double others =
        most.unseen().isPresent()
            ? (most.unseen().getAsInt() - 1) * most.cap()
            : Double.POSITIVE_INFINITY;
    double least = Math.max(0, row.leastTail().mass() - others);
    var prob = new Interval(least, Math.min(most.cap(), most.mass()));
    Entry sampled = row.sampled();
    if (sampled != null && sampled.id() == null) {
      double itself = Math.exp(sampled.lnProb());
      prob = new Interval(Math.min(prob.low(), itself), Math.max(prob.high(), itself));
    }
    return prob.high() == 0
        ? IMPOSSIBLE
        : MeasureValue.between(
            Math.max(0, -Math.log(prob.high())), -Math.log(prob.low()), Dimension.NATS);
  }
}
