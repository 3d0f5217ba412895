package io.tokentropy.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.perturbation.Gaap.Cut;
import io.tokentropy.perturbation.Gaap.Mutable;
import io.tokentropy.perturbation.KeyWords.Rule;
import io.tokentropy.perturbation.WordNet.Senses;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordNetTest {
  private static final WordNet WORD_NET = new WordNet();

  private static Substitutes substitutes(Words words, Senses senses) {
    return Substitutes.of(words, WORD_NET, senses, true);
  }

  @ParameterizedTest(name = "{1} in {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Which golfers won?            | golfers  | players, golf players, linksmen
          One golfer won.               | golfer   | player, golf player, linksman
          He won.                       | won      | triumphed, prevailed, took
          He takes it.                  | takes    | acts, moves
          They were running.            | running  | jogging, sprinting
          The largest planet.           | largest  | biggest
          It was Paris.                 | Paris    | national capital, City of Light, French capital
          He drove it quickly.          | quickly  | rapidly, apace
          The old House.                | House    | Dwelling, Cottage
          """)
  void substitutesHaveTheFormAndTheCaseOfTheirWord(String text, String word, String expected) {
    Words words = Words.of(text);
    int position =
        IntStream.range(0, words.size())
            .filter(i -> words.at(i).equals(word))
            .findFirst()
            .orElseThrow();
    assertThat(substitutes(words, Senses.FIRST).at(position)).contains(expected.split(", "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"Who is he?", "the a", "1953 3.14", "xyzzy blorb", "中文", "don't"})
  void stopWordsNumbersAndUnknownWordsHaveNone(String text) {
    assertThat(substitutes(Words.of(text), Senses.ALL).positions()).isEmpty();
  }

  @Test
  void allSensesAreMoreThanTheFirst() {
    Words words = Words.of("The king took a house");
    int first = substitutes(words, Senses.FIRST).at(1).size();
    assertThat(substitutes(words, Senses.ALL).at(1)).hasSizeGreaterThan(first);
  }

  @Test
  void noSubstituteHasAnUnderscoreOrIsTheWordItself() {
    Words words = Words.of("Which golfers won the greatest triple crown of status in horse racing");
    for (Senses senses : Senses.values()) {
      Substitutes found = substitutes(words, senses);
      for (int position : found.positions()) {
        assertThat(found.at(position))
            .noneMatch(by -> by.contains("_") || by.equalsIgnoreCase(words.at(position)));
      }
    }
  }

  @Test
  void theRarestWordsAreKeyWords() {
    Words words = Words.of("Which golfer made the first good shot at Augusta?");
    Substitutes found = substitutes(words, Senses.FIRST);
    List<Integer> keys =
        KeyWords.of(words, found, Rule.RAREST, KeyWords.count(words, 0.3), texts -> new double[0]);
    assertThat(keys.stream().map(words::at)).containsExactly("golfer", "Augusta");
    assertThat(KeyWords.of(words, found, Rule.ALL, 1, texts -> new double[0]))
        .isEqualTo(found.positions());
  }

  @Test
  void theClosestWordsAreKeyWords() {
    Words words = Words.of("Which golfer made the first good shot at Augusta?");
    Substitutes found = substitutes(words, Senses.FIRST);
    Closeness shortFirst =
        texts -> texts.stream().mapToDouble(text -> 1.0 / text.length()).toArray();
    assertThat(KeyWords.of(words, found, Rule.CLOSEST, 2, shortFirst).stream().map(words::at))
        .containsExactly("made", "shot");
  }

  /** Of one word and of 512, with the default options. */
  @Test
  void aTextMayBeOneWordOrManyHundred() {
    var settings =
        new Gaap.Settings(9, 20, 2, 20, 10, Cut.INDEX, Mutable.KEY_WORDS, 0.7, 200, true);
    String sentence = "Which golfers won the old tournament of the king near a small house";
    String[] some = sentence.split(" ");
    String text =
        IntStream.range(0, 512)
            .mapToObj(i -> some[i % some.length])
            .collect(Collectors.joining(" "));
    for (String each : List.of("golfer", text)) {
      Words words = Words.of(each);
      Substitutes found = substitutes(words, Senses.FIRST);
      List<Integer> keys =
          KeyWords.of(words, found, Rule.RAREST, KeyWords.count(words, 0.3), t -> new double[0]);
      Gaap.Result result =
          Gaap.of(words, keys, found, new Overlap(words, cosine -> (1 + cosine) / 2), settings, 11);
      assertThat(result.perturbations()).hasSize(9);
      assertThat(result.distinct()).isEqualTo(9);
      assertThat(result.perturbations())
          .noneMatch(p -> p.text().equalsIgnoreCase(each) || p.text().contains("_"));
    }
  }
}
