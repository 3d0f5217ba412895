package io.tokentropy.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AlignmentTest {
  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          abc     | abc   | 0 1 2
          xabcx   | abc   | - 0 1 2 -
          abab    | ab    | - - 0 1
          bc      | abcbc | 3 4
          abcd    | acd   | 0 - 1 2
          acd     | abcd  | 0 2 3
          axc     | abc   | 0 - 2
          """)
  void theFewestBytesAreLeftOutOrPutIn(String tokens, String text, String expected) {
    assertThat(placed(tokens, text)).isEqualTo(expected);
  }

  private static String placed(String a, String b) {
    var words = new StringBuilder();
    for (int place : Alignment.places(bytes(a), bytes(b))) {
      words.append(place < 0 ? "- " : place + " ");
    }
    return words.toString().strip();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anotherTextIsNotAligned() {
    assertThat(Alignment.places(bytes("a".repeat(600)), bytes("b".repeat(600)))).isNull();
    assertThat(Alignment.places(bytes("a".repeat(600)), bytes("b"))).isNull();
    assertThat(Alignment.places(bytes("x" + "a".repeat(600)), bytes("y" + "a".repeat(600))))
        .hasSize(601);
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void placesRiseAndAreAsManyAsTheLongestCommonSubsequence(long seed) {
    var random = new Random(seed);
    byte[] a = word(random, 1 + (int) seed / 10);
    byte[] b = word(random, 1 + (int) seed / 10);
    int[] places = Alignment.places(a, b);
    int last = -1;
    int common = 0;
    for (int i = 0; i < a.length; i++) {
      if (places[i] >= 0) {
        assertThat(places[i]).isGreaterThan(last);
        assertThat(b[places[i]]).isEqualTo(a[i]);
        last = places[i];
        common++;
      }
    }
    assertThat(common).isEqualTo(longestCommon(a, b));
  }

  private static byte[] word(Random random, int longest) {
    var word = new byte[1 + random.nextInt(longest)];
    for (int i = 0; i < word.length; i++) {
      word[i] = (byte) ('a' + random.nextInt(3));
    }
    return word;
  }

  private static int longestCommon(byte[] a, byte[] b) {
    var common = new int[a.length + 1][b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        common[i][j] =
            a[i - 1] == b[j - 1]
                ? common[i - 1][j - 1] + 1
                : Math.max(common[i - 1][j], common[i][j - 1]);
      }
    }
    return common[a.length][b.length];
  }
}
