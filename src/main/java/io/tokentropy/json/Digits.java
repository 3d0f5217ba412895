package io.tokentropy.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight characters at once, as one long whose lowest byte is the first: how many of them are digits
 * before the first that is none, and what number do these make?
 */
final class Digits {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ZEROS = 0x3030303030303030L;

  /** 118 in each byte, which carries what is 10 or more into the highest bit. */
  private static final long OTHERS = 0x7676767676767676L;

  private static final long HIGHEST_BITS = 0x8080808080808080L;
  private static final int[] TEN = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private Digits() {}

  /** Eight characters, a digit being its value and anything else at least 10. */
  static long at(byte[] text, int from) {
    return (long) LONGS.get(text, from) ^ ZEROS;
  }

  /** How many digits there are at the start, 0 to 8. */
  static int count(long eight) {
    // A byte that overflows spoils later ones only, and the first that is no digit is wanted.
    long others = ((eight + OTHERS) | eight) & HIGHEST_BITS;
    return Long.numberOfTrailingZeros(others) >>> 3;
  }

  /** 10^n, n up to 8. */
  static int power(int n) {
    return TEN[n];
  }

  /** The number that the first n digits make: neighbours are joined, then pairs, then fours. */
  static long value(long eight, int n) {
    if (n == 0) {
      return 0;
    }
    long digits = eight << (64 - 8 * n);
    long pairs = (digits * ((10L << 8) + 1)) >>> 8 & 0x00FF00FF00FF00FFL;
    long fours = (pairs * ((100L << 16) + 1)) >>> 16 & 0x0000FFFF0000FFFFL;
    return (fours * ((10_000L << 32) + 1)) >>> 32;
  }
}
