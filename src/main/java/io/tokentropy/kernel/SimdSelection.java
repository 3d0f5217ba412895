package io.tokentropy.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** What a choice of tokens needs of a row, with the Vector API, in double lanes. */
final class SimdSelection {
  /** Ints that are as many as there are doubles in a vector. */
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(
          int.class, VectorShape.forBitSize(Math.max(64, SimdKernel.SHAPE.vectorBitSize() / 2)));

  private static final IntVector INDICES = IntVector.zero(INTS).addIndex(1);

  private SimdSelection() {}

  static double ratios(double[] x, double max, double scale, double[] out) {
    var least = DoubleVector.zero(SimdKernel.D);
    int i = 0;
    for (; i <= x.length - SimdKernel.DOUBLES; i += SimdKernel.DOUBLES) {
      var d = DoubleVector.fromArray(SimdKernel.D, x, i).sub(max).mul(scale);
      d.intoArray(out, i);
      least = least.min(d);
    }
    double min = least.reduceLanes(VectorOperators.MIN);
    for (; i < x.length; i++) {
      out[i] = (x[i] - max) * scale;
      min = Math.min(min, out[i]);
    }
    return min;
  }

  static double ratios(FloatRow row, double max, double scale, double[] out) {
    double least = 0;
    for (int start = 0; start < row.length; start += RowSums.STRETCH) {
      int end = Math.min(row.length, start + RowSums.STRETCH);
      int at = SimdKernel.load(row, start, end);
      least = Math.min(least, ratios(SimdKernel.loaded(row), at, max, scale, out, start, end));
    }
    return least;
  }

  private static double ratios(
      byte[] x, int at, double max, double scale, double[] out, int from, int to) {
    var least = DoubleVector.zero(SimdKernel.D);
    int i = from;
    for (; i <= to - SimdKernel.DOUBLES; i += SimdKernel.DOUBLES) {
      var half = ByteVector.fromArray(SimdKernel.HALF_BYTES, x, at + Float.BYTES * (i - from));
      var score = (DoubleVector) half.reinterpretAsFloats().castShape(SimdKernel.D, 0);
      var d = score.sub(max).mul(scale);
      d.intoArray(out, i);
      least = least.min(d);
    }
    double min = least.reduceLanes(VectorOperators.MIN);
    for (; i < to; i++) {
      out[i] = (SimdKernel.get(x, at + Float.BYTES * (i - from)) - max) * scale;
      min = Math.min(min, out[i]);
    }
    return min;
  }

  static int atLeast(double[] scores, double cut, int[] out) {
    int n = 0;
    int i = 0;
    for (; i <= scores.length - SimdKernel.DOUBLES; i += SimdKernel.DOUBLES) {
      var reaching =
          DoubleVector.fromArray(SimdKernel.D, scores, i).compare(VectorOperators.GE, cut);
      if (reaching.anyTrue()) {
        if (n > out.length - Kernel.LANES_AT_MOST) {
          return -1;
        }
        INDICES.add(i).compress(reaching.cast(INTS)).intoArray(out, n);
        n += reaching.trueCount();
      }
    }
    for (; i < scores.length && n <= out.length - Kernel.LANES_AT_MOST; i++) {
      if (scores[i] >= cut) {
        out[n++] = i;
      }
    }
    return n > out.length - Kernel.LANES_AT_MOST ? -1 : n;
  }
}
