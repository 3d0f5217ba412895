package io.tokentropy.score;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with its UTF-8 bytes: where each character (code point) begins in them. Bytes that are no
 * UTF-8, as those of a character that breaks off, count as a character each, U+FFFD.
 */
final class Utf8Text {
  private static final int REPLACEMENT = 0xFFFD;

  private final String text;
  private final byte[] bytes;

  /** Where each character begins in the bytes; one more for the end. */
  private final int[] byteAt;

  /** Where each character begins in the string; null if each is one of its units. */
  private final int @Nullable [] unitAt;

  private Utf8Text(byte[] bytes) {
    this.bytes = bytes;
    var starts = new int[bytes.length + 1];
    var characters = new StringBuilder(bytes.length);
    int n = 0;
    int at = 0;
    while (at < bytes.length) {
      starts[n++] = at;
      int length = length(bytes, at);
      characters.appendCodePoint(length == 0 ? REPLACEMENT : decode(bytes, at, length));
      at += Math.max(1, length);
    }
    starts[n] = at;
    byteAt = Arrays.copyOf(starts, n + 1);
    text = characters.toString();
    unitAt = text.length() == n ? null : units(text, n);
  }

  static Utf8Text of(byte[] bytes) {
    return new Utf8Text(bytes);
  }

  static Utf8Text of(String text) {
    return new Utf8Text(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int[] units(String text, int n) {
    var units = new int[n + 1];
    int unit = 0;
    for (int i = 0; i < n; i++) {
      units[i] = unit;
      unit += Character.charCount(text.codePointAt(unit));
    }
    units[n] = unit;
    return units;
  }

  /** Bytes of the character that begins there; 0 if none does. */
  private static int length(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    int length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead > 0xF4 || at + length > bytes.length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int point = length < 3 ? 0x80 : decode(bytes, at, length);
    boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
    boolean overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    return surrogate || overlong || point > Character.MAX_CODE_POINT ? 0 : length;
  }

  private static int decode(byte[] bytes, int at, int length) {
    int point = length == 1 ? bytes[at] : bytes[at] & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      point = (point << 6) | (bytes[at + i] & 0x3F);
    }
    return point;
  }

  String text() {
    return text;
  }

  byte[] bytes() {
    return bytes;
  }

  /** How many characters it has. */
  int length() {
    return byteAt.length - 1;
  }

  /** Where a character begins in the bytes; at the length, their end. */
  int byteAt(int character) {
    return byteAt[character];
  }

  /** Where a character begins in the string; at the length, its end. */
  int unitAt(int character) {
    return unitAt == null ? character : unitAt[character];
  }

  /** The character that begins at a unit of the string, or holds it. */
  int ofUnit(int unit) {
    return unitAt == null ? unit : at(unitAt, unit);
  }

  /** The character that begins at a byte, or holds it. */
  int ofByte(int place) {
    return at(byteAt, place);
  }

  private static int at(int[] starts, int place) {
    int found = Arrays.binarySearch(starts, place);
    return found >= 0 ? found : -found - 2;
  }

  String part(int start, int end) {
    return text.substring(unitAt(start), unitAt(end));
  }
}
