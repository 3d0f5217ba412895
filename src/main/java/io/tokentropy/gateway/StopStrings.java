package io.tokentropy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Texts that end an answer wherever they come to stand, across tokens and across models. Each is
 * followed byte by byte, in the time that the answer's bytes take, however long it is.
 *
 * @see "D. E. Knuth, J. H. Morris, V. R. Pratt, Fast pattern matching in strings, 1977"
 */
public final class StopStrings {
  private final byte[][] texts;

  /** By text and length: of that many bytes, the longest end that is a beginning as well. */
  private final int[][] borders;

  /**
   * @param texts none of them empty
   */
  public StopStrings(List<String> texts) {
    this.texts =
        texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.borders = new int[this.texts.length][];
    for (int i = 0; i < borders.length; i++) {
      borders[i] = borders(this.texts[i]);
    }
  }

  private static int[] borders(byte[] text) {
    var borders = new int[text.length + 1];
    for (int end = 1; end < text.length; end++) {
      borders[end + 1] = next(text, borders, borders[end], text[end]);
    }
    return borders;
  }

  /** How much of the text the bytes end with, after one more. */
  private static int next(byte[] text, int[] borders, int matched, byte one) {
    int length = matched;
    while (length > 0 && text[length] != one) {
      length = borders[length];
    }
    return text[length] == one ? length + 1 : length;
  }

  /**
   * How far an answer has come.
   *
   * @param matched by text, how many of its first bytes the answer ends with
   * @param end after how many of the bytes that came last a text was complete; −1 for none
   * @param length of that text, in bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // These are never compared.
  record Found(int[] matched, int end, int length) {
    boolean isComplete() {
      return end >= 0;
    }

    /** The longest end of the answer that may become one of the texts, in bytes. */
    int open() {
      int longest = 0;
      for (int bytes : matched) {
        longest = Math.max(longest, bytes);
      }
      return longest;
    }
  }

  /** Before the first byte. */
  Found start() {
    return new Found(new int[texts.length], -1, 0);
  }

  /** After more bytes, or after the first of them that completes a text: the longest of several. */
  Found after(Found before, byte[] bytes) {
    int[] matched = before.matched().clone();
    for (int i = 0; i < bytes.length; i++) {
      int longest = 0;
      for (int k = 0; k < texts.length; k++) {
        matched[k] = next(texts[k], borders[k], matched[k], bytes[i]);
        if (matched[k] == texts[k].length) {
          longest = Math.max(longest, texts[k].length);
        }
      }
      if (longest > 0) {
        return new Found(matched, i + 1, longest);
      }
    }
    return new Found(matched, -1, 0);
  }
}
