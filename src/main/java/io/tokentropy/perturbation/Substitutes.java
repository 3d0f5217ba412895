package io.tokentropy.perturbation;

import io.tokentropy.perturbation.WordNet.Senses;
import io.tokentropy.refusal.Wanted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What can stand for each word of a text. */
public final class Substitutes {
  private final List<List<String>> byPosition;
  private final int[] uses;
  private final boolean deletion;

  private Substitutes(List<List<String>> byPosition, int[] uses, boolean deletion) {
    this.byPosition = byPosition;
    this.uses = uses;
    this.deletion = deletion;
  }

  /**
   * Hypernyms, hyponyms and synonyms from WordNet, in the form of the word that they stand for;
   * none for stop words and for words that WordNet does not know.
   *
   * @param deletion whether a word may also be left out
   */
  public static Substitutes of(Words words, WordNet wordNet, Senses senses, boolean deletion) {
    var byPosition = new ArrayList<List<String>>();
    var uses = new int[words.size()];
    for (int i = 0; i < uses.length; i++) {
      Wanted.orStop();
      WordNet.Entry entry =
          StopWords.has(words.at(i)) ? WordNet.Entry.NONE : wordNet.of(words, i, senses);
      byPosition.add(entry.substitutes());
      uses[i] = entry.uses();
    }
    return new Substitutes(byPosition, uses, deletion);
  }

  /**
   * Those of a map from words, in either case, to what can stand for them; written as they stand
   * there, but for underscores, which become spaces.
   *
   * @param deletion whether a word may also be left out
   */
  public static Substitutes of(Words words, Map<String, List<String>> map, boolean deletion) {
    var lower = new LinkedHashMap<String, List<String>>();
    map.forEach((word, list) -> lower.putIfAbsent(word.toLowerCase(Locale.ROOT), list));
    List<List<String>> byPosition =
        IntStream.range(0, words.size())
            .mapToObj(
                i -> {
                  String word = words.at(i);
                  List<String> exact = map.get(word);
                  List<String> list = lower.getOrDefault(word.toLowerCase(Locale.ROOT), List.of());
                  return exact == null
                      ? written(list, word, Words.isCapital(word))
                      : written(exact, word, false);
                })
            .toList();
    return new Substitutes(byPosition, new int[words.size()], deletion);
  }

  /** Without the word itself, blanks, and what stands there twice. */
  private static List<String> written(List<String> list, String word, boolean capital) {
    var found = new LinkedHashMap<String, String>();
    for (String substitute : list) {
      String plain = substitute.replace('_', ' ').strip();
      if (!plain.isEmpty()) {
        found.putIfAbsent(
            plain.toLowerCase(Locale.ROOT), capital ? Words.capitalised(plain) : plain);
      }
    }
    found.remove(word.toLowerCase(Locale.ROOT));
    return List.copyOf(found.values());
  }

  /** What can stand for the word there, beside nothing at all. */
  List<String> at(int position) {
    return byPosition.get(position);
  }

  /** How often WordNet counted the word there; 0 without WordNet. */
  int uses(int position) {
    return uses[position];
  }

  boolean deletion() {
    return deletion;
  }

  /** The positions of words for which something can stand. */
  public List<Integer> positions() {
    return IntStream.range(0, byPosition.size())
        .filter(i -> !byPosition.get(i).isEmpty())
        .boxed()
        .toList();
  }
}
