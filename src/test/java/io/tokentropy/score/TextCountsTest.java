package io.tokentropy.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextCountsTest {
  private static List<Piece> pieces(String... texts) {
    return Stream.of(texts)
        .map(text -> new Piece(text.getBytes(StandardCharsets.UTF_8), false))
        .toList();
  }

  @Test
  void wordsGoOnOverTokens() {
    List<Piece> pieces = pieces("The", " ca", "fé", "\n", " x");
    assertThat(TextCounts.of(pieces, i -> true, i -> false)).isEqualTo(new TextCounts(12, 11, 3));
    assertThat(TextCounts.of(pieces, i -> i > 0, i -> false)).isEqualTo(new TextCounts(9, 8, 2));
    assertThat(TextCounts.of(pieces, i -> i == 2, i -> false)).isEqualTo(new TextCounts(3, 2, 0));
  }

  @Test
  void wordsEndWhereTokensAreNoPartOfTheText() {
    List<Piece> pieces = pieces("<t>", "hm", "</t>", "Bonn", ", x");
    assertThat(TextCounts.of(pieces, i -> i > 2, i -> i < 3)).isEqualTo(new TextCounts(7, 7, 2));
    assertThat(TextCounts.of(pieces, i -> i > 2, i -> false)).isEqualTo(new TextCounts(7, 7, 1));
  }

  @Test
  void aSplitCharacterBeginsOnce() {
    List<Piece> split =
        List.of(
            new Piece(new byte[] {(byte) 0xC3}, false), new Piece(new byte[] {(byte) 0xA9}, false));
    assertThat(TextCounts.of(split, i -> true, i -> false)).isEqualTo(new TextCounts(2, 1, 1));
    assertThat(TextCounts.of(split, i -> i == 1, i -> false)).isEqualTo(new TextCounts(1, 0, 0));
  }

  @Test
  void figuresAreByWhatIsCounted() {
    var counts = new TextCounts(12, 6, 3);
    double lnProb = -12 * Math.log(2);
    assertThat(counts.bitsPerByte(lnProb)).hasValue(1);
    assertThat(counts.bitsPerCharacter(lnProb)).hasValue(2);
    assertThat(counts.perplexityPerWord(lnProb).orElseThrow()).isCloseTo(16, within(1e-12));
    assertThat(counts.perplexityPerWord(-1e6)).isEmpty();
    assertThat(new TextCounts(0, 0, 0).bitsPerByte(-1)).isEmpty();
    assertThat(new TextCounts(0, 0, 0).perplexityPerWord(-1)).isEmpty();
  }
}
