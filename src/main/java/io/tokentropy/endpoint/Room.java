package io.tokentropy.endpoint;

/** Where the bytes of an answer come from: they are reserved before they exist. */
public interface Room {
  /** Room without end. */
  Room UNBOUNDED = byte[]::new;

  /**
   * So many bytes, all zero. Several threads may ask at once.
   *
   * @throws RuntimeException if other answers hold the memory for answers
   */
  byte[] bytes(int size);
}
