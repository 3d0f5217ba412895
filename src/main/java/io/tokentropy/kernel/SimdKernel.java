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
 * <p>Float rows at temperature 1 are summed by {@link FloatSums}, every other row in double lanes.
 * Lanes are added in a fixed order; rests that fill no vector go through {@link Math#exp}.
 */
final class SimdKernel implements Kernel {
  static final VectorShape SHAPE = shape();
  static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
  static final VectorSpecies<Double> D = VectorSpecies.of(double.class, SHAPE);

  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, SHAPE);

  /** Half a vector: as many floats as there are doubles, or halves as there are floats, in one. */
  static final VectorSpecies<Byte> HALF_BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, SHAPE.vectorBitSize() / 2)));

  private static final int FLOATS = F.length();

  /** Bytes of a vector, and of half of one. */
  private static final int VECTOR = Float.BYTES * FLOATS;

  private static final int HALF_VECTOR = VECTOR / 2;
  static final int DOUBLES = D.length();

  private static final int STRETCH = RowSums.STRETCH;

  /** Two double lanes gain nothing over scalar code. */
  private static final boolean WIDE = DOUBLES >= 4;

  /** What is below e^−700 of the best counts as nothing: the exponent would run over. */
  private static final double DOUBLE_FLOOR = -700;

  /** Adding and taking away 1.5 · 2^52 rounds to a whole number, in the low bits in between. */
  private static final double DOUBLE_MAGIC = 0x1.8p52;

  private static final double DOUBLE_LN2_HIGH = 0x1.62e42feep-1;
  private static final double DOUBLE_LN2_LOW = 0x1.a39ef35793c76p-33;

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
  static int load(FloatRow row, int from, int to) {
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

  static byte[] loaded(FloatRow row) {
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

  static float get(byte[] x, int at) {
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
  static int indexOf(FloatRow row, int from, float score) {
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
    out.progress.begin();
    if (row.length < STRETCH || !FloatSums.finish(row, out)) {
      scan(row, out);
      if (out.bad < 0 && out.max > Double.NEGATIVE_INFINITY) {
        moments(row, 1, out);
      }
    }
  }

  /** The best token splits its stretch in two; a single call keeps vectors out of the heap. */
  @Override
  public void moments(FloatRow row, double scale, RowSums out) {
    if (!WIDE) {
      ScalarKernel.INSTANCE.moments(row, scale, out);
      return;
    }
    out.clear();
    int best = out.argmax;
    for (int start = 0; start < row.length; ) {
      int end = Math.min(start <= best ? best : row.length, start + STRETCH);
      int at = load(row, start, end);
      moreMoments(loaded(row), at, at + Float.BYTES * (end - start), scale, out);
      start = end == best ? best + 1 : end;
    }
  }

  /** Adds the sums about {@code out.max} of the floats from one byte to another, in double. */
  static void moreMoments(byte[] x, int from, int to, double scale, RowSums out) {
    if (!WIDE) {
      for (int i = from; i < to; i += Float.BYTES) {
        out.add((get(x, i) - out.max) * scale);
      }
      return;
    }
    var reference = DoubleVector.broadcast(D, out.max);
    var z = DoubleVector.zero(D);
    var s = DoubleVector.zero(D);
    var q = DoubleVector.zero(D);
    int i = from;
    for (; i <= to - HALF_VECTOR; i += HALF_VECTOR) {
      var half = ByteVector.fromArray(HALF_BYTES, x, i).reinterpretAsFloats();
      var score = (DoubleVector) half.castShape(D, 0);
      var d = score.sub(reference).mul(scale);
      var below = d.compare(VectorOperators.LT, DOUBLE_FLOOR);
      d = d.blend(DOUBLE_FLOOR, below);
      var e = exp(d).blend(0, below);
      var de = d.mul(e);
      z = z.add(e);
      s = s.add(de);
      q = d.fma(de, q);
    }
    z.intoArray(out.lanes, 0);
    out.rest += total(out.lanes);
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
    int best = from + out.argmax;
    for (int start = from; start < to; ) {
      int end = Math.min(start <= best ? best : to, start + STRETCH);
      if (start < end) {
        moreMoments(x, start, end, scale, out);
      }
      start = end == best ? best + 1 : end;
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
      var d = score.sub(reference).mul(scale);
      var below = d.compare(VectorOperators.LT, DOUBLE_FLOOR);
      d = d.blend(DOUBLE_FLOOR, below);
      var e = exp(d).blend(0, below);
      var de = d.mul(e);
      z = z.add(e);
      s = s.add(de);
      q = d.fma(de, q);
    }
    z.intoArray(out.lanes, 0);
    out.rest += total(out.lanes);
    s.intoArray(out.lanes, 0);
    out.s += total(out.lanes);
    q.intoArray(out.lanes, 0);
    out.q += total(out.lanes);
    for (; i < to; i++) {
      out.add((x[i] - out.max) * scale);
    }
  }

  /** The Taylor polynomial of degree 12 about 0: its rest is below 2e-16 for |r| ≤ ln 2 / 2. */
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
            DoubleVector.broadcast(D, 1 / 479001600.0), DoubleVector.broadcast(D, 1 / 39916800.0));
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
  public double ratios(double[] x, double max, double scale, double[] out) {
    return WIDE
        ? SimdSelection.ratios(x, max, scale, out)
        : ScalarKernel.INSTANCE.ratios(x, max, scale, out);
  }

  @Override
  public double ratios(FloatRow row, double max, double scale, double[] out) {
    return WIDE
        ? SimdSelection.ratios(row, max, scale, out)
        : ScalarKernel.INSTANCE.ratios(row, max, scale, out);
  }

  @Override
  public int atLeast(double[] scores, double cut, int[] out) {
    return WIDE
        ? SimdSelection.atLeast(scores, cut, out)
        : ScalarKernel.INSTANCE.atLeast(scores, cut, out);
  }

  @Override
  public void product(double[][] a, double[][] b, double[][] out) {
    SimdProduct.of(a, b, out);
  }

  /** The lanes, added from the first to the last. */
  static double total(double[] lanes) {
    double total = 0;
    for (int i = 0; i < DOUBLES; i++) {
      total += lanes[i];
    }
    return total;
  }
}
