package io.tokentropy.answers;

import io.tokentropy.similarity.Similarities;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How far the other answers agree with one of them, the one that is judged: means over the others,
 * 0 to 1.
 */
public final class Consistency {
  private Consistency() {}

  private static double mean(int n, int judged, IntToDoubleFunction agrees) {
    return IntStream.range(0, n)
        .filter(j -> j != judged)
        .mapToDouble(agrees)
        .average()
        .orElseThrow();
  }

  /** The share of the others whose text is the very same. */
  public static double exactMatch(List<String> texts, int judged) {
    return mean(texts.size(), judged, j -> texts.get(j).equals(texts.get(judged)) ? 1 : 0);
  }

  /** The mean likeness. */
  public static double likeness(Similarities similarities, int judged) {
    double[] row = similarities.row(judged);
    return mean(row.length, judged, j -> row[j]);
  }

  /** The mean probability of entailment, of both directions. */
  public static double entailment(Entailments pairs, int judged) {
    return mean(pairs.size(), judged, j -> (pairs.entail(judged, j) + pairs.entail(j, judged)) / 2);
  }

  /** The mean probability that neither contradicts the other: 1 less that of both directions. */
  public static double nonContradiction(Entailments pairs, int judged) {
    return mean(
        pairs.size(), judged, j -> 1 - (pairs.contra(judged, j) + pairs.contra(j, judged)) / 2);
  }
}
