package io.tokentropy.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TranscriptTest {
  private static Piece piece(String text) {
    return new Piece(text.getBytes(StandardCharsets.UTF_8), false);
  }

  private static Piece beside(String text) {
    return new Piece(text.getBytes(StandardCharsets.UTF_8), true);
  }

  private static Piece bytes(int... bytes) {
    var out = new ByteArrayOutputStream();
    Arrays.stream(bytes).forEach(out::write);
    return new Piece(out.toByteArray(), false);
  }

  private static List<Piece> pieces(String... texts) {
    return Stream.of(texts).map(TranscriptTest::piece).toList();
  }

  /** The tokens of a part, and a plus where one reaches over its end. */
  private static String part(Transcript transcript, int start, int end) {
    Transcript.Part part = transcript.part(new Span("", start, end));
    return part.tokens() + (part.partial() ? "+" : "");
  }

  @Test
  void aPartHasTheTokensThatReachIntoIt() {
    Transcript transcript = Transcript.of(pieces("ab", "cd", "ef"), null).orElseThrow();
    assertThat(part(transcript, 0, 2)).isEqualTo("[0]");
    assertThat(part(transcript, 0, 3)).isEqualTo("[0, 1]+");
    assertThat(part(transcript, 1, 3)).isEqualTo("[0, 1]+");
    assertThat(part(transcript, 2, 6)).isEqualTo("[1, 2]");
    assertThat(transcript.text(new Span("", 1, 3))).isEqualTo("bc");
  }

  @Test
  void placesAreCharactersHoweverManyBytesTheyHave() {
    Transcript transcript = Transcript.of(pieces("é", "😀", "x"), "é😀x").orElseThrow();
    assertThat(transcript.length()).isEqualTo(3);
    assertThat(part(transcript, 1, 2)).isEqualTo("[1]");
    assertThat(part(transcript, 2, 3)).isEqualTo("[2]");
    assertThat(transcript.text(new Span("", 1, 3))).isEqualTo("😀x");
    assertThat(transcript.isRealigned()).isFalse();
  }

  @Test
  void tokensMaySplitACharacter() {
    List<Piece> split = List.of(piece("a"), bytes(0xF0, 0x9F), bytes(0x98, 0x80), piece("b"));
    Transcript transcript = Transcript.of(split, "a😀b").orElseThrow();
    assertThat(transcript.isRealigned()).isFalse();
    assertThat(part(transcript, 1, 2)).isEqualTo("[1, 2]");
    assertThat(part(transcript, 2, 3)).isEqualTo("[3]");
    assertThat(Transcript.of(split, null).orElseThrow().text(new Span("", 0, 3))).isEqualTo("a😀b");
  }

  @Test
  void aCharacterThatBreaksOffIsOneForEachByte() {
    Transcript transcript =
        Transcript.of(List.of(piece("a"), bytes(0xF0, 0x9F)), null).orElseThrow();
    assertThat(transcript.length()).isEqualTo(3);
    assertThat(part(transcript, 2, 3)).isEqualTo("[1]+");
  }

  @Test
  void whatTheServerKeepsOutOfTheTextIsNoReasonToRealign() {
    Transcript transcript =
        Transcript.of(List.of(beside("think"), piece("yes"), beside("<|end|>")), "yes")
            .orElseThrow();
    assertThat(transcript.isRealigned()).isFalse();
    assertThat(part(transcript, 0, 3)).isEqualTo("[1]");
  }

  @Test
  void aCleanedTextIsAlignedAndSaysSo() {
    Transcript stripped = Transcript.of(pieces(" ", "yes", "</s>"), "yes").orElseThrow();
    assertThat(stripped.isRealigned()).isTrue();
    assertThat(part(stripped, 0, 3)).isEqualTo("[1]");
    Transcript marked = Transcript.of(pieces("\u2581the", "\u2581cat"), "the cat").orElseThrow();
    assertThat(marked.isRealigned()).isTrue();
    assertThat(part(marked, 4, 7)).isEqualTo("[1]");
    Transcript without = Transcript.of(pieces("it", " ", "'s", " so"), "it's so").orElseThrow();
    assertThat(without.isRealigned()).isTrue();
    assertThat(part(without, 2, 4)).isEqualTo("[2]");
  }

  @Test
  void replacedCharactersStandInTheGapThatTheyLeave() {
    Transcript transcript =
        Transcript.of(pieces("a", "\ufffd", "\ufffd", "b"), "a😀b").orElseThrow();
    assertThat(transcript.isRealigned()).isTrue();
    assertThat(part(transcript, 1, 2)).isEqualTo("[1, 2]");
    assertThat(part(transcript, 2, 3)).isEqualTo("[3]");
  }

  @Test
  void anotherTextIsNoTranscript() {
    assertThat(Transcript.of(pieces("a".repeat(2000)), "b".repeat(2000)))
        .isEqualTo(Optional.empty());
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** Whatever the tokens, cut anywhere in the bytes: parts that make up the text share no token. */
  @ParameterizedTest
  @MethodSource("seeds")
  void tokensOfPartsThatEndBetweenTokensAreThoseOfTheWhole(long seed) {
    var random = new Random(seed);
    var pieces = new ArrayList<Piece>();
    byte[] text = "aé€😀 b\n".repeat(1 + (int) seed % 9).getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < text.length; ) {
      int end = Math.min(text.length, at + 1 + random.nextInt(5));
      pieces.add(new Piece(Arrays.copyOfRange(text, at, end), false));
      at = end;
    }
    Transcript transcript =
        Transcript.of(pieces, new String(text, StandardCharsets.UTF_8)).orElseThrow();
    int cut = 1 + random.nextInt(transcript.length() - 1);
    Transcript.Part before = transcript.part(new Span("", 0, cut));
    Transcript.Part after = transcript.part(new Span("", cut, transcript.length()));
    assertThat(before.partial()).isEqualTo(after.partial());
    var all = new ArrayList<>(before.tokens());
    all.addAll(after.tokens());
    assertThat(all.stream().distinct().toList())
        .isEqualTo(LongStream.range(0, pieces.size()).mapToObj(i -> (int) i).toList());
    assertThat(all.size() - pieces.size()).isEqualTo(before.partial() ? 1 : 0);
  }
}
