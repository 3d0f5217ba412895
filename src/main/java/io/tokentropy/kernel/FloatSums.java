package io.tokentropy.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Z and S of a float row at temperature 1, in one pass of float lanes, within 1e-6 nat of float64.
 *
 * <p>With R = k ln 2 near the maximum, e^(x − R) = 2^(n − k) · e^r, n = round(x / ln 2), r = x − n
 * ln 2: nothing of x is lost before r is taken, and n − k goes into the exponent as it is. The ln 2
 * here is a float, 2.7e-9 too large; with R = k times that float, it is a temperature as much off,
 * which moves H by 2.7e-9 times the varentropy: by less than 1.4e-7 nat for up to 2^20 tokens.
 *
 * <p>S is taken about the mean so far, so that what float products lose is small beside H, and a
 * lane adds four terms before it goes to double. Beside a token that holds much of the mass a lane
 * would lose the small ones: a group of vectors that holds such a token is summed in double, and so
 * are the first numbers. Least and greatest come from the same pass: read as whole numbers, the
 * bits of positive floats are in their order, those of negative ones in the reverse.
 */
final class FloatSums {
  private static final VectorSpecies<Float> F = SimdKernel.F;
  private static final VectorSpecies<Double> D = SimdKernel.D;
  private static final VectorSpecies<Integer> I = SimdKernel.I;
  private static final int STRETCH = RowSums.STRETCH;
  private static final int VECTOR = Float.BYTES * F.length();

  /** Bytes whose terms are added up before they go to double. */
  private static final int GROUP = 8 * VECTOR;

  /** Numbers that are summed in double, to begin with: where are the maximum and the mean? */
  private static final int FIRST = 1024;

  /** A group with a lane that holds more than this of Z is summed in double. */
  private static final double HEAVY = 1 / 8.0;

  /** Up to here x times the float of 1 / ln 2 is rounded to a number that leaves r small. */
  private static final float GREATEST = 65_536;

  /** Scores up to 2^64 times as probable as 2^k need no new k. */
  private static final int ABOVE = 64;

  /** What is below 2^(k − 125) cannot move Z; the exponent would run over there. */
  private static final int BELOW = 125;

  private static final float LN2 = (float) Math.log(2);

  /** Adding 1.5 · 2^23 rounds to a whole number, which then stands in the low bits. */
  private static final float MAGIC = 0x1.8p23f;

  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  private static final int MINUS_INFINITY = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

  private static final FloatVector LOG2_E = FloatVector.broadcast(F, (float) (1 / Math.log(2)));
  private static final FloatVector MINUS_LN2 = FloatVector.broadcast(F, -LN2);

  /** These times {@link #UNBIASED}: e^r for |r| ≤ ln 2 / 2, within 8e-8 of it. */
  private static final FloatVector C0 = FloatVector.broadcast(F, 1);

  private static final FloatVector C1 = FloatVector.broadcast(F, 0.99999964f);
  private static final FloatVector C2 = FloatVector.broadcast(F, 0.4999888f);
  private static final FloatVector C3 = FloatVector.broadcast(F, 0.16667524f);
  private static final FloatVector C4 = FloatVector.broadcast(F, 0.041916605f);
  private static final FloatVector C5 = FloatVector.broadcast(F, 0.008300385f);

  private static final double UNBIASED = 1 + 7.3e-8;

  private FloatSums() {}

  /** Sums the stretches that are whole. */
  private static void stretches(FloatRow row, RowSums out) {
    FloatProgress at = out.progress;
    int size = at.begun ? STRETCH : FIRST;
    while (at.usable && row.length - at.next >= size) {
      int from = SimdKernel.load(row, at.next, at.next + size);
      groups(SimdKernel.loaded(row), from, from + Float.BYTES * size, out);
      at.next += size;
      size = at.begun ? STRETCH : FIRST;
    }
  }

  /**
   * Sums what is left and says all sums about the maximum.
   *
   * @return whether {@code out} holds them; if not, the row is masked, bad or far from 0
   */
  static boolean finish(FloatRow row, RowSums out) {
    FloatProgress at = out.progress;
    stretches(row, out);
    if (at.usable && at.next < row.length) {
      int from = SimdKernel.load(row, at.next, row.length);
      int to = from + Float.BYTES * (row.length - at.next);
      int whole = to - (to - from) % GROUP;
      if (whole > from) {
        groups(SimdKernel.loaded(row), from, whole, out);
      }
      rest(SimdKernel.loaded(row), whole, to, out);
    }
    if (!at.usable || !at.begun) {
      return false;
    }
    out.bad = -1;
    out.max = at.max;
    out.argmax = SimdKernel.indexOf(row, at.stretchOfMax, at.max);
    double factor = Math.exp(reference(at) - out.max);
    out.rest = Math.max(0, factor * at.z - 1);
    out.s = factor * (at.s + (at.centre - out.max) * at.z);
    out.rough = true;
    return true;
  }

  /** The last few numbers, which fill no group. */
  private static void rest(byte[] x, int from, int to, RowSums out) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i += Float.BYTES) {
      max = Math.max(max, (float) FloatRow.FLOATS.get(x, i));
    }
    noteGreatest(max, out.progress);
    if (out.progress.usable && out.progress.begun) {
      inDouble(x, from, to, out);
    }
  }

  /** A stretch, or as many groups as there are. */
  private static void groups(byte[] x, int from, int to, RowSums out) {
    FloatProgress at = out.progress;
    if (at.begun) {
      sums(x, from, to, at);
    } else {
      range(x, from, to, at);
    }
    boolean nan = at.greatestSigned > INFINITY || above(at.greatestUnsigned, MINUS_INFINITY);
    float max = greatest(x, from, to, at.greatestSigned);
    boolean first = !at.begun;
    boolean again = noteGreatest(nan ? Float.NaN : max, at);
    if (!at.usable || !at.begun) {
      return;
    }
    if (first) {
      inDouble(x, from, to, out);
    } else {
      if (!at.floored && isBelowFloor(at)) {
        at.floored = true;
        again = true;
      }
      if (again) {
        sums(x, from, to, at);
      }
      at.z += UNBIASED * at.stretchZ;
      at.s += UNBIASED * at.stretchS;
      for (int i = 0; i < at.heavyGroups; i++) {
        inDouble(x, at.heavy[i], at.heavy[i] + GROUP, out);
      }
    }
    at.centre();
  }

  private static boolean above(int a, int b) {
    return Integer.compareUnsigned(a, b) > 0;
  }

  private static double reference(FloatProgress at) {
    return at.k * (double) LN2;
  }

  private static float floor(FloatProgress at) {
    return (at.k - BELOW) * LN2;
  }

  /** Whether one of the stretch may be so small that its exponent runs over. */
  private static boolean isBelowFloor(FloatProgress at) {
    float least = at.greatestUnsigned < 0 ? Float.intBitsToFloat(at.greatestUnsigned) : 0;
    return least < floor(at);
  }

  /**
   * Takes note of the greatest score of a stretch or rest.
   *
   * @return whether the reference is another one now
   */
  private static boolean noteGreatest(float max, FloatProgress at) {
    if (!(max <= GREATEST) || (max < -GREATEST && max > Float.NEGATIVE_INFINITY)) {
      at.usable = false;
      return false;
    }
    if (max > at.max) {
      at.max = max;
      at.stretchOfMax = at.next;
    }
    if (max == Float.NEGATIVE_INFINITY || (at.begun && max <= (at.k + ABOVE) * LN2)) {
      return false;
    }
    double before = reference(at);
    at.k = Math.round(max / LN2);
    if (at.begun) {
      at.scale(Math.exp(before - reference(at)));
    } else {
      at.begun = true;
      at.centre = max;
    }
    return true;
  }

  /** No token is left out here: about this reference there is no best one. */
  private static void inDouble(byte[] x, int from, int to, RowSums out) {
    FloatProgress at = out.progress;
    out.clear();
    out.max = reference(at);
    SimdKernel.moreMoments(x, from, to, 1, out);
    at.z += out.rest;
    at.s += out.s + (out.max - at.centre) * out.rest;
  }

  /** The greatest float, from the greatest of the bits. */
  private static float greatest(byte[] x, int from, int to, int greatestSigned) {
    if (greatestSigned >= 0) {
      return Float.intBitsToFloat(greatestSigned);
    }
    var least = IntVector.broadcast(I, -1);
    for (int i = from; i < to; i += VECTOR) {
      least = least.min(bits(x, i));
    }
    return Float.intBitsToFloat(least.reduceLanes(VectorOperators.MIN));
  }

  private static IntVector bits(byte[] x, int at) {
    return ByteVector.fromArray(SimdKernel.B, x, at).reinterpretAsInts();
  }

  private static void range(byte[] x, int from, int to, FloatProgress at) {
    var signed = IntVector.broadcast(I, Integer.MIN_VALUE);
    var unsigned = IntVector.zero(I);
    for (int i = from; i < to; i += VECTOR) {
      var bits = bits(x, i);
      signed = signed.max(bits);
      unsigned = unsigned.lanewise(VectorOperators.UMAX, bits);
    }
    signed.intoArray(at.signed, 0);
    unsigned.intoArray(at.unsigned, 0);
    at.reduce(F.length());
  }

  /** The sums of whole groups, and where the heavy ones are, which are left out. */
  private static void sums(byte[] x, int from, int to, FloatProgress at) {
    var magic = FloatVector.broadcast(F, MAGIC - at.k);
    var centre = FloatVector.broadcast(F, at.centre);
    var heavy = FloatVector.broadcast(F, (float) (HEAVY * at.z));
    var floor = FloatVector.broadcast(F, floor(at));
    boolean floored = at.floored;
    var signed = IntVector.broadcast(I, Integer.MIN_VALUE);
    var unsigned = IntVector.zero(I);
    var z = DoubleVector.zero(D);
    var s = DoubleVector.zero(D);
    int heavyGroups = 0;
    for (int i = from; i < to; ) {
      var za = FloatVector.zero(F);
      var zb = za;
      var sa = za;
      var sb = za;
      for (int end = i + GROUP; i < end; i += 2 * VECTOR) {
        var bits = bits(x, i);
        signed = signed.max(bits);
        unsigned = unsigned.lanewise(VectorOperators.UMAX, bits);
        var v = bits.reinterpretAsFloats();
        if (floored) {
          v = v.blend(floor, v.compare(VectorOperators.LT, floor));
        }
        var shifted = v.fma(LOG2_E, magic);
        var e = power(v, shifted, shifted.sub(magic));
        za = za.add(e);
        sa = v.sub(centre).fma(e, sa);
        bits = bits(x, i + VECTOR);
        signed = signed.max(bits);
        unsigned = unsigned.lanewise(VectorOperators.UMAX, bits);
        v = bits.reinterpretAsFloats();
        if (floored) {
          v = v.blend(floor, v.compare(VectorOperators.LT, floor));
        }
        shifted = v.fma(LOG2_E, magic);
        e = power(v, shifted, shifted.sub(magic));
        zb = zb.add(e);
        sb = v.sub(centre).fma(e, sb);
      }
      za = za.add(zb);
      sa = sa.add(sb);
      if (za.compare(VectorOperators.GT, heavy).anyTrue()) {
        at.heavy[heavyGroups++] = i - GROUP;
      } else {
        z = z.add((DoubleVector) za.castShape(D, 0)).add((DoubleVector) za.castShape(D, 1));
        s = s.add((DoubleVector) sa.castShape(D, 0)).add((DoubleVector) sa.castShape(D, 1));
      }
    }
    at.heavyGroups = heavyGroups;
    z.intoArray(at.lanes, 0);
    at.stretchZ = SimdKernel.total(at.lanes);
    s.intoArray(at.lanes, 0);
    at.stretchS = SimdKernel.total(at.lanes);
    signed.intoArray(at.signed, 0);
    unsigned.intoArray(at.unsigned, 0);
    at.reduce(F.length());
  }

  /** e^(x − k ln 2), where the low bits of {@code shifted} are n − k. */
  private static FloatVector power(FloatVector x, FloatVector shifted, FloatVector n) {
    var r = n.fma(MINUS_LN2, x);
    var p = r.fma(C5, C4).fma(r, C3).fma(r, C2).fma(r, C1).fma(r, C0);
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }
}
