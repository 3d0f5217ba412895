package io.tokentropy.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.perturbation.Inflection.Form;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InflectionTest {
  @ParameterizedTest(name = "{1} of {0} is {2}")
  @CsvSource(
      textBlock =
          """
          player,            PLURAL,      players
          city,              PLURAL,      cities
          boy,               PLURAL,      boys
          church,            PLURAL,      churches
          box,               PLURAL,      boxes
          analysis,          PLURAL,      analyses
          woman,             PLURAL,      women
          linksman,          PLURAL,      linksmen
          human,             PLURAL,      humans
          child,             PLURAL,      children
          series,            PLURAL,      series
          glasses,           PLURAL,      glasses
          virus,             PLURAL,      viruses
          golf player,       PLURAL,      golf players
          capital of Maine,  PLURAL,      capitals of Maine
          Newfoundland dog,  PLURAL,      Newfoundland dogs
          Hogan,             PLURAL,      Hogan
          take,              PAST,        took
          take,              PARTICIPLE,  taken
          take the cake,     PAST,        took the cake
          take over,         ING,         taking over
          stop,              PAST,        stopped
          stop,              ING,         stopping
          outrun,            ING,         outrunning
          outrun,            PAST,        outran
          overcome,          PAST,        overcame
          visit,             PAST,        visited
          begin,             ING,         beginning
          prefer,            PAST,        preferred
          play,              PAST,        played
          carry,             PAST,        carried
          carry,             THIRD,       carries
          go,                THIRD,       goes
          have,              THIRD,       has
          be,                PAST,        was
          fix,               THIRD,       fixes
          lie,               ING,         lying
          make,              ING,         making
          see,               ING,         seeing
          equip,             PAST,        equipped
          big,               COMPARATIVE, bigger
          large,             SUPERLATIVE, largest
          happy,             COMPARATIVE, happier
          beautiful,         SUPERLATIVE, most beautiful
          """)
  void aWordTakesTheFormOfAnother(String lemma, Form form, String expected) {
    assertThat(Inflection.of(lemma, form)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{1} {0} is the {3} of {2}")
  @CsvSource(
      textBlock =
          """
          won,      he,   win,   PAST
          won,      was,  win,   PARTICIPLE
          taken,    he,   take,  PARTICIPLE
          took,     has,  take,  PARTICIPLE
          playing,  is,   play,  ING
          plays,    he,   play,  THIRD
          play,     to,   play,  BASE
          was,      he,   be,    PAST
          """)
  void theFormOfAVerbFollowsFromItsEndingAndTheWordBefore(
      String word, String before, String lemma, Form form) {
    assertThat(Inflection.ofVerb(word, lemma, before)).isEqualTo(form);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          apple,      true
          hour,       true
          house,      false
          university, false
          uninformed, true
          umbrella,   true
          user,       false
          European,   false
          one,        false
          MP,         true
          UN,         false
          player,     false
          """)
  void theArticleGoesByTheSound(String word, boolean vowel) {
    assertThat(Inflection.soundsLikeVowel(word)).isEqualTo(vowel);
  }
}
