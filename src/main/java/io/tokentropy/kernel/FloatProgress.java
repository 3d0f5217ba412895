package io.tokentropy.kernel;

/**
 * How far the sums of a float row are. With R = k ln 2: {@code z} = Σ e^(x − R) and {@code s} = Σ
 * (x − centre) e^(x − R) over the numbers before {@code next}.
 */
final class FloatProgress {
  /** The first number that is not in the sums. */
  int next;

  /** Whether a number that is not masked was seen, so that k and the centre are there. */
  boolean begun;

  /** Whether the float sums can still be had; once false, the row needs another way. */
  boolean usable;

  /** Whether a score was seen that is so far below the maximum that it must be lifted. */
  boolean floored;

  int k;
  float centre;
  double z;
  double s;
  float max;
  int stretchOfMax;

  /** What the last pass over a stretch found. */
  double stretchZ;

  double stretchS;
  int greatestSigned;
  int greatestUnsigned;

  /** Where groups begin that are to be summed in double: at most one in 128 bytes. */
  final int[] heavy = new int[Float.BYTES * RowSums.STRETCH / 128];

  int heavyGroups;

  /** Room for the lanes of one vector. */
  final double[] lanes = new double[8];

  final int[] signed = new int[16];
  final int[] unsigned = new int[16];

  void begin() {
    next = 0;
    begun = false;
    usable = true;
    floored = false;
    z = 0;
    s = 0;
    max = Float.NEGATIVE_INFINITY;
  }

  /** The greatest of the bits, from the lanes of both vectors. */
  void reduce(int lanes) {
    greatestSigned = signed[0];
    greatestUnsigned = unsigned[0];
    for (int i = 1; i < lanes; i++) {
      greatestSigned = Math.max(greatestSigned, signed[i]);
      if (Integer.compareUnsigned(unsigned[i], greatestUnsigned) > 0) {
        greatestUnsigned = unsigned[i];
      }
    }
  }

  /** Moves the centre to the mean. */
  void centre() {
    float mean = (float) (centre + s / z);
    s += (centre - (double) mean) * z;
    centre = mean;
  }

  /** Says the sums about another reference. */
  void scale(double factor) {
    z *= factor;
    s *= factor;
  }
}
