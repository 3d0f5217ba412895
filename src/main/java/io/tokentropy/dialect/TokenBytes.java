package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a token's text, which may be a part of a character only. */
public final class TokenBytes {
  private final byte[] bytes;

  private TokenBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  static TokenBytes of(byte... bytes) {
    return new TokenBytes(bytes.clone());
  }

  /** A list of numbers as bytes; null where it is empty, or no list of bytes. */
  static @Nullable TokenBytes read(@Nullable Value value) {
    if (!(value instanceof Value.Numbers numbers) || numbers.size() == 0) {
      return null;
    }
    var bytes = new byte[numbers.size()];
    for (int i = 0; i < bytes.length; i++) {
      double number = numbers.at(i);
      if (!(number >= 0 && number <= 255 && number == Math.rint(number))) {
        return null;
      }
      bytes[i] = (byte) number;
    }
    return new TokenBytes(bytes);
  }

  public int length() {
    return bytes.length;
  }

  /** One of them, 0 to 255. */
  public int at(int index) {
    return bytes[index] & 0xff;
  }

  /** A fresh array of them. */
  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return Arrays.toString(bytes);
  }
}
