package io.tokentropy.score;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens of an answer are thinking, told by the tags around it.
 *
 * @param tokens those that have a part of it or of its tags
 * @param closed false if a tag is open at the end, or was closed without having been opened, as
 *     where the template opens it
 */
public record Thinking(BitSet tokens, boolean closed) {
  /** No token is. */
  public static final Thinking NONE = new Thinking(new BitSet(), true);

  /** What stands around thinking: {@code <think>} and {@code </think>}. */
  public record Tag(String open, String close) {
    private static final String BETWEEN = "...";

    /**
     * A tag as the configuration writes it: {@code <think>...</think>}.
     *
     * @throws IllegalArgumentException if it is not two texts with three dots between them
     */
    public static Tag of(String written) {
      int dots = written.indexOf(BETWEEN);
      if (dots < 1 || dots + BETWEEN.length() == written.length()) {
        throw new IllegalArgumentException(
            "found the thinking tag \"" + written + "\", expected as <think>...</think>");
      }
      return new Tag(written.substring(0, dots), written.substring(dots + BETWEEN.length()));
    }

    /** Whether the end says of what it is the end; another could end anything. */
    private boolean namesItself() {
      return close.startsWith("</") || close.startsWith("[/");
    }
  }

  /** Looks for tags in what the tokens spell. */
  public static Thinking of(List<Piece> pieces, List<Tag> tags) {
    Utf8Text text = Utf8Text.of(Piece.join(pieces));
    var inside = new BitSet(text.length());
    boolean closed = new Finder(text.text(), tags).mark(inside);
    var tokens = new BitSet(pieces.size());
    int at = 0;
    for (int i = 0; i < pieces.size(); i++) {
      int length = pieces.get(i).bytes().length;
      if (length > 0) {
        int first = text.unitAt(text.ofByte(at));
        int last = text.unitAt(text.ofByte(at + length - 1));
        int found = inside.nextSetBit(first);
        tokens.set(i, found >= 0 && found <= last);
      }
      at += length;
    }
    return new Thinking(tokens, closed);
  }

  /** Goes through a text from tag to tag. */
  private static final class Finder {
    private final String text;
    private final List<Tag> tags;
    private final int[] next;

    Finder(String text, List<Tag> tags) {
      this.text = text;
      this.tags = tags;
      this.next = new int[tags.size()];
      Arrays.fill(next, -1);
    }

    /** Marks the units of the text that are thinking; whether every tag was opened and closed. */
    boolean mark(BitSet inside) {
      Tag unopened = unopened();
      int at = 0;
      if (unopened != null) {
        at = text.indexOf(unopened.close()) + unopened.close().length();
        inside.set(0, at);
      }
      for (int tag = nearest(at); tag >= 0; tag = nearest(at)) {
        int close = text.indexOf(tags.get(tag).close(), next[tag] + tags.get(tag).open().length());
        at = close < 0 ? text.length() : close + tags.get(tag).close().length();
        inside.set(next[tag], at);
        if (close < 0) {
          return false;
        }
      }
      return unopened == null;
    }

    /** The tag that opens first from there on; −1 if none does. */
    private int nearest(int from) {
      int nearest = -1;
      for (int i = 0; i < next.length; i++) {
        if (next[i] < from && next[i] < text.length()) {
          int found = text.indexOf(tags.get(i).open(), from);
          next[i] = found < 0 ? text.length() : found;
        }
        if (next[i] < text.length() && (nearest < 0 || next[i] < next[nearest])) {
          nearest = i;
        }
      }
      return nearest;
    }

    /** A tag that is closed before it is opened. */
    private @Nullable Tag unopened() {
      for (Tag tag : tags) {
        int close = tag.namesItself() ? text.indexOf(tag.close()) : -1;
        int open = text.indexOf(tag.open());
        if (close >= 0 && (open < 0 || close < open)) {
          return tag;
        }
      }
      return null;
    }
  }
}
