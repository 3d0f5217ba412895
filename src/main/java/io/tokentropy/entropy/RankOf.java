package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rank of given tokens: 1 is the most probable; equal probabilities go by id. A token outside a
 * list of the best k has a range.
 *
 * @param ids token ids, at least one
 */
public record RankOf(List<Integer> ids) implements Measure {
  static final String NAME = "rank_of";

  public RankOf {
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
      case Distribution full -> of(full);
      case PartialDistribution partial -> of(partial);
      case Summary summary -> summary.best() == null ? Known.ONLY_A_SUMMARY : of(summary.best());
    };
  }

  /**
   * One pass: a token stands before all targets that come after it in the ranking. Adding 0.0 makes
   * one zero of two, which a comparator tells apart.
   */
  private MeasureValue of(Distribution row) {
    Comparator<Integer> ranking =
        Comparator.<Integer>comparingDouble(id -> row.score(id) + 0.0)
            .reversed()
            .thenComparingInt(id -> id);
    Integer[] targets = ids.stream().distinct().sorted(ranking).toArray(Integer[]::new);
    var before = new int[targets.length + 1];
    for (int id = 0; id < row.size(); id++) {
      int position = Arrays.binarySearch(targets, id, ranking);
      before[position >= 0 ? position + 1 : -position - 1]++;
    }
    Map<Integer, Integer> ranks = new HashMap<>();
    int rank = 1;
    for (int i = 0; i < targets.length; i++) {
      rank += before[i];
      ranks.put(targets[i], rank);
    }
    return new MeasureValue.Series(ids.stream().map(id -> of(ranks.getOrDefault(id, 0))).toList());
  }

  private static MeasureValue of(int rank) {
    return new MeasureValue.Exact(rank, Dimension.COUNT);
  }

  private MeasureValue of(PartialDistribution row) {
    if (!TokenIds.allNamed(row)) {
      return TokenIds.NO_IDS;
    }
    Map<Integer, Integer> positions = TokenIds.positions(row);
    double first = row.best().size() + 1;
    double last =
        row.vocabSize().isPresent() ? row.vocabSize().getAsInt() : Double.POSITIVE_INFINITY;
    MeasureValue unlisted = MeasureValue.between(first, last, Dimension.COUNT);
    return new MeasureValue.Series(
        ids.stream()
            .map(
                id -> {
                  Integer position = positions.get(id);
                  return position == null ? unlisted : of(position + 1);
                })
            .toList());
  }
}
