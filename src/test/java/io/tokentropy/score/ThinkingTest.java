package io.tokentropy.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkingTest {
  private static final List<Thinking.Tag> TAGS =
      Stream.of("<think>...</think>", "<|channel|>analysis<|message|>...<|end|>")
          .map(Thinking.Tag::of)
          .toList();

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          a,b                                    | {} closed
          <think>,x,</think>,b                   | {0, 1, 2} closed
          a,<th,ink>x,y</thi,nk>,b               | {1, 2, 3, 4} closed
          <think>,x                              | {0, 1} open
          x,</think>,b                           | {0, 1} open
          <think>,x,</think>,b,<think>y</think>,c | {0, 1, 2, 4} closed
          """)
  void tokensInsideTagsAreThinking(String tokens, String expected) {
    List<Piece> pieces =
        Stream.of(tokens.split(","))
            .map(text -> new Piece(text.getBytes(StandardCharsets.UTF_8), false))
            .toList();
    Thinking thinking = Thinking.of(pieces, TAGS);
    assertThat(thinking.tokens() + (thinking.closed() ? " closed" : " open")).isEqualTo(expected);
  }

  @Test
  void anEndThatCouldEndAnythingEndsNothingUnopened() {
    Piece end = new Piece("x<|end|>".getBytes(StandardCharsets.UTF_8), false);
    assertThat(Thinking.of(List.of(end), TAGS).tokens().isEmpty()).isTrue();
  }

  @Test
  void aTagIsTwoTextsWithDotsBetween() {
    for (String wrong : new String[] {"<think>", "...x", "x...", ""}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Thinking.Tag.of(wrong));
    }
  }
}
