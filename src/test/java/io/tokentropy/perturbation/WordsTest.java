package io.tokentropy.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  private static List<String> words(String text) {
    Words words = Words.of(text);
    return IntStream.range(0, words.size()).mapToObj(words::at).toList();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          Who won, and when?            | Who/won/and/when
          The golfer's well-known dog   | The/golfer/well-known/dog
          It’s 3.14 in the U.S. today   | It/3.14/in/the/U.S/today
          don't "quote" (this)          | don't/quote/this
          élan vital, naïve             | élan/vital/naïve
          -- a_b ___ 's                 | a/b/s
          """)
  void aTextIsTakenApartIntoWords(String text, String expected) {
    assertThat(words(text)).isEqualTo(List.of(expected.split("/")));
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(
      strings = {"", " ", "?!", "one", " Two,  words. ", "\"A\" (b)\n\n- c's d'", "中文 texts 1.5%"})
  void whatIsNotChangedIsWrittenAsItStood(String text) {
    Words words = Words.of(text);
    assertThat(words.write(Genome.of(words))).isEqualTo(text);
  }

  /** A change is {@code word=by}, or {@code word} alone, which is left out. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          Golfers won.                 | Golfers=players    | Players won.
          golfers won.                 | Golfers            | golfers won.
          Golfers won.                 | Golfers            | Won.
          Who won? Paris did.          | Paris=city         | Who won? City did.
          Who won? Paris did.          | Paris              | Who won? Did.
          He saw Paris.                | Paris=a city       | He saw a city.
          A golfer won.                | golfer=athlete     | An athlete won.
          It was an old house.         | old                | It was a house.
          It was a house.              | house=abode        | It was an abode.
          Vitamin A helps.             | helps=aids         | Vitamin A aids.
          The dog, old, slept.         | old                | The dog, slept.
          The dog (old) slept.         | old                | The dog slept.
          He said "go" twice.          | go                 | He said twice.
          A golfer's dog.              | golfer             | A dog.
          Who won?                     | won                | Who?
          Who won, then                | then               | Who won
          WHO WON THE CUP?             | CUP=trophy         | WHO WON THE TROPHY?
          one  two three               | two                | one three
          """)
  void caseMarksAndArticlesFollowTheChange(String text, String change, String expected) {
    Words words = Words.of(text);
    String[] parts = change.split("=");
    var genes = new ArrayList<Gene>();
    for (Gene gene : Genome.of(words).genes()) {
      if (!words.at(gene.position()).equals(parts[0])) {
        genes.add(gene);
      } else if (parts.length > 1) {
        genes.add(new Gene(gene.position(), parts[1]));
      }
    }
    assertThat(words.write(new Genome(genes))).isEqualTo(expected);
  }

  @Test
  void wordsThatAreRepeatedAreApart() {
    Words words = Words.of("Who won, then?");
    assertThat(words.write(new Genome(List.of(gene(0), gene(1), gene(1), gene(2)))))
        .isEqualTo("Who won won, then?");
  }

  private static Gene gene(int position) {
    return new Gene(position, null);
  }

  @Test
  void aLongRunOfMarksOrOfPartsOfOneWordIsRead() {
    assertThat(words("a-".repeat(100_000))).hasSize(1);
    assertThat(words("'".repeat(100_000))).isEmpty();
  }
}
