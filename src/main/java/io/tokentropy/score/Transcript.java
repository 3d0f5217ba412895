package io.tokentropy.score;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The text of an answer, and where in it each of its tokens stands. Tokens are placed by their
 * bytes, so one that holds half a character has half of it. Places are characters (code points).
 */
public final class Transcript {
  private final Utf8Text text;
  private final int[] from;
  private final int[] to;
  private final boolean realigned;

  private Transcript(Utf8Text text, int[] from, int[] to, boolean realigned) {
    this.text = text;
    this.from = from;
    this.to = to;
    this.realigned = realigned;
  }

  /**
   * What tokens have of a part of a text.
   *
   * @param tokens those that reach into it, in order
   * @param partial whether one of them reaches over an end of it
   */
  public record Part(List<Integer> tokens, boolean partial) {
    public Part {
      tokens = List.copyOf(tokens);
    }
  }

  /**
   * Places tokens in a text. Where they do not spell it, because the server cleaned it, they are
   * aligned by their bytes.
   *
   * @param answer as the server wrote it; null for what the tokens spell
   * @return empty if tokens and text are too different for that
   */
  public static Optional<Transcript> of(List<Piece> pieces, @Nullable String answer) {
    if (answer == null) {
      return Optional.of(spelled(pieces, Utf8Text.of(Piece.join(pieces)), false));
    }
    Utf8Text text = Utf8Text.of(answer);
    for (boolean withBeside : new boolean[] {true, false}) {
      List<Piece> said = withBeside ? pieces : pieces.stream().map(Transcript::inText).toList();
      if (Arrays.equals(Piece.join(said), text.bytes())) {
        return Optional.of(spelled(said, text, false));
      }
    }
    return Optional.ofNullable(aligned(pieces, text))
        .or(
            () ->
                Optional.ofNullable(
                    aligned(pieces.stream().map(Transcript::unmarked).toList(), text)));
  }

  private static Piece inText(Piece piece) {
    return piece.isBeside() ? new Piece(new byte[0], true) : piece;
  }

  /** With the marks that vocabularies have for white space taken for what they mean. */
  private static Piece unmarked(Piece piece) {
    String text = new String(piece.bytes(), StandardCharsets.UTF_8);
    String plain = text.replace('\u2581', ' ').replace('\u0120', ' ').replace('\u010A', '\n');
    return plain.equals(text)
        ? piece
        : new Piece(plain.getBytes(StandardCharsets.UTF_8), piece.isBeside());
  }

  private static Transcript spelled(List<Piece> pieces, Utf8Text text, boolean realigned) {
    var from = new int[pieces.size()];
    var to = new int[pieces.size()];
    int at = 0;
    for (int i = 0; i < from.length; i++) {
      from[i] = at;
      at += pieces.get(i).bytes().length;
      to[i] = at;
    }
    return new Transcript(text, from, to, realigned);
  }

  private static @Nullable Transcript aligned(List<Piece> pieces, Utf8Text text) {
    int[] places = Alignment.places(Piece.join(pieces), text.bytes());
    if (places == null) {
      return null;
    }
    Transcript spelled = spelled(pieces, text, true);
    int end = 0;
    for (int i = 0; i < pieces.size(); i++) {
      int first = -1;
      int last = -1;
      for (int b = spelled.from[i]; b < spelled.to[i]; b++) {
        first = first < 0 ? places[b] : first;
        last = Math.max(last, places[b]);
      }
      spelled.from[i] = first;
      spelled.to[i] = last + 1;
      end = Math.max(end, last + 1);
    }
    spelled.fillGaps();
    return spelled;
  }

  /** A token of which nothing was found stands for what the tokens around it leave open. */
  private void fillGaps() {
    int next = text.bytes().length;
    for (int i = from.length - 1; i >= 0; i--) {
      if (from[i] >= 0) {
        next = from[i];
      } else {
        to[i] = next;
      }
    }
    int end = 0;
    for (int i = 0; i < from.length; i++) {
      if (from[i] < 0) {
        from[i] = end;
      } else {
        end = to[i];
      }
    }
  }

  /** Whether the tokens do not spell the text, so that their places are those of an alignment. */
  public boolean isRealigned() {
    return realigned;
  }

  /** How many characters the text has. */
  public int length() {
    return text.length();
  }

  /** What stands there. */
  public String text(Span span) {
    return text.part(span.start(), span.end());
  }

  /** The tokens that reach into a part of the text. */
  public Part part(Span span) {
    int start = text.byteAt(span.start());
    int end = text.byteAt(span.end());
    var tokens = new ArrayList<Integer>();
    boolean partial = false;
    for (int i = 0; i < from.length; i++) {
      if (from[i] < end && to[i] > start && to[i] > from[i]) {
        tokens.add(i);
        partial |= from[i] < start || to[i] > end;
      }
    }
    return new Part(tokens, partial);
  }

  /**
   * Where something is looked for.
   *
   * @param hidden tokens whose text nothing is found in
   */
  public Search search(IntPredicate hidden) {
    char[] units = text.text().toCharArray();
    for (int i = 0; i < from.length; i++) {
      if (hidden.test(i)) {
        int start = text.unitAt(text.ofByte(from[i]));
        Arrays.fill(units, start, Math.max(start, text.unitAt(text.ofByte(to[i]))), Search.HIDDEN);
      }
    }
    return new Search(text, new String(units));
  }
}
