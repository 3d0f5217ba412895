package io.tokentropy.score;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of tokens stand in a text that they do not quite spell: the alignment with the
 * fewest bytes left out or put in (Myers).
 *
 * @see <a href="https://doi.org/10.1007/BF01840446">An O(ND) Difference Algorithm and Its
 *     Variations</a>
 */
final class Alignment {
  /** More bytes than these may not differ: what differs more is another text. */
  static final int MOST_EDITS = 512;

  private final byte[] a;
  private final byte[] b;

  /**
   * Of each number of edits d, by diagonal k from −d to d, the bytes of {@code a} that are done.
   */
  private final int[][] rounds = new int[MOST_EDITS + 1][];

  private Alignment(byte[] a, byte[] b) {
    this.a = a;
    this.b = b;
  }

  /**
   * The place in {@code b} of each byte of {@code a}; −1 where it is left out.
   *
   * @return null if more than {@link #MOST_EDITS} bytes differ
   */
  static int @Nullable [] places(byte[] a, byte[] b) {
    int inside = lastIndexOf(a, b);
    int around = inside < 0 ? lastIndexOf(b, a) : -1;
    if (inside >= 0 || around >= 0) {
      var places = new int[a.length];
      for (int i = 0; i < a.length; i++) {
        int place = inside < 0 ? around + i : i - inside;
        places[i] = place < 0 || place >= b.length ? -1 : place;
      }
      return places;
    }
    return Math.abs(a.length - b.length) > MOST_EDITS ? null : fewestEdits(a, b);
  }

  /**
   * Where a text stands in another for the last time, −1 if nowhere (Knuth, Morris, Pratt): what a
   * server cuts off or puts around it stands before and after, an echoed prompt before.
   */
  private static int lastIndexOf(byte[] all, byte[] part) {
    if (part.length == 0 || part.length > all.length) {
      return -1;
    }
    var border = new int[part.length];
    for (int i = 1, n = 0; i < part.length; i++) {
      while (n > 0 && part[i] != part[n]) {
        n = border[n - 1];
      }
      n += part[i] == part[n] ? 1 : 0;
      border[i] = n;
    }
    int last = -1;
    for (int i = 0, n = 0; i < all.length; i++) {
      while (n > 0 && (n == part.length || all[i] != part[n])) {
        n = border[n - 1];
      }
      n += all[i] == part[n] ? 1 : 0;
      last = n == part.length ? i + 1 - n : last;
    }
    return last;
  }

  private static int @Nullable [] fewestEdits(byte[] a, byte[] b) {
    var alignment = new Alignment(a, b);
    for (int d = 0; d <= MOST_EDITS; d++) {
      if (alignment.reachesEnds(d)) {
        return alignment.back(d);
      }
    }
    return null;
  }

  /** With d edits, how far into {@code a} each diagonal gets; whether one gets to both ends. */
  private boolean reachesEnds(int d) {
    var furthest = new int[2 * d + 1];
    rounds[d] = furthest;
    for (int k = -d; k <= d; k += 2) {
      int x = d == 0 ? 0 : Math.max(leftOut(d, k), putIn(d, k));
      while (x >= 0 && x < a.length && x - k < b.length && a[x] == b[x - k]) {
        x++;
      }
      furthest[k + d] = x;
      if (x == a.length && x - k == b.length) {
        return true;
      }
    }
    return false;
  }

  /** Where the d-th edit leads to if it leaves out a byte of {@code a}; −1 if it cannot. */
  private int leftOut(int d, int k) {
    int before = furthest(d - 1, k - 1);
    return before < 0 || before == a.length ? -1 : before + 1;
  }

  /** The same if it puts in one of {@code b}. */
  private int putIn(int d, int k) {
    int before = furthest(d - 1, k + 1);
    return before < 0 || before - k > b.length ? -1 : before;
  }

  private int furthest(int d, int k) {
    return Math.abs(k) > d ? -1 : rounds[d][k + d];
  }

  /** The way back from both ends, edit by edit. */
  private int[] back(int edits) {
    var places = new int[a.length];
    Arrays.fill(places, -1);
    int x = a.length;
    int k = a.length - b.length;
    for (int d = edits; d > 0; d--) {
      int out = leftOut(d, k);
      int in = putIn(d, k);
      for (; x > Math.max(out, in); x--) {
        places[x - 1] = x - 1 - k;
      }
      x = out > in ? out - 1 : in;
      k = out > in ? k - 1 : k + 1;
    }
    for (; x > 0; x--) {
      places[x - 1] = x - 1;
    }
    return places;
  }
}
