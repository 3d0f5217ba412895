package io.tokentropy.score;

import java.io.ByteArrayOutputStream;

/** What a token adds to a text. */
public final class Piece {
  private final byte[] bytes;
  private final boolean beside;

  /**
   * What a token adds.
   *
   * @param bytes UTF-8; a token may end within a character. Not modified, and not to be
   * @param beside whether the server keeps it out of the answer's text, as it does a mark of the
   *     template, or thinking that has a field of its own
   */
  public Piece(byte[] bytes, boolean beside) {
    this.bytes = bytes;
    this.beside = beside;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean isBeside() {
    return beside;
  }

  static byte[] join(Iterable<Piece> pieces) {
    var all = new ByteArrayOutputStream();
    pieces.forEach(piece -> all.writeBytes(piece.bytes()));
    return all.toByteArray();
  }
}
