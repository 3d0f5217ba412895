package io.tokentropy.perturbation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The forms of English words: which one a word has, and another word in the same form. Rules, with
 * the common exceptions; a rare irregular word comes out as if it were regular.
 */
final class Inflection {
  private static final Set<String> PREPOSITIONS =
      Set.of("of", "in", "for", "to", "with", "on", "at", "by", "from", "off", "up", "out");

  private static final Set<String> BEFORE_PARTICIPLES =
      Set.of(
          "have", "has", "had", "having", "be", "is", "are", "was", "were", "been", "being", "am",
          "get", "gets", "got");

  private static final Set<String> SAME_PLURAL =
      Set.of(
          "sheep",
          "deer",
          "fish",
          "salmon",
          "trout",
          "series",
          "species",
          "aircraft",
          "spacecraft",
          "offspring",
          "people",
          "police",
          "cattle",
          "headquarters",
          "means");

  private static final Map<String, String> PLURALS =
      pairs(
          """
          man men, woman women, child children, person people, foot feet, tooth teeth, goose geese, mouse mice, louse lice, ox oxen,
          life lives, knife knives, wife wives, leaf leaves, half halves, wolf wolves, shelf shelves, self selves, loaf loaves,
          thief thieves, calf calves, elf elves, hero heroes, potato potatoes, tomato tomatoes, echo echoes, veto vetoes, torpedo torpedoes,
          criterion criteria, phenomenon phenomena, datum data, bacterium bacteria, medium media, gas gases, lens lenses, bus buses,
          atlas atlases, bias biases, canvas canvases, Christmas Christmases, human humans, German Germans, Roman Romans, Norman Normans,
          shaman shamans, talisman talismans, quiz quizzes\
          """);

  /** The base, the past and the participle of verbs that do not form both with -ed. */
  private static final Map<String, String[]> VERBS =
      lists(
          """
          arise arose arisen, awake awoke awoken, be was been, bear bore born, beat beat beaten, begin began begun,
          bend bent bent, bet bet bet, bid bid bid, bind bound bound, bite bit bitten, bleed bled bled, blow blew blown, break broke broken,
          breed bred bred, bring brought brought, build built built, burst burst burst, buy bought bought, cast cast cast,
          catch caught caught, choose chose chosen, cling clung clung, come came come, cost cost cost, creep crept crept, cut cut cut,
          deal dealt dealt, dig dug dug, do did done, draw drew drawn, drink drank drunk, drive drove driven, eat ate eaten,
          fall fell fallen, feed fed fed, feel felt felt, fight fought fought, find found found, flee fled fled, fly flew flown,
          forbid forbade forbidden, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, get got got, give gave given,
          go went gone, grind ground ground, grow grew grown, hang hung hung, have had had, hear heard heard, hide hid hidden, hit hit hit,
          hold held held, hurt hurt hurt, keep kept kept, kneel knelt knelt, know knew known, lay laid laid, lead led led, leave left left,
          lend lent lent, let let let, lie lay lain, light lit lit, lose lost lost, make made made, mean meant meant, meet met met,
          pay paid paid, put put put, quit quit quit, read read read, ride rode ridden, ring rang rung, rise rose risen, run ran run,
          say said said, see saw seen, seek sought sought, sell sold sold, send sent sent, set set set, shake shook shaken,
          shed shed shed, shine shone shone, shoot shot shot, show showed shown, shrink shrank shrunk, shut shut shut, sing sang sung,
          sink sank sunk, sit sat sat, sleep slept slept, slide slid slid, speak spoke spoken, speed sped sped, spend spent spent,
          spin spun spun, split split split, spread spread spread, spring sprang sprung, stand stood stood, steal stole stolen,
          stick stuck stuck, sting stung stung, strike struck struck, string strung strung, strive strove striven, swear swore sworn,
          sweep swept swept, swim swam swum, swing swung swung, take took taken, teach taught taught, tear tore torn, tell told told,
          think thought thought, throw threw thrown, tread trod trodden, wake woke woken, wear wore worn, weave wove woven,
          weep wept wept, win won won, wind wound wound, withdraw withdrew withdrawn, write wrote written,


          uphold upheld upheld, withhold withheld withheld, withstand withstood withstood\
          """);

  private static final List<String> PREFIXES =
      List.of("out", "over", "under", "re", "un", "fore", "mis", "inter", "be");

  /** Verbs of more than one syllable that double their last letter. */
  private static final Set<String> DOUBLING =
      Set.of(
          "begin",
          "refer",
          "prefer",
          "infer",
          "confer",
          "defer",
          "transfer",
          "occur",
          "recur",
          "incur",
          "admit",
          "commit",
          "permit",
          "submit",
          "omit",
          "transmit",
          "forget",
          "forbid",
          "control",
          "patrol",
          "compel",
          "expel",
          "propel",
          "regret",
          "equip",
          "upset",
          "rebel");

  private Inflection() {}

  /** A form that a word can have. */
  enum Form {
    BASE,
    PLURAL,
    THIRD,
    ING,
    PAST,
    PARTICIPLE,
    COMPARATIVE,
    SUPERLATIVE
  }

  private static Map<String, String[]> lists(String table) {
    return Arrays.stream(table.split(","))
        .map(row -> row.strip().split("\\s+"))
        .collect(Collectors.toMap(row -> row[0], Function.identity()));
  }

  private static Map<String, String> pairs(String table) {
    return lists(table).values().stream().collect(Collectors.toMap(row -> row[0], row -> row[1]));
  }

  /** The form of a noun that is not its lemma. */
  static Form ofNoun(String word, String lemma) {
    return word.equals(lemma) ? Form.BASE : Form.PLURAL;
  }

  /**
   * The form of a verb.
   *
   * @param before the word before it, in lower case; what stands after {@code was} is no past
   */
  static Form ofVerb(String word, String lemma, String before) {
    if (word.equals(lemma)) {
      return Form.BASE;
    }
    if (word.endsWith("ing")) {
      return Form.ING;
    }
    String[] irregular = VERBS.get(lemma);
    if (irregular != null && word.equals(irregular[2]) && !word.equals(irregular[1])) {
      return Form.PARTICIPLE;
    }
    if (word.endsWith("s") && (irregular == null || !word.equals(irregular[1]))) {
      return Form.THIRD;
    }
    return BEFORE_PARTICIPLES.contains(before) ? Form.PARTICIPLE : Form.PAST;
  }

  /** The form of an adjective. */
  static Form ofAdjective(String word, String lemma) {
    return word.equals(lemma)
        ? Form.BASE
        : word.endsWith("est")
            ? Form.SUPERLATIVE
            : word.endsWith("er") ? Form.COMPARATIVE : Form.BASE;
  }

  /** A word or several in that form; a name stays as it is. */
  static String of(String lemma, Form form) {
    List<String> words = List.of(lemma.split(" "));
    int at = form == Form.PLURAL ? head(words) : 0;
    if (form == Form.BASE || Words.isCapital(words.get(at))) {
      return lemma;
    }
    String inflected = one(words.get(at), form);
    String first = String.join(" ", words.subList(0, at));
    String last = String.join(" ", words.subList(at + 1, words.size()));
    return (first + " " + inflected + " " + last).strip();
  }

  /** The word of a noun that takes the plural: before a preposition, else the last. */
  private static int head(List<String> words) {
    for (int i = 1; i < words.size(); i++) {
      if (PREPOSITIONS.contains(words.get(i))) {
        return i - 1;
      }
    }
    return words.size() - 1;
  }

  private static String one(String word, Form form) {
    return switch (form) {
      case BASE -> word;
      case PLURAL -> plural(word);
      case THIRD -> third(word);
      case ING -> ing(word);
      case PAST -> past(word, 1);
      case PARTICIPLE -> past(word, 2);
      case COMPARATIVE -> isShort(word) ? ending(word, "er") : "more " + word;
      case SUPERLATIVE -> isShort(word) ? ending(word, "est") : "most " + word;
    };
  }

  private static String plural(String word) {
    String irregular = PLURALS.get(word);
    if (irregular != null) {
      return irregular;
    }
    if (word.endsWith("man") && word.length() > 4) {
      return word.substring(0, word.length() - 2) + "en";
    }
    if (word.endsWith("is")) {
      return word.substring(0, word.length() - 2) + "es";
    }
    boolean already = word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us");
    return already || SAME_PLURAL.contains(word) ? word : withS(word);
  }

  private static String third(String word) {
    return switch (word) {
      case "be" -> "is";
      case "have" -> "has";
      default -> word.endsWith("o") && !isVowel(word, 2) ? word + "es" : withS(word);
    };
  }

  private static String withS(String word) {
    if (word.endsWith("y") && !isVowel(word, 2)) {
      return word.substring(0, word.length() - 1) + "ies";
    }
    return word.matches(".*(s|x|z|ch|sh)") ? word + "es" : word + "s";
  }

  private static String ing(String word) {
    if (word.endsWith("ie")) {
      return word.substring(0, word.length() - 2) + "ying";
    }
    if (word.endsWith("e") && word.length() > 2 && !word.matches(".*(ee|oe|ye)")) {
      return word.substring(0, word.length() - 1) + "ing";
    }
    return doubled(word) + "ing";
  }

  private static String past(String word, int column) {
    String[] irregular = VERBS.get(word);
    if (irregular != null) {
      return irregular[column];
    }
    String prefix = prefix(word);
    return prefix.isEmpty()
        ? ending(word, "ed")
        : prefix + past(word.substring(prefix.length()), column);
  }

  /** What stands before an irregular verb, as in {@code outrun}; empty if there is none. */
  private static String prefix(String word) {
    return PREFIXES.stream()
        .filter(
            prefix -> word.startsWith(prefix) && VERBS.containsKey(word.substring(prefix.length())))
        .findFirst()
        .orElse("");
  }

  /** With an ending that begins with {@code e}. */
  private static String ending(String word, String ending) {
    if (word.endsWith("e")) {
      return word + ending.substring(1);
    }
    if (word.endsWith("y") && !isVowel(word, 2)) {
      return word.substring(0, word.length() - 1) + "i" + ending;
    }
    return doubled(word) + ending;
  }

  /** With the last letter twice, as in {@code stopped}. */
  private static String doubled(String word) {
    boolean pattern =
        word.length() > 2
            && !isVowel(word, 1)
            && "wxy".indexOf(word.charAt(word.length() - 1)) < 0
            && isVowel(word, 2)
            && (word.length() == 3 || !isVowel(word, 3) || word.contains("qu"));
    return pattern
            && (vowels(word.substring(prefix(word).length())) == 1 || DOUBLING.contains(word))
        ? word + word.charAt(word.length() - 1)
        : word;
  }

  private static boolean isShort(String word) {
    int groups = vowels(word.endsWith("e") ? word.substring(0, word.length() - 1) : word);
    return groups < 2 || (groups == 2 && word.endsWith("y"));
  }

  /** Vowels in a row count once. */
  private static int vowels(String word) {
    int groups = 0;
    for (int i = 0; i < word.length(); i++) {
      boolean vowel = isVowel(word.charAt(i)) || (word.charAt(i) == 'y' && i > 0);
      boolean before = i > 0 && (isVowel(word.charAt(i - 1)) || word.charAt(i - 1) == 'y');
      groups += vowel && !before ? 1 : 0;
    }
    return groups;
  }

  /** Whether the letter at a place from the end is a vowel, the last being 1. */
  private static boolean isVowel(String word, int fromEnd) {
    return word.length() >= fromEnd && isVowel(word.charAt(word.length() - fromEnd));
  }

  private static boolean isVowel(char letter) {
    return "aeiou".indexOf(letter) >= 0;
  }

  /** Whether {@code an} goes with a word rather than {@code a}. */
  static boolean soundsLikeVowel(String word) {
    if (word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT))) {
      return "AEFHILMNORSX8".indexOf(word.charAt(0)) >= 0;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    if (lower.matches("(honest|honou?r|hour|heir).*")) {
      return true;
    }
    return lower.matches("[aeiou8].*")
        && !lower.matches("(uni([^mn]|$)|us[aeiu]|eu|ubiq|one(\\b|-)|once).*");
  }
}
