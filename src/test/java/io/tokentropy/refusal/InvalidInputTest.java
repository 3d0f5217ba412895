package io.tokentropy.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a refusal stands, and what it keeps apart. */
class InvalidInputTest {
  @ParameterizedTest(name = "{1} under {0} is {2}")
  @CsvSource({
    "/probs/0, /3,               /probs/0/3",
    "/probs/0, '',               /probs/0",
    "'',       /alpha,           /alpha",
    "/steps/1, /steps/1/alpha,   /steps/1/alpha",
    "/steps/1, /steps/1,         /steps/1",
    "/steps/1, /steps/10/alpha,  /steps/1/steps/10/alpha",
  })
  void aRefusalStandsWhereItsInputDoesUnlessItStoodThereAlready(
      String pointer, String found, String placed) {
    assertThatThrownBy(
            () ->
                InvalidInput.under(
                    pointer,
                    () -> {
                      throw new InvalidInput.MissingInput(found, "it is missing");
                    }))
        .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.pointer()).isEqualTo(placed));
  }

  @Test
  void whatNobodyRefusesComesBack() {
    assertThat(InvalidInput.under("/x", () -> 3)).isEqualTo(3);
  }

  @Test
  void foundAndExpectedAreKeptApartWhateverTheySay() {
    var e = new InvalidInput.ParameterOutOfRange("/x", "a, expected b", "c, expected d");
    assertThat(e.found()).isEqualTo("a, expected b");
    assertThat(e.expected()).isEqualTo("c, expected d");
    assertThat(e.detail()).isEqualTo("/x: found a, expected b, expected c, expected d");
  }
}
