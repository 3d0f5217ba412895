package io.tokentropy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinesTest {
  private static List<String> feed(Lines lines, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return lines.accept(bytes, bytes.length);
  }

  @Test
  void aLineComesOutWithTheFirstByteOfItsEnd() {
    var lines = new Lines();
    assertThat(feed(lines, "da")).isEmpty();
    assertThat(feed(lines, "ta\r")).containsExactly("data");
    assertThat(feed(lines, "\n\n")).containsExactly("");
    assertThat(feed(lines, "a\r\rb\nc")).containsExactly("a", "", "b");
    assertThat(lines.end()).containsExactly("c");
    assertThat(lines.end()).isEmpty();
  }

  @Test
  void theEndIsNoLineOfItsOwn() {
    var lines = new Lines();
    assertThat(feed(lines, "a\n")).containsExactly("a");
    assertThat(lines.end()).isEmpty();
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bytesCutAnywhereAreTheLinesOfTheText(long seed) {
    var random = new SplittableRandom(seed);
    String[] parts = {"a", "é", "語", "😀", "\n", "\r", "\r\n", " ", "\u2028", "\0"};
    var text = new StringBuilder();
    for (long i = 0; i < seed / 4; i++) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    assertThat(cut(text.toString(), random)).isEqualTo(text.toString().lines().toList());
  }

  private static List<String> cut(String text, SplittableRandom random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var lines = new Lines();
    var found = new ArrayList<String>();
    int start = 0;
    while (start < bytes.length) {
      int length = Math.min(random.nextInt(6), bytes.length - start);
      found.addAll(lines.accept(Arrays.copyOfRange(bytes, start, bytes.length), length));
      start += length;
    }
    found.addAll(lines.end());
    return found;
  }
}
