package io.tokentropy.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sums with the Vector API. e^d is 2^n · e^r with n = round(d / ln 2) and a polynomial in r,
 * |r| ≤ ln 2 / 2 (Cody and Waite).
 *
 * <p>Float rows at temperature 1 stay in float: d = x − max is carried with its rounding error, as
 * many equal tokens would otherwise all be wrong the same way, and a lane adds two terms before the
 * sum goes to double. Every other row is computed in double lanes. Lanes are added in a fixed
 * order; rests that fill no vector go through {@link Math#exp}.
 */
final class SimdKernel implements Kernel {
  private static final VectorShape SHAPE = shape();
  private static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, SHAPE);

  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
  private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, SHAPE);

  /** Half a vector: as many floats as there are doubles, or halves as there are floats, in one. */
  private static final VectorSpecies<Byte> HALF_BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, SHAPE.vectorBitSize() / 2)));

  /** Ints that are as many as there are doubles in a vector. */
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Math.max(64, SHAPE.vectorBitSize() / 2)));

  private static final IntVector INDICES = IntVector.zero(INTS).addIndex(1);
  private static final int FLOATS = F.length();

  /** Bytes of a vector, and of half of one. */
  private static final int VECTOR = Float.BYTES * FLOATS;

  private static final int HALF_VECTOR = VECTOR / 2;
  private static final int DOUBLES = D.length();

  private static final int STRETCH = RowSums.STRETCH;

  /** Two double lanes gain nothing over scalar code. */
  private static final boolean WIDE = DOUBLES >= 4;

  /** e^−87 cannot move Z ≥ 1, and −∞ clamped to it gives no NaN. */
  private static final float FLOAT_FLOOR = -87f;

  private static final double DOUBLE_FLOOR = -700;

  /**
   * Adding and taking away 1.5 · 2^23 rounds to an integer, which stands in the low bits in
   * between.
   */
  private static final float FLOAT_MAGIC = 0x1.8p23f;

  private static final double DOUBLE_MAGIC = 0x1.8p52;

  /** ln 2 in two parts; the high one has few enough bits that n · high is exact. */
  private static final float FLOAT_LN2_HIGH = 0x1.62ep-1f;

  private static final float FLOAT_LN2_LOW = 0x1.0bfbe8p-15f;
  private static final double DOUBLE_LN2_HIGH = 0x1.62e42feep-1;
  private static final double DOUBLE_LN2_LOW = 0x1.a39ef35793c76p-33;

  private static final double LN2 = Math.log(2);

  /** Up to here n has 12 bits, so that n times the high part of ln 2 is exact. */
  private static final float GREATEST_FAST = 2600;

  /** Terms that a float lane adds before it goes to double. */
  private static final int ADDITIONS = 8;

  private static final FloatVector FLOAT_LN2 = FloatVector.broadcast(F, (float) LN2);
  private static final FloatVector LOG2_E = FloatVector.broadcast(F, 0x1.715476p0f);
  private static final FloatVector MINUS_LN2_HIGH = FloatVector.broadcast(F, -FLOAT_LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOW = FloatVector.broadcast(F, -FLOAT_LN2_LOW);
  private static final FloatVector ONE = FloatVector.broadcast(F, 1);
  private static final FloatVector C2 = FloatVector.broadcast(F, 0.49999994f);
  private static final FloatVector C3 = FloatVector.broadcast(F, 0.16666521f);
  private static final FloatVector C4 = FloatVector.broadcast(F, 0.04166839f);
  private static final FloatVector C5 = FloatVector.broadcast(F, 0.008368745f);
  private static final FloatVector C6 = FloatVector.broadcast(F, 0.0013814539f);

  static final SimdKernel INSTANCE = new SimdKernel();

  private SimdKernel() {}

  private static VectorShape shape() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    int wanted = Integer.getInteger("tokentropy.kernel.bits", preferred);
    if (wanted != 128 && wanted != 256 && wanted != 512) {
      throw new IllegalArgumentException(
          "tokentropy.kernel.bits is " + wanted + ", expected 128, 256 or 512");
    }
    return VectorShape.forBitSize(wanted);
  }

  @Override
  public String describe() {
    return "vector " + bits() + " bit";
  }

  @Override
  public int bits() {
    return SHAPE.vectorBitSize();
  }

  /**
   * Where the numbers [from, to) of a row stand as float32: in the body itself, or widened in the
   * row's scratch.
   */
  private static int load(FloatRow row, int from, int to) {
    if (row.type == FloatRow.Type.F32) {
      return row.offset + Float.BYTES * from;
    }
    int count = to - from;
    int at = row.offset + Short.BYTES * from;
    int whole = count - count % FLOATS;
    if (row.type == FloatRow.Type.BF16) {
      widenUpperHalves(row.body, at, whole, row.scratch);
    } else {
      widenHalves(row.body, at, whole, row.scratch);
    }
    for (int i = whole; i < count; i++) {
      FloatRow.FLOATS.set(row.scratch, Float.BYTES * i, row.at(from + i));
    }
    return 0;
  }

  private static byte[] loaded(FloatRow row) {
    return row.type == FloatRow.Type.F32 ? row.body : row.scratch;
  }

  private static void widenUpperHalves(byte[] body, int at, int count, byte[] out) {
    for (int i = 0; i < count; i += FLOATS) {
      bits(body, at + Short.BYTES * i)
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsBytes()
          .intoArray(out, Float.BYTES * i);
    }
  }

  /** The exponents differ by 112, which one product mends, for subnormal halves as well. */
  private static void widenHalves(byte[] body, int at, int count, byte[] out) {
    for (int i = 0; i < count; i += FLOATS) {
      var half = bits(body, at + Short.BYTES * i);
      var sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
      var magnitude = half.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
      var infinite = magnitude.compare(VectorOperators.GE, 0x7c00 << 13);
      var scaled = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
      scaled
          .lanewise(VectorOperators.OR, 0x7f800000, infinite)
          .or(sign)
          .reinterpretAsBytes()
          .intoArray(out, Float.BYTES * i);
    }
  }

  /** Sixteen bits a lane. */
  private static IntVector bits(byte[] body, int at) {
    return (IntVector)
        ByteVector.fromArray(HALF_BYTES, body, at)
            .reinterpretAsShorts()
            .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
  }

  private static FloatVector floats(byte[] x, int at) {
    return ByteVector.fromArray(B, x, at).reinterpretAsFloats();
  }

  private static float get(byte[] x, int at) {
    return (float) FloatRow.FLOATS.get(x, at);
  }

  @Override
  public void scan(FloatRow row, RowSums out) {
    out.bad = -1;
    float max = Float.NEGATIVE_INFINITY;
    int stretchOfMax = 0;
    boolean nan = false;
    for (int start = 0; start < row.length; start += STRETCH) {
      int end = Math.min(row.length, start + STRETCH);
      int at = load(row, start, end);
      float top = greatest(loaded(row), at, at + Float.BYTES * (end - start));
      nan |= Float.isNaN(top);
      if (top > max) {
        max = top;
        stretchOfMax = start;
      }
    }
    if (nan || max == Float.POSITIVE_INFINITY) {
      ScalarKernel.INSTANCE.scan(row, out);
      return;
    }
    out.max = max;
    out.argmax = indexOf(row, stretchOfMax, max);
  }

  /** The first index from a start at which the row has a score; 0 if it has it nowhere. */
  private static int indexOf(FloatRow row, int from, float score) {
    int i = from;
    while (i < row.length && row.at(i) != score) {
      i++;
    }
    return i < row.length ? i : 0;
  }

  /** The greatest of a stretch, from one byte to another; NaN if one of it is NaN. */
  private static float greatest(byte[] x, int from, int to) {
    var a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    var b = a;
    int i = from;
    for (; i <= to - 2 * VECTOR; i += 2 * VECTOR) {
      a = a.max(floats(x, i));
      b = b.max(floats(x, i + VECTOR));
    }
    float max = a.max(b).reduceLanes(VectorOperators.MAX);
    for (; i < to; i += Float.BYTES) {
      max = Math.max(max, get(x, i));
    }
    return max;
  }

  @Override
  public void scan(double[] x, int from, int to, RowSums out) {
    if (!WIDE) {
      ScalarKernel.INSTANCE.scan(x, from, to, out);
      return;
    }
    out.bad = -1;
    double max = Double.NEGATIVE_INFINITY;
    int stretchOfMax = from;
    boolean nan = false;
    for (int start = from; start < to; start += STRETCH) {
      int end = Math.min(to, start + STRETCH);
      double top = greatest(x, start, end);
      nan |= Double.isNaN(top);
      if (top > max) {
        max = top;
        stretchOfMax = start;
      }
    }
    if (nan || max == Double.POSITIVE_INFINITY) {
      ScalarKernel.INSTANCE.scan(x, from, to, out);
      return;
    }
    out.max = max;
    int i = stretchOfMax;
    while (i < to && x[i] != max) {
      i++;
    }
    out.argmax = i < to ? i - from : 0;
  }

  private static double greatest(double[] x, int from, int to) {
    var a = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY);
    var b = a;
    int i = from;
    for (; i <= to - 2 * DOUBLES; i += 2 * DOUBLES) {
      a = a.max(DoubleVector.fromArray(D, x, i));
      b = b.max(DoubleVector.fromArray(D, x, i + DOUBLES));
    }
    double max = a.max(b).reduceLanes(VectorOperators.MAX);
    for (; i < to; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  @Override
  public void entropy(FloatRow row, RowSums out) {
    float max = Float.NEGATIVE_INFINITY;
    int stretchOfMax = 0;
    for (int start = 0; start < row.length; start += STRETCH) {
      int end = Math.min(row.length, start + STRETCH);
      int at = load(row, start, end);
      float top = greatestNumber(loaded(row), at, at + Float.BYTES * (end - start));
      if (top > max) {
        max = top;
        stretchOfMax = start;
      }
    }
    out.bad = -1;
    out.max = max;
    if (Math.abs(max) <= GREATEST_FAST) {
      out.argmax = indexOf(row, stretchOfMax, max);
      powers(row, stretchOfMax, out);
      if (!Double.isNaN(out.s)) {
        return;
      }
    }
    scan(row, out);
    if (out.bad < 0 && out.max > Double.NEGATIVE_INFINITY) {
      moments(row, 1, out);
    }
  }

  /**
   * Z and S: the stretch of the maximum in double, then all others in float. S is taken about the
   * mean of d so far, as a whole multiple of ln 2, so that what the float products lose is small
   * beside H.
   */
  static void powers(FloatRow row, int stretchOfMax, RowSums out) {
    out.clear();
    stretchInDouble(row, stretchOfMax, 1, out);
    int start = 0;
    for (; start <= row.length - STRETCH; start += STRETCH) {
      if (start != stretchOfMax) {
        int at = load(row, start, start + STRETCH);
        stretch(loaded(row), at, out);
      }
    }
    if (start != stretchOfMax) {
      for (; start < row.length; start++) {
        out.add(row.at(start) - out.max);
      }
    }
  }

  private static void stretchInDouble(FloatRow row, int start, double scale, RowSums out) {
    int end = Math.min(row.length, start + STRETCH);
    if (!WIDE) {
      for (int i = start; i < end; i++) {
        out.add((row.at(i) - out.max) * scale);
      }
      return;
    }
    int at = load(row, start, end);
    moreMoments(loaded(row), at, at + Float.BYTES * (end - start), scale, out);
  }

  /** Adds one stretch to Z and S. */
  private static void stretch(byte[] x, int from, RowSums out) {
    float nearest = (float) Math.rint(out.max / LN2);
    float mean = (float) Math.rint(out.s / out.z / LN2);
    var floor = FloatVector.broadcast(F, (float) out.max + FLOAT_FLOOR);
    var magic = FloatVector.broadcast(F, FLOAT_MAGIC - nearest);
    var centre = FloatVector.broadcast(F, FLOAT_MAGIC + mean);
    var z = DoubleVector.zero(D);
    var s = DoubleVector.zero(D);
    for (int i = from; i < from + Float.BYTES * STRETCH; ) {
      var zf = FloatVector.zero(F);
      var sf = FloatVector.zero(F);
      for (int end = i + ADDITIONS * VECTOR; i < end; i += VECTOR) {
        var raw = floats(x, i);
        var v = raw.blend(floor, raw.compare(VectorOperators.LT, floor));
        var shifted = v.fma(LOG2_E, magic);
        var n = shifted.sub(magic);
        var r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, v));
        var p = r.fma(C6, C5).fma(r, C4).fma(r, C3).fma(r, C2).fma(r, ONE).fma(r, ONE);
        var e =
            p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
        zf = zf.add(e);
        sf = shifted.sub(centre).fma(FLOAT_LN2, r).fma(e, sf);
      }
      z = z.add((DoubleVector) zf.castShape(D, 0)).add((DoubleVector) zf.castShape(D, 1));
      s = s.add((DoubleVector) sf.castShape(D, 0)).add((DoubleVector) sf.castShape(D, 1));
    }
    z.intoArray(out.lanes, 0);
    double factor = Math.exp(nearest * LN2 - out.max);
    double zs = factor * total(out.lanes);
    s.intoArray(out.lanes, 0);
    double shift = (nearest + mean) * LN2 - out.max;
    out.z += zs;
    out.s += factor * total(out.lanes) + shift * zs;
  }

  /** The greatest of a stretch, any NaN in it apart. */
  private static float greatestNumber(byte[] x, int from, int to) {
    var a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    var b = a;
    int i = from;
    for (; i <= to - 2 * VECTOR; i += 2 * VECTOR) {
      var u = floats(x, i);
      var v = floats(x, i + VECTOR);
      a = a.blend(u, u.compare(VectorOperators.GT, a));
      b = b.blend(v, v.compare(VectorOperators.GT, b));
    }
    float max = a.max(b).reduceLanes(VectorOperators.MAX);
    for (; i < to; i += Float.BYTES) {
      if (get(x, i) > max) {
        max = get(x, i);
      }
    }
    return max;
  }

  @Override
  public void moments(FloatRow row, double scale, RowSums out) {
    if (!WIDE) {
      ScalarKernel.INSTANCE.moments(row, scale, out);
      return;
    }
    out.clear();
    for (int start = 0; start < row.length; start += STRETCH) {
      stretchInDouble(row, start, scale, out);
    }
  }

  private static void moreMoments(byte[] x, int from, int to, double scale, RowSums out) {
    var reference = DoubleVector.broadcast(D, out.max);
    var z = DoubleVector.zero(D);
    var s = DoubleVector.zero(D);
    var q = DoubleVector.zero(D);
    int i = from;
    for (; i <= to - HALF_VECTOR; i += HALF_VECTOR) {
      var half = ByteVector.fromArray(HALF_BYTES, x, i).reinterpretAsFloats();
      var score = (DoubleVector) half.castShape(D, 0);
      var d = floored(score.sub(reference).mul(scale));
      var e = exp(d);
      var de = d.mul(e);
      z = z.add(e);
      s = s.add(de);
      q = d.fma(de, q);
    }
    z.intoArray(out.lanes, 0);
    out.z += total(out.lanes);
    s.intoArray(out.lanes, 0);
    out.s += total(out.lanes);
    q.intoArray(out.lanes, 0);
    out.q += total(out.lanes);
    for (; i < to; i += Float.BYTES) {
      out.add((get(x, i) - out.max) * scale);
    }
  }

  @Override
  public void moments(double[] x, int from, int to, double scale, RowSums out) {
    if (!WIDE) {
      ScalarKernel.INSTANCE.moments(x, from, to, scale, out);
      return;
    }
    out.clear();
    for (int start = from; start < to; start += STRETCH) {
      moreMoments(x, start, Math.min(to, start + STRETCH), scale, out);
    }
  }

  private static void moreMoments(double[] x, int from, int to, double scale, RowSums out) {
    var reference = DoubleVector.broadcast(D, out.max);
    var z = DoubleVector.zero(D);
    var s = DoubleVector.zero(D);
    var q = DoubleVector.zero(D);
    int i = from;
    for (; i <= to - DOUBLES; i += DOUBLES) {
      var score = DoubleVector.fromArray(D, x, i);
      var d = floored(score.sub(reference).mul(scale));
      var e = exp(d);
      var de = d.mul(e);
      z = z.add(e);
      s = s.add(de);
      q = d.fma(de, q);
    }
    z.intoArray(out.lanes, 0);
    out.z += total(out.lanes);
    s.intoArray(out.lanes, 0);
    out.s += total(out.lanes);
    q.intoArray(out.lanes, 0);
    out.q += total(out.lanes);
    for (; i < to; i++) {
      out.add((x[i] - out.max) * scale);
    }
  }

  private static DoubleVector floored(DoubleVector d) {
    return d.blend(DOUBLE_FLOOR, d.compare(VectorOperators.LT, DOUBLE_FLOOR));
  }

  /** The Taylor polynomial of degree 13 about 0: its rest is below 5e-18 for |r| ≤ ln 2 / 2. */
  private static DoubleVector exp(DoubleVector d) {
    var shifted =
        d.fma(
            DoubleVector.broadcast(D, 0x1.71547652b82fep0),
            DoubleVector.broadcast(D, DOUBLE_MAGIC));
    var n = shifted.sub(DOUBLE_MAGIC);
    var r =
        n.fma(
            DoubleVector.broadcast(D, -DOUBLE_LN2_LOW),
            n.fma(DoubleVector.broadcast(D, -DOUBLE_LN2_HIGH), d));
    var p =
        r.fma(
            DoubleVector.broadcast(D, 1 / 6227020800.0),
            DoubleVector.broadcast(D, 1 / 479001600.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 39916800.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 3628800.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 362880.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 40320.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 5040.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 720.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 120.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 24.0));
    p = p.fma(r, DoubleVector.broadcast(D, 1 / 6.0));
    p = p.fma(r, DoubleVector.broadcast(D, 0.5));
    p = p.fma(r, DoubleVector.broadcast(D, 1));
    p = p.fma(r, DoubleVector.broadcast(D, 1));
    var power = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
    return p.reinterpretAsLongs().add(power).reinterpretAsDoubles();
  }

  @Override
  public int atLeast(double[] scores, double cut, int[] out) {
    if (!WIDE) {
      return ScalarKernel.INSTANCE.atLeast(scores, cut, out);
    }
    int n = 0;
    int i = 0;
    for (; i <= scores.length - DOUBLES; i += DOUBLES) {
      var reaching = DoubleVector.fromArray(D, scores, i).compare(VectorOperators.GE, cut);
      if (reaching.anyTrue()) {
        INDICES.add(i).compress(reaching.cast(INTS)).intoArray(out, n);
        n += reaching.trueCount();
      }
    }
    for (; i < scores.length; i++) {
      if (scores[i] >= cut) {
        out[n++] = i;
      }
    }
    return n;
  }

  /** The lanes, added from the first to the last. */
  private static double total(double[] lanes) {
    double total = 0;
    for (int i = 0; i < DOUBLES; i++) {
      total += lanes[i];
    }
    return total;
  }
}
