package io.tokentropy.endpoint.perturbation;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.perturbation.Closeness;
import io.tokentropy.perturbation.Gaap;
import io.tokentropy.perturbation.KeyWords;
import io.tokentropy.perturbation.Overlap;
import io.tokentropy.perturbation.Substitutes;
import io.tokentropy.perturbation.WordNet;
import io.tokentropy.perturbation.Words;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Perturbs texts by what the service has: WordNet, and what embeds texts. */
public final class Perturber {
  /** About what it takes to look up a word, write one of a perturbed text, and load WordNet. */
  private static final long LOOK_UP = 500_000;

  private static final long WRITE = 500;
  private static final long LOAD = 2_000_000_000;

  private final WordNet wordNet = new WordNet();
  private final Workers workers;
  private final Optional<Embedder> embedder;

  /**
   * A perturber.
   *
   * @param embedder of texts; empty if texts are not embedded
   */
  public Perturber(Workers workers, Optional<Embedder> embedder) {
    this.workers = workers;
    this.embedder = embedder;
  }

  Optional<Embedder> embedder() {
    return embedder;
  }

  /**
   * What came of a text.
   *
   * @param foundLong whether a text was not embedded whole
   */
  public record Perturbed(Words words, List<Integer> keys, Gaap.Result result, boolean foundLong) {}

  /** About what it takes. */
  public Cost cost(Words words, GaapOptions options) {
    long texts = options.settings().texts();
    long characters = words.text().length();
    long operations = texts * words.size() * WRITE;
    if (options.map() == null) {
      operations += words.size() * LOOK_UP + (wordNet.isLoaded() ? 0 : LOAD);
    }
    if (options.measure() == Measure.BUILTIN) {
      operations += (texts + 2) * characters * EmbeddedCloseness.CHARACTER;
    }
    return Cost.of(operations, texts * (2 * characters + 8L * words.size() + 128));
  }

  /**
   * Perturbs a text.
   *
   * @param textAt where it stands, for a refusal
   */
  public Perturbed of(Words words, String textAt, GaapOptions options) {
    Map<String, List<String>> map = options.map();
    Substitutes substitutes =
        map == null
            ? Substitutes.of(words, wordNet, options.senses(), options.deletion())
            : Substitutes.of(words, map, options.deletion());
    if (substitutes.positions().isEmpty()) {
      throw new InvalidInput.ParameterOutOfRange(
              textAt,
              "a text without a word for which something can stand",
              map == null
                  ? "an English one, with a noun, verb, adjective or adverb that WordNet knows"
                  : "one with words of the map")
          .withHint(
              map == null
                  ? "Send a map from words of the text to what can stand for them."
                  : "The keys of the map are words as they stand in the text.");
    }
    if (options.measure() == Measure.OVERLAP) {
      var overlap = new Overlap(words, options.mapping()::of);
      List<Integer> keys = keys(words, substitutes, options, overlap);
      return new Perturbed(
          words, keys, bred(words, textAt, keys, substitutes, overlap, options), false);
    }
    var embedded =
        new EmbeddedCloseness(
            embedder.orElseThrow(),
            workers,
            options.mapping(),
            options.longTexts(),
            words.text(),
            textAt);
    List<Integer> keys = keys(words, substitutes, options, embedded);
    Gaap.Result result = bred(words, textAt, keys, substitutes, embedded, options);
    return new Perturbed(words, keys, result, embedded.foundLong());
  }

  private static Gaap.Result bred(
      Words words,
      String textAt,
      List<Integer> keys,
      Substitutes substitutes,
      Closeness closeness,
      GaapOptions options) {
    return InvalidInput.under(
        textAt,
        () -> Gaap.of(words, keys, substitutes, closeness, options.settings(), options.seed()));
  }

  private static List<Integer> keys(
      Words words, Substitutes substitutes, GaapOptions options, Closeness closeness) {
    List<String> named = options.keyWords();
    if (named == null) {
      return KeyWords.of(
          words, substitutes, options.rule(), KeyWords.count(words, options.ratio()), closeness);
    }
    var keys = new TreeSet<Integer>();
    for (int k = 0; k < named.size(); k++) {
      String word = named.get(k);
      List<Integer> found =
          substitutes.positions().stream().filter(i -> words.at(i).equalsIgnoreCase(word)).toList();
      if (found.isEmpty()) {
        throw new InvalidInput.ParameterOutOfRange(
            options.at() + "/key_words/" + k,
            "a word for which nothing can stand, or that the text lacks",
            "a word of the text that has substitutes");
      }
      keys.addAll(found);
    }
    return List.copyOf(keys);
  }
}
