package io.tokentropy.gateway;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes as text, piece by piece: a character that is not complete waits for its rest. */
final class Utf8 {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** Of a character, at most three bytes. */
  private byte[] open = new byte[0];

  String add(byte[] bytes, int length) {
    return decode(bytes, length, false);
  }

  /** What never became complete, as the replacement character. */
  String end() {
    return decode(new byte[0], 0, true);
  }

  private String decode(byte[] bytes, int length, boolean end) {
    ByteBuffer in = ByteBuffer.allocate(open.length + length);
    in.put(open).put(bytes, 0, length).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, end);
    if (end) {
      decoder.flush(out);
    }
    open = new byte[in.remaining()];
    in.get(open);
    return out.flip().toString();
  }
}
