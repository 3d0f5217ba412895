package io.tokentropy.score;

import java.io.ByteArrayOutputStream;

/**
 * What a token adds to a text.
 *
 * @param bytes UTF-8; a token may end within a character
 * @param beside whether the server keeps it out of the answer's text, as it does a mark of the
 *     template, or thinking that has a field of its own
 */
public record Piece(byte[] bytes, boolean beside) {
  static byte[] join(Iterable<Piece> pieces) {
    var all = new ByteArrayOutputStream();
    pieces.forEach(piece -> all.writeBytes(piece.bytes()));
    return all.toByteArray();
  }
}
