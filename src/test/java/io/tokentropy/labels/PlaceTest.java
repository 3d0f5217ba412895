package io.tokentropy.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceTest {
  private static final List<String> PLAIN = List.of("The", " Answer", ":", " B", ".");
  private static final List<String> THOUGHT =
      List.of("<think>", "Answer: A", "</think>", "\n\n", "Answer", ": ", "B");

  private static final BitSet NONE = new BitSet();
  private static final BitSet FIRST_THREE = BitSet.valueOf(new long[] {7});

  @Test
  void theFirstTokenIsThatOfTheAnswer() {
    assertThat(new Place.First().in(PLAIN, NONE)).isZero();
    assertThat(new Place.First().in(THOUGHT, FIRST_THREE)).isEqualTo(4);
    assertThat(
            new Place.First().in(List.of("so", "</think>", "yes"), BitSet.valueOf(new long[] {3})))
        .isEqualTo(2);
  }

  @Test
  void theLastTokenIsTheLast() {
    assertThat(new Place.Last().in(THOUGHT, FIRST_THREE)).isEqualTo(6);
  }

  @Test
  void aNumberCountsAllTokens() {
    assertThat(new Place.At(1).in(THOUGHT, FIRST_THREE)).isEqualTo(1);
    assertThatThrownBy(() -> new Place.At(7).in(THOUGHT, FIRST_THREE))
        .hasMessageContaining("0 to 6");
    assertThatThrownBy(() -> new Place.At(-1).in(THOUGHT, FIRST_THREE))
        .hasMessageContaining("0 to 6");
  }

  @Test
  void aTokenAfterATextStartsAfterIt() {
    assertThat(new Place.After("Answer:").in(PLAIN, NONE)).isEqualTo(3);
    assertThat(new Place.After("Answer").in(PLAIN, NONE)).isEqualTo(2);
    assertThat(new Place.After("Ans").in(PLAIN, NONE)).isEqualTo(2);
    assertThat(new Place.After("Answer: ").in(THOUGHT, FIRST_THREE)).isEqualTo(6);
  }

  @Test
  void aTextThatIsNotThereIsNamedWithWhatWasSearched() {
    assertThatThrownBy(() -> new Place.After("Verdict:").in(THOUGHT, FIRST_THREE))
        .hasMessage("\"Verdict:\" is not in the answer; searched \"Answer: B\"");
    assertThatThrownBy(() -> new Place.After("B.").in(PLAIN, NONE))
        .hasMessageContaining("no token starts after");
  }

  @Test
  void thinkingWithoutAnAnswerHasNone() {
    assertThatThrownBy(
            () -> new Place.First().in(List.of("<think>", "so"), BitSet.valueOf(new long[] {3})))
        .hasMessageContaining("ends with its thinking");
  }
}
