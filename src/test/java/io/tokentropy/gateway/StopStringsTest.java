package io.tokentropy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.gateway.engine.Step;
import io.tokentropy.switching.Model;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that end an answer, and what may be told of it before that is known. */
class StopStringsTest {
  private static Step step(byte[] bytes) {
    return new Step(List.of(1), bytes, true, false, "", OptionalDouble.empty(), null);
  }

  /** What a client was told after each step, and at the end. */
  private static List<String> told(List<byte[]> steps, List<String> stops) {
    var strings = new StopStrings(stops);
    var holdback = new Holdback();
    var told = new ArrayList<String>();
    var text = new StringBuilder();
    StopStrings.Found found = strings.start();
    int pieces = 0;
    int given = 0;
    for (byte[] bytes : steps) {
      found = strings.after(found, bytes);
      given++;
      for (Piece piece : holdback.add(step(bytes), Model.SMALL, found)) {
        text.append(piece.text());
        pieces++;
      }
      told.add(text.toString());
      if (found.isComplete()) {
        break;
      }
    }
    for (Piece piece : holdback.end()) {
      text.append(piece.text());
      pieces++;
    }
    told.add(text.append(holdback.tail()).toString());
    assertThat(pieces).as("every step is told once").isEqualTo(given);
    return told;
  }

  private static List<byte[]> steps(String text) {
    return Arrays.stream(text.split("\\|"))
        .map(part -> part.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    // steps by |, stops by /, told after each step by |, the end last
    "'a|b|c', 'x', 'a|ab|abc|abc'",
    "'a|b|c', 'b', 'a|a|a'",
    "'ab|cd|e', 'bc', '|a|a'",
    "'ab|cx|e', 'bc ', '|abcx|abcxe|abcxe'",
    "'x|y', 'x', '|'",
    "'a|x', 'x', 'a|a|a'",
    "'a|b|c|d', 'bcd/bc', 'a|a|a|a'",
    "'a|b|c|d', 'bc/abcd', '||a|a'",
    "'a|bcd', 'bcd/cd', 'a|a|a'",
    "'a|a|b', 'aab', '|||'",
    "'aaa|b', 'aab', '|a|a'",
    "'n€|end', '€e', '|n|n'",
    "'hello wor|ld', 'world', '|hello |hello '",
    "'a|b', 'bc', 'a|a|ab'",
  })
  void nothingOfAStopIsTold(String steps, String stops, String told) {
    assertThat(told(steps(steps), List.of(stops.split("/"))))
        .isEqualTo(List.of(told.split("\\|", -1)));
  }

  @Test
  void halfACharacterWaitsForItsRest() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    var steps =
        List.of(
            "a".getBytes(StandardCharsets.UTF_8),
            Arrays.copyOf(euro, 1),
            Arrays.copyOfRange(euro, 1, 3));
    assertThat(told(steps, List.of())).containsExactly("a", "a", "a€", "a€");
    assertThat(told(steps, List.of("€"))).containsExactly("a", "a", "a", "a");
    assertThat(told(steps.subList(0, 2), List.of())).containsExactly("a", "a", "a\ufffd");
  }

  static LongStream seeds() {
    return LongStream.range(0, 3000);
  }

  /**
   * Against a search in the whole text: the stop that is complete first, the longest of several.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void theFirstStopEndsTheAnswer(long seed) {
    var random = new SplittableRandom(seed);
    var stops = new ArrayList<String>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      stops.add(word(random, 1 + random.nextInt(5)));
    }
    var steps = new ArrayList<byte[]>();
    for (int i = random.nextInt(20); i > 0; i--) {
      steps.add(word(random, random.nextInt(4)).getBytes(StandardCharsets.UTF_8));
    }
    var whole = new StringBuilder();
    steps.forEach(bytes -> whole.append(new String(bytes, StandardCharsets.UTF_8)));
    String expected = whole.toString();
    for (int end = 1; end <= whole.length(); end++) {
      String shortest = null;
      for (String stop : stops) {
        String before = whole.substring(0, end);
        if (before.endsWith(stop)) {
          String shown = before.substring(0, end - stop.length());
          shortest = shortest == null || shown.length() < shortest.length() ? shown : shortest;
        }
      }
      if (shortest != null) {
        expected = shortest;
        break;
      }
    }
    List<String> told = told(steps, stops);
    assertThat(told.getLast()).isEqualTo(expected);
    String end = expected;
    assertThat(told).allMatch(end::startsWith);
  }

  private static String word(SplittableRandom random, int length) {
    var word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append("abé".charAt(random.nextInt(3)));
    }
    return word.toString();
  }
}
