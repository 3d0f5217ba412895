package io.tokentropy.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceTest {
  private static final List<String> PLAIN = List.of("The", " Answer", ":", " B", ".");
  private static final List<String> THOUGHT =
      List.of("<think>", "Answer: A", "</think>", "\n\n", "Answer", ": ", "B");

  @Test
  void theFirstTokenIsThatOfTheAnswer() {
    assertThat(new Place.First().in(PLAIN)).isZero();
    assertThat(new Place.First().in(THOUGHT)).isEqualTo(4);
    assertThat(new Place.First().in(List.of("so", "</think>", "yes"))).isEqualTo(2);
  }

  @Test
  void theLastTokenIsTheLast() {
    assertThat(new Place.Last().in(THOUGHT)).isEqualTo(6);
  }

  @Test
  void aNumberCountsAllTokens() {
    assertThat(new Place.At(1).in(THOUGHT)).isEqualTo(1);
    assertThatThrownBy(() -> new Place.At(7).in(THOUGHT)).hasMessageContaining("0 to 6");
    assertThatThrownBy(() -> new Place.At(-1).in(THOUGHT)).hasMessageContaining("0 to 6");
  }

  @Test
  void aTokenAfterATextStartsAfterIt() {
    assertThat(new Place.After("Answer:").in(PLAIN)).isEqualTo(3);
    assertThat(new Place.After("Answer").in(PLAIN)).isEqualTo(2);
    assertThat(new Place.After("Ans").in(PLAIN)).isEqualTo(2);
    assertThat(new Place.After("Answer: ").in(THOUGHT)).isEqualTo(6);
  }

  @Test
  void aTextThatIsNotThereIsNamedWithWhatWasSearched() {
    assertThatThrownBy(() -> new Place.After("Verdict:").in(THOUGHT))
        .hasMessage("\"Verdict:\" is not in the answer; searched \"Answer: B\"");
    assertThatThrownBy(() -> new Place.After("B.").in(PLAIN))
        .hasMessageContaining("no token starts after");
  }

  @Test
  void thinkingWithoutAnAnswerHasNone() {
    assertThatThrownBy(() -> new Place.First().in(List.of("<think>", "so")))
        .hasMessageContaining("ends with its thinking");
  }
}
