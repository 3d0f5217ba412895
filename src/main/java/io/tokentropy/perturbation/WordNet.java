package io.tokentropy.perturbation;

import io.tokentropy.perturbation.Inflection.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.IndexWord;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Pointer;
import net.sf.extjwnl.data.PointerType;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;
import org.jspecify.annotations.Nullable;

/**
 * WordNet 3.1 of Princeton, English: hypernyms, hyponyms and synonyms of a word. It is loaded by
 * the first word that is looked up and shared from then on.
 *
 * @see <a href="https://wordnet.princeton.edu">WordNet</a>
 */
public final class WordNet {
  public static final String VERSION = "3.1";

  private static final List<POS> KINDS = List.of(POS.NOUN, POS.VERB, POS.ADJECTIVE, POS.ADVERB);

  private volatile @Nullable Dictionary dictionary;

  /** Which meanings of a word count. */
  public enum Senses {
    /** The one that is used most, of whatever part of speech. */
    FIRST,
    /** All. */
    ALL;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is known of a word.
   *
   * @param substitutes as they are written in its place, none of them the word itself
   * @param uses how often the word was counted in its first meaning; few for a word that says much
   */
  record Entry(List<String> substitutes, int uses) {
    static final Entry NONE = new Entry(List.of(), 0);
  }

  /** A meaning of a word, the word that has it, and the form in which it stands in the text. */
  private record Sense(Synset synset, IndexWord lemma, Form form, int uses) {}

  /** Whether the first word has been looked up. */
  public boolean isLoaded() {
    return dictionary != null;
  }

  /** What can stand for a word of a text. */
  synchronized Entry of(Words words, int position, Senses wanted) {
    String word = words.at(position);
    if (word.length() < 2 || word.codePoints().noneMatch(Character::isLetter)) {
      return Entry.NONE;
    }
    String before = position == 0 ? "" : words.at(position - 1).toLowerCase(Locale.ROOT);
    try {
      List<Sense> senses = senses(word.toLowerCase(Locale.ROOT), before);
      if (senses.isEmpty()) {
        return Entry.NONE;
      }
      Sense first = senses.getFirst();
      for (Sense sense : senses) {
        first = sense.uses() > first.uses() ? sense : first;
      }
      boolean title = Words.isCapital(word) && !words.beginsSentence(position);
      var found = new LinkedHashMap<String, String>();
      for (Sense sense : wanted == Senses.FIRST ? List.of(first) : senses) {
        collect(sense, title, found);
      }
      found.remove(word.toLowerCase(Locale.ROOT));
      return new Entry(List.copyOf(found.values()), first.uses());
    } catch (JWNLException e) {
      throw new IllegalStateException("WordNet cannot be read", e);
    }
  }

  /** The meanings of a word: for each part of speech those of each lemma, the usual one first. */
  private List<Sense> senses(String word, String before) throws JWNLException {
    var senses = new ArrayList<Sense>();
    for (POS kind : KINDS) {
      for (IndexWord lemma : lemmas(kind, word)) {
        Form form =
            switch (kind) {
              case NOUN -> Inflection.ofNoun(word, lemma.getLemma());
              case VERB -> Inflection.ofVerb(word, lemma.getLemma(), before);
              case ADJECTIVE -> Inflection.ofAdjective(word, lemma.getLemma());
              case ADVERB -> Form.BASE;
            };
        for (Synset synset : lemma.getSenses()) {
          senses.add(new Sense(synset, lemma, form, uses(synset, lemma.getLemma())));
        }
      }
    }
    return senses;
  }

  private List<IndexWord> lemmas(POS kind, String word) throws JWNLException {
    Dictionary loaded = loaded();
    var lemmas = new ArrayList<IndexWord>();
    IndexWord exact = loaded.getIndexWord(kind, word);
    if (exact != null) {
      lemmas.add(exact);
    }
    boolean inflects = kind == POS.NOUN || kind == POS.VERB || exact == null;
    if (inflects && word.chars().allMatch(Character::isLetter)) {
      for (String base : loaded.getMorphologicalProcessor().lookupAllBaseForms(kind, word)) {
        IndexWord lemma = loaded.getIndexWord(kind, base);
        if (lemma != null && !base.equals(word)) {
          lemmas.add(lemma);
        }
      }
    }
    return lemmas;
  }

  private static int uses(Synset synset, String lemma) {
    return synset.getWords().stream()
        .filter(word -> word.getLemma().equalsIgnoreCase(lemma))
        .mapToInt(Word::getUseCount)
        .sum();
  }

  /** Substitutes by their lower case, the first spelling of each. */
  private static void collect(Sense sense, boolean title, Map<String, String> found)
      throws JWNLException {
    boolean name =
        sense.synset().getWords().stream()
            .filter(word -> word.getLemma().equalsIgnoreCase(sense.lemma().getLemma()))
            .anyMatch(word -> Words.isCapital(word.getLemma()));
    var related = new ArrayList<Synset>();
    related.addAll(targets(sense.synset(), PointerType.HYPERNYM));
    related.addAll(targets(sense.synset(), PointerType.INSTANCE_HYPERNYM));
    related.addAll(targets(sense.synset(), PointerType.HYPONYM));
    related.add(sense.synset());
    for (Synset synset : related) {
      for (Word word : synset.getWords()) {
        String lemma = word.getLemma().replace('_', ' ');
        if (!lemma.equalsIgnoreCase(sense.lemma().getLemma())) {
          String inflected = Inflection.of(lemma, sense.form());
          String written = title && !name ? Words.capitalised(inflected) : inflected;
          found.putIfAbsent(written.toLowerCase(Locale.ROOT), written);
        }
      }
    }
  }

  private static List<Synset> targets(Synset synset, PointerType type) throws JWNLException {
    var targets = new ArrayList<Synset>();
    for (Pointer pointer : synset.getPointers()) {
      if (pointer.getType() == type && !pointer.isLexical()) {
        targets.add(pointer.getTargetSynset());
      }
    }
    return targets;
  }

  private Dictionary loaded() throws JWNLException {
    Dictionary opened = dictionary;
    if (opened == null) {
      opened = Dictionary.getDefaultResourceInstance();
      dictionary = opened;
    }
    return opened;
  }
}
