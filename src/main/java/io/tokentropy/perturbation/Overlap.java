package io.tokentropy.perturbation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * How many words two texts share: the cosine of their word counts, letters of either case being
 * one. It needs no model, knows no meaning, and is the same to the bit on every machine.
 */
public final class Overlap implements Closeness {
  private final Map<String, Integer> original;
  private final double norm;
  private final DoubleUnaryOperator mapping;

  /**
   * Closeness to a text.
   *
   * @param mapping what a cosine counts for
   */
  public Overlap(Words original, DoubleUnaryOperator mapping) {
    this.original = counts(original);
    this.norm = norm(this.original);
    this.mapping = mapping;
  }

  @Override
  public double[] of(List<String> texts) {
    return texts.stream().mapToDouble(text -> mapping.applyAsDouble(cosine(text))).toArray();
  }

  private double cosine(String text) {
    Map<String, Integer> counts = counts(Words.of(text));
    if (counts.equals(original)) {
      return 1;
    }
    long dot = 0;
    for (Map.Entry<String, Integer> word : counts.entrySet()) {
      dot += (long) word.getValue() * original.getOrDefault(word.getKey(), 0);
    }
    return dot == 0 ? 0 : Math.min(1, dot / (norm * norm(counts)));
  }

  private static Map<String, Integer> counts(Words words) {
    var counts = new HashMap<String, Integer>();
    for (int i = 0; i < words.size(); i++) {
      counts.merge(words.at(i).toLowerCase(Locale.ROOT), 1, Integer::sum);
    }
    return counts;
  }

  private static double norm(Map<String, Integer> counts) {
    long squares = 0;
    for (int count : counts.values()) {
      squares += (long) count * count;
    }
    return Math.sqrt((double) squares);
  }
}
