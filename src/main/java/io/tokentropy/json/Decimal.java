package io.tokentropy.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Decimal numbers to doubles, with the bits of {@link Double#parseDouble} and a fraction of its
 * cost. A number is a whole mantissa w of at most 19 digits and a power of ten q. Small ones are
 * one exact multiplication or division (Clinger); the others are w times a 128-bit approximation of
 * 5^q, whose leading 55 bits are right (Eisel, Lemire).
 *
 * @see <a href="https://arxiv.org/abs/2101.11408">Number Parsing at a Gigabyte per Second</a>
 */
final class Decimal {
  private static final int LEAST_POWER = -342;
  private static final int GREATEST_POWER = 308;
  private static final long EXACT_MANTISSA = 1L << 53;

  /** The powers of ten that a double holds exactly. */
  private static final double[] TEN = new double[23];

  /** The leading 128 bits of 5^q, high and low word, from q = −342 on; rounded up for q < 0. */
  private static final long[] FIVE = new long[2 * (GREATEST_POWER - LEAST_POWER + 1)];

  static {
    TEN[0] = 1;
    for (int i = 1; i < TEN.length; i++) {
      TEN[i] = 10 * TEN[i - 1];
    }
    for (int q = LEAST_POWER; q <= GREATEST_POWER; q++) {
      BigInteger power = leading128(q);
      FIVE[2 * (q - LEAST_POWER)] = power.shiftRight(64).longValue();
      FIVE[2 * (q - LEAST_POWER) + 1] = power.longValue();
    }
  }

  private Decimal() {}

  private static BigInteger leading128(int q) {
    BigInteger power = BigInteger.valueOf(5).pow(Math.abs(q));
    if (q >= 0) {
      int shift = 128 - power.bitLength();
      return shift >= 0 ? power.shiftLeft(shift) : power.shiftRight(-shift);
    }
    int z = power.subtract(BigInteger.ONE).bitLength();
    int bits = q >= -27 ? z + 127 : 2 * z + 128;
    BigInteger inverse = BigInteger.ONE.shiftLeft(bits).divide(power).add(BigInteger.ONE);
    return inverse.shiftRight(Math.max(0, inverse.bitLength() - 128));
  }

  /**
   * w · 10^q, rounded to the nearest double, ties to even; infinite if it is too large.
   *
   * @param w at least 0 as a signed number, or any unsigned number of at most 19 decimal digits
   */
  static double of(boolean negative, long w, long q) {
    double value = magnitude(w, q);
    return negative ? -value : value;
  }

  private static double magnitude(long w, long q) {
    if (w == 0 || q < LEAST_POWER) {
      return 0;
    }
    if (q > GREATEST_POWER) {
      return Double.POSITIVE_INFINITY;
    }
    if (w > 0 && w <= EXACT_MANTISSA && q >= -22 && q <= 22) {
      return q < 0 ? w / TEN[(int) -q] : w * TEN[(int) q];
    }
    return approximated(w, (int) q);
  }

  private static double approximated(long unnormalised, int q) {
    int zeros = Long.numberOfLeadingZeros(unnormalised);
    long w = unnormalised << zeros;
    int index = 2 * (q - LEAST_POWER);
    long high = Math.unsignedMultiplyHigh(w, FIVE[index]);
    long low = w * FIVE[index];
    if ((high & 0x1FF) == 0x1FF) {
      long carry = Math.unsignedMultiplyHigh(w, FIVE[index + 1]);
      low += carry;
      if (Long.compareUnsigned(carry, low) > 0) {
        high++;
      }
    }
    int upper = (int) (high >>> 63);
    int shift = upper + 9;
    long mantissa = high >>> shift;
    int exponent = ((217706 * q) >> 16) + 63 + upper - zeros + 1023;
    if (exponent <= 0) {
      if (exponent <= -63) {
        return 0;
      }
      mantissa >>>= 1 - exponent;
      mantissa = (mantissa + (mantissa & 1)) >>> 1;
      return Double.longBitsToDouble(mantissa);
    }
    boolean tie =
        Long.compareUnsigned(low, 1) <= 0
            && q >= -4
            && q <= 23
            && (mantissa & 3) == 1
            && mantissa << shift == high;
    if (tie) {
      mantissa &= ~1L;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa >= 1L << 53) {
      mantissa = 1L << 52;
      exponent++;
    }
    if (exponent >= 0x7FF) {
      return Double.POSITIVE_INFINITY;
    }
    return Double.longBitsToDouble((mantissa & ((1L << 52) - 1)) | ((long) exponent << 52));
  }

  /** A number of any length, by the library. */
  static double ofText(byte[] text, int from, int to) {
    return Double.parseDouble(new String(text, from, to - from, StandardCharsets.US_ASCII));
  }
}
