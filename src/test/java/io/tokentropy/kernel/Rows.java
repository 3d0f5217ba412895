package io.tokentropy.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Rows of every shape that the kernels must be right on, made from a seed. */
final class Rows {
  private Rows() {}

  static float[] of(long seed) {
    var random = new SplittableRandom(seed);
    int n = seed <= 200 ? (int) seed : random.nextInt(1, seed % 10 == 0 ? 300_000 : 9_000);
    var row = new float[n];
    double shift = new double[] {0, 1e4, -1e4, 13.37, -3.3, 2599, -2601}[(int) (seed % 7)];
    double level = -random.nextDouble() * 16;
    int shape = (int) (seed % 11);
    for (int i = 0; i < n; i++) {
      double score =
          switch (shape) {
            case 0 -> random.nextDouble() * 20 - 10;
            case 1 -> -12 + random.nextDouble() * 1e-3;
            case 2 -> 0;
            case 3 -> -1.1 * Math.log(1 + i);
            case 4 -> random.nextInt(4) == 0 ? Double.NEGATIVE_INFINITY : random.nextDouble() * 8;
            case 5 -> level;
            case 6 -> level - (i & 1) * 0.3;
            case 7 -> 1e-4 * i;
            case 8 -> Float.MIN_VALUE * random.nextInt(1000);
            case 9 -> (random.nextDouble() - 0.5) * 2e30;
            default -> -200 * random.nextDouble();
          };
      row[i] = (float) (shape == 9 ? score : score + shift);
    }
    if (shape == 1 || shape == 5 || shape == 6 || shape == 4) {
      row[random.nextInt(n)] = (float) shift;
    }
    return row;
  }

  /** One token ahead of a flat tail, near the balance where every rounding error counts most. */
  static float[] spikeOverFlat(long seed) {
    var random = new SplittableRandom(seed);
    int n = new int[] {1_000, 4_097, 32_000, 131_072, 1_000_003}[(int) (seed % 5)];
    double gap = Math.log(n) + (random.nextDouble() - 0.5) * 3;
    float max = (float) (random.nextDouble() * 30 - 15);
    var row = new float[n];
    Arrays.fill(row, (float) (max - gap));
    row[random.nextInt(n)] = max;
    return row;
  }

  /** What is hard for sums that go along a row: where its mass lies becomes clear late. */
  static float[] surprising(long seed) {
    var random = new SplittableRandom(seed);
    int n = new int[] {4_096, 5_001, 50_257, 131_072}[(int) (seed / 8 % 4)];
    var row = new float[n];
    float spike = 10;
    float tail = (float) (spike - Math.log(n));
    for (int i = 0; i < n; i++) {
      row[i] =
          switch ((int) (seed % 8)) {
            case 0, 1 -> tail;
            case 2 -> -20 + 30f * i / n;
            case 3 -> -3000 + 6000f * i / n;
            case 4 -> i < n - 700 ? Float.NEGATIVE_INFINITY : tail;
            case 5 -> -50_000 + (float) random.nextGaussian();
            case 6 -> i < n / 2 ? -150 : (float) (3 * random.nextDouble());
            default -> -i % 1000;
          };
    }
    int spikes = seed % 8 == 0 ? 2 : seed % 8 == 1 ? 100 : 0;
    for (int i = 0; i < spikes; i++) {
      row[random.nextInt(n)] = (float) (spike - Math.log(spikes));
    }
    return row;
  }

  static double[][] matrix(int n, SplittableRandom random) {
    var matrix = new double[n][];
    for (int i = 0; i < n; i++) {
      matrix[i] = random.doubles(n, -1, 1).toArray();
    }
    return matrix;
  }

  static double[] wide(float[] row) {
    var wide = new double[row.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = row[i];
    }
    return wide;
  }

  /** The row as a body of float32. */
  static byte[] bytes(float[] row) {
    return bytes(row, FloatRow.Type.F32);
  }

  static byte[] bytes(float[] row, FloatRow.Type type) {
    ByteBuffer bytes = ByteBuffer.allocate(type.bytes * row.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float score : row) {
      switch (type) {
        case F32 -> bytes.putFloat(score);
        case F16 -> bytes.putShort(Float.floatToFloat16(score));
        case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(score) >> 16));
      }
    }
    return bytes.array();
  }

  static FloatRow view(float[] row) {
    return view(row, FloatRow.Type.F32);
  }

  static FloatRow view(float[] row, FloatRow.Type type) {
    return new FloatRow(bytes(row, type), 0, row.length, type);
  }
}
