package io.tokentropy.perturbation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Which words of a text it is about: of those for which something can stand, the first by a rule.
 */
public final class KeyWords {
  private KeyWords() {}

  /** Rules by which words are chosen. */
  public enum Rule {
    /** The closest to the whole text, as KeyBERT has it. */
    CLOSEST,
    /** The rarest by WordNet's counts. */
    RAREST,
    /** All of them. */
    ALL;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How many key words a text has.
   *
   * @param ratio of its words
   * @return ⌊ratio · words⌋, but at least 2
   */
  public static int count(Words words, double ratio) {
    return Math.max(2, (int) (ratio * words.size()));
  }

  /**
   * Their positions, ascending; of words that are level the first.
   *
   * @param most of them, except by {@link Rule#ALL}
   */
  public static List<Integer> of(
      Words words, Substitutes substitutes, Rule rule, int most, Closeness closeness) {
    List<Integer> positions = substitutes.positions();
    return switch (rule) {
      case ALL -> positions;
      case RAREST -> first(positions, most, Comparator.comparingInt(substitutes::uses));
      case CLOSEST -> {
        List<String> distinct =
            positions.stream().map(i -> words.at(i).toLowerCase(Locale.ROOT)).distinct().toList();
        double[] close = closeness.of(distinct);
        var byWord = new HashMap<String, Double>();
        IntStream.range(0, close.length).forEach(i -> byWord.put(distinct.get(i), close[i]));
        yield first(
            positions,
            most,
            Comparator.comparingDouble(
                i -> -Objects.requireNonNull(byWord.get(words.at(i).toLowerCase(Locale.ROOT)))));
      }
    };
  }

  private static List<Integer> first(List<Integer> positions, int most, Comparator<Integer> order) {
    return positions.stream().sorted(order).limit(most).sorted().toList();
  }
}
