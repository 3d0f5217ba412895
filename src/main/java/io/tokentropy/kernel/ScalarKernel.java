package io.tokentropy.kernel;

/** The reference, and the fallback where the vector module is absent. */
public final class ScalarKernel implements Kernel {
  public static final ScalarKernel INSTANCE = new ScalarKernel();

  private ScalarKernel() {}

  @Override
  public String describe() {
    return "scalar";
  }

  @Override
  public int bits() {
    return 0;
  }

  @Override
  public void scan(double[] scores, int from, int to, RowSums out) {
    out.bad = -1;
    out.max = Double.NEGATIVE_INFINITY;
    out.argmax = from;
    for (int i = from; i < to; i++) {
      double score = scores[i];
      if (!(score < Double.POSITIVE_INFINITY)) {
        out.bad = i - from;
        return;
      }
      if (score > out.max) {
        out.max = score;
        out.argmax = i;
      }
    }
    out.argmax -= from;
  }

  @Override
  public void scan(FloatRow row, RowSums out) {
    out.bad = -1;
    out.max = Double.NEGATIVE_INFINITY;
    out.argmax = 0;
    for (int i = 0; i < row.length; i++) {
      float score = row.at(i);
      if (!(score < Float.POSITIVE_INFINITY)) {
        out.bad = i;
        return;
      }
      if (score > out.max) {
        out.max = score;
        out.argmax = i;
      }
    }
  }

  @Override
  public void moments(double[] scores, int from, int to, double scale, RowSums out) {
    out.clear();
    int best = from + out.argmax;
    moreMoments(scores, from, best, scale, out);
    moreMoments(scores, best + 1, to, scale, out);
  }

  private static void moreMoments(double[] scores, int from, int to, double scale, RowSums out) {
    for (int start = from; start < to; start += RowSums.STRETCH) {
      int end = Math.min(to, start + RowSums.STRETCH);
      double z = 0;
      double s = 0;
      double q = 0;
      for (int i = start; i < end; i++) {
        double d = (scores[i] - out.max) * scale;
        double e = Math.exp(d);
        if (e != 0) {
          z += e;
          s += d * e;
          q += d * d * e;
        }
      }
      out.add(z, s, q);
    }
  }

  @Override
  public void entropy(FloatRow row, RowSums out) {
    scan(row, out);
    if (out.bad < 0 && out.max > Double.NEGATIVE_INFINITY) {
      moments(row, 1, out);
    }
  }

  @Override
  public void moments(FloatRow row, double scale, RowSums out) {
    out.clear();
    moreMoments(row, 0, out.argmax, scale, out);
    moreMoments(row, out.argmax + 1, row.length, scale, out);
  }

  private static void moreMoments(FloatRow row, int from, int to, double scale, RowSums out) {
    for (int start = from; start < to; start += RowSums.STRETCH) {
      int end = Math.min(to, start + RowSums.STRETCH);
      double z = 0;
      double s = 0;
      double q = 0;
      for (int i = start; i < end; i++) {
        double d = (row.at(i) - out.max) * scale;
        double e = Math.exp(d);
        if (e != 0) {
          z += e;
          s += d * e;
          q += d * d * e;
        }
      }
      out.add(z, s, q);
    }
  }

  @Override
  public double ratios(double[] scores, double max, double scale, double[] out) {
    double least = 0;
    for (int i = 0; i < scores.length; i++) {
      out[i] = (scores[i] - max) * scale;
      least = Math.min(least, out[i]);
    }
    return least;
  }

  @Override
  public double ratios(FloatRow row, double max, double scale, double[] out) {
    double least = 0;
    for (int i = 0; i < row.length; i++) {
      out[i] = (row.at(i) - max) * scale;
      least = Math.min(least, out[i]);
    }
    return least;
  }

  @Override
  public int atLeast(double[] scores, double cut, int[] out) {
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] >= cut) {
        if (n == out.length - LANES_AT_MOST) {
          return -1;
        }
        out[n++] = i;
      }
    }
    return n;
  }

  @Override
  public void product(double[][] a, double[][] b, double[][] out) {
    product(a, b, 0, a.length, 0, out);
  }

  /** The columns from one on, of the rows [fromRow, toRow). */
  static void product(
      double[][] a, double[][] b, int fromRow, int toRow, int fromColumn, double[][] out) {
    for (int j = fromRow; j < toRow; j++) {
      for (int i = fromColumn; i < b.length; i++) {
        double sum = 0;
        for (int k = 0; k < b.length; k++) {
          sum = Math.fma(a[j][k], b[k][i], sum);
        }
        out[j][i] = sum;
      }
    }
  }
}
