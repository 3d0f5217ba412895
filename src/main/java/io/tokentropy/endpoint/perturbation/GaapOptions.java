package io.tokentropy.endpoint.perturbation;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.perturbation.Gaap;
import io.tokentropy.perturbation.KeyWords;
import io.tokentropy.perturbation.WordNet;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a text is perturbed: every option of {@code /v1/perturbations} but the text.
 *
 * @param map from words to what can stand for them; null where WordNet says it
 * @param deletion whether a word may be left out
 * @param keyWords that the caller names; null where {@code rule} chooses
 * @param ratio of the words of the text that are key words
 * @param at where the options stand
 */
public record GaapOptions(
    Gaap.Settings settings,
    long seed,
    @Nullable Map<String, List<String>> map,
    WordNet.Senses senses,
    boolean deletion,
    @Nullable List<String> keyWords,
    KeyWords.Rule rule,
    double ratio,
    Measure measure,
    Similarities.Mapping mapping,
    LongTexts longTexts,
    String at) {

  /** Characters of one substitute. */
  private static final int SUBSTITUTE = 100;

  /** Whose substitutes are taken. */
  private enum Source {
    WORDNET,
    CALLER;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The one way of perturbing there is. */
  private enum Way {
    GAAP;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads them; refuses what is out of range, or more than one call may ask for. */
  public static GaapOptions read(
      Fields fields, PerturbationLimits limits, Optional<Embedder> embedder) {
    fields.word("method", Way.GAAP, Way::wire);
    Value map = fields.get("map");
    Source source =
        fields.word("substitutes", map == null ? Source.WORDNET : Source.CALLER, Source::wire);
    if (map == null && source == Source.CALLER) {
      throw new InvalidInput.MissingInput(
          fields.pointer(), "map is missing; substitutes is caller");
    }
    if (map != null && source == Source.WORDNET) {
      throw new InvalidInput.ConflictingInputs(
          map.pointer(), "map stands beside substitutes: wordnet; expected one of them");
    }
    Measure measure = measure(fields, embedder);
    Value seed = fields.get("seed");
    var options =
        new GaapOptions(
            settings(fields, limits),
            seed == null ? 0 : seed.asLong(),
            map == null ? null : map(map, limits),
            fields.word("senses", WordNet.Senses.FIRST, WordNet.Senses::wire),
            fields.flag("deletion", true),
            keyWords(fields, limits),
            rule(fields, source, measure),
            share(fields, "key_ratio", 0.3),
            measure,
            fields.word("mapping", Similarities.Mapping.SHIFTED, Similarities.Mapping::wire),
            longTexts(fields, embedder, measure),
            fields.pointer());
    if (measure != Measure.OVERLAP) {
      limits.embeddings().require(fields.pointer(), options.settings().texts());
    }
    return options;
  }

  private static Gaap.Settings settings(Fields fields, PerturbationLimits limits) {
    var settings =
        new Gaap.Settings(
            atLeast(fields, "count", 9, 1),
            atLeast(fields, "generations", 20, 0),
            atLeast(fields, "interval", 2, 1),
            atLeast(fields, "parents", 20, 1),
            atLeast(fields, "pairs", 10, 1),
            fields.word("crossover", Gaap.Cut.INDEX, Gaap.Cut::wire),
            fields.word("mutation", Gaap.Mutable.KEY_WORDS, Gaap.Mutable::wire),
            share(fields, "delta", 0.7),
            atLeast(fields, "population_limit", 200, 1),
            fields.flag("fill", true));
    limits.generations().require(fields.pointer("generations"), settings.generations());
    limits.population().require(fields.pointer("count"), settings.count());
    limits.population().require(fields.pointer("population_limit"), settings.populationLimit());
    limits.population().require(fields.pointer("parents"), settings.parents());
    limits.population().require(fields.pointer("pairs"), settings.generationSize());
    return settings;
  }

  private static int atLeast(Fields fields, String name, int absent, int least) {
    int number = fields.integer(name, absent);
    if (number < least) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer(name), number, "at least " + least);
    }
    return number;
  }

  private static double share(Fields fields, String name, double absent) {
    double number = fields.number(name, absent);
    if (!(number >= 0 && number <= 1)) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer(name), number, "0 to 1");
    }
    return number;
  }

  private static KeyWords.Rule rule(Fields fields, Source source, Measure measure) {
    KeyWords.Rule usual =
        source == Source.CALLER
            ? KeyWords.Rule.ALL
            : measure == Measure.OVERLAP ? KeyWords.Rule.RAREST : KeyWords.Rule.CLOSEST;
    KeyWords.Rule rule = fields.word("key_rule", usual, KeyWords.Rule::wire);
    if (rule == KeyWords.Rule.CLOSEST && measure == Measure.OVERLAP) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("key_rule"),
          rule.wire(),
          "rarest or all, as without a model every word is as close to the text as any other");
    }
    if (rule == KeyWords.Rule.RAREST && source == Source.CALLER) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("key_rule"), rule.wire(), "all or closest, as a map counts no words");
    }
    return rule;
  }

  private static @Nullable List<String> keyWords(Fields fields, PerturbationLimits limits) {
    Value value = fields.get("key_words");
    if (value == null) {
      return null;
    }
    List<String> words = value.asList().stream().map(Value::asText).toList();
    limits.words().require(value.pointer(), words.size());
    if (words.isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected words");
    }
    return words;
  }

  private static Map<String, List<String>> map(Value value, PerturbationLimits limits) {
    if (!(value instanceof Value.Obj(String pointer, Map<String, Value> entries))) {
      throw value.wrongType("an object from words to lists of what can stand for them");
    }
    var map = new LinkedHashMap<String, List<String>>();
    for (Map.Entry<String, Value> entry : entries.entrySet()) {
      List<Value> list = entry.getValue().asList();
      limits.population().require(entry.getValue().pointer(), list.size());
      var substitutes = new ArrayList<String>(list.size());
      for (Value substitute : list) {
        String text = substitute.asText();
        if (text.isBlank() || text.length() > SUBSTITUTE) {
          throw new InvalidInput.ParameterOutOfRange(
              substitute.pointer(),
              text.isBlank() ? "an empty text" : "a text of " + text.length() + " characters",
              "a word or several, of at most "
                  + SUBSTITUTE
                  + " characters; deletion leaves it out");
        }
        substitutes.add(text);
      }
      map.put(entry.getKey(), substitutes);
    }
    return map;
  }

  private static Measure measure(Fields fields, Optional<Embedder> embedder) {
    Measure here =
        embedder
            .map(model -> model.waits() ? Measure.SERVER : Measure.BUILTIN)
            .orElse(Measure.OVERLAP);
    Measure measure = fields.word("similarity", here, Measure::wire);
    if (measure != Measure.OVERLAP && measure != here) {
      throw new InvalidInput.ParameterOutOfRange(
              fields.pointer("similarity"),
              measure.wire(),
              here == Measure.OVERLAP ? "overlap" : here.wire() + " or overlap")
          .withHint("What embeds texts is set by TOKENTROPY_EMBEDDINGS_BACKEND.");
    }
    return measure;
  }

  private static LongTexts longTexts(Fields fields, Optional<Embedder> embedder, Measure measure) {
    LongTexts longTexts = fields.word("long_texts", LongTexts.REFUSE, LongTexts::wire);
    boolean counted = measure != Measure.OVERLAP && embedder.orElseThrow().countsPieces();
    if (longTexts != LongTexts.REFUSE && !counted) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("long_texts"),
          longTexts.wire(),
          "refuse: only the model in this process knows which texts are long to it");
    }
    return longTexts;
  }
}
