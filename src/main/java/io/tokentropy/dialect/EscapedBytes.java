package io.tokentropy.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Texts that are a part of a character: OpenAI's completions write {@code bytes:\xe2\x80}. */
final class EscapedBytes {
  private static final String PREFIX = "bytes:";

  private EscapedBytes() {}

  /** The bytes of such a text; null of any other. */
  static @Nullable TokenBytes of(String text) {
    if (!text.startsWith(PREFIX + "\\x")) {
      return null;
    }
    var bytes = new ByteArrayOutputStream();
    int i = PREFIX.length();
    while (i < text.length()) {
      boolean escaped = text.startsWith("\\x", i) && i + 4 <= text.length();
      int high = escaped ? Character.digit(text.charAt(i + 2), 16) : -1;
      int low = escaped ? Character.digit(text.charAt(i + 3), 16) : -1;
      if (high >= 0 && low >= 0) {
        bytes.write(high << 4 | low);
        i += 4;
      } else {
        int point = text.codePointAt(i);
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(point);
      }
    }
    return TokenBytes.of(bytes.toByteArray());
  }
}
