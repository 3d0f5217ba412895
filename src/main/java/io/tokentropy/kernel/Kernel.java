package io.tokentropy.kernel;

/**
 * Sums over one row of scores. Every method allocates nothing, validates only what {@link
 * RowSums#bad} says, and gives the same bits for the same row, however warm the JVM is: lanes are
 * added in a fixed order, in double.
 *
 * <p>Rows are {@code double} (JSON) or {@link FloatRow}s (binary bodies); the sums are always
 * {@code double}. −∞ is a masked token and adds nothing.
 */
public sealed interface Kernel permits ScalarKernel, SimdKernel {
  /** For people and metrics, such as {@code vector 512 bit} or {@code scalar}. */
  String describe();

  /** Width of the vectors in bits; 0 for the scalar kernel. */
  int bits();

  /**
   * Finds {@code bad}, {@code max} and {@code argmax}. When {@code bad} is not −1, the other two
   * mean nothing.
   *
   * @param scores the array that holds the row in [from, to); not modified
   */
  void scan(double[] scores, int from, int to, RowSums out);

  /** {@link #scan(double[], int, int, RowSums)} for float rows. */
  void scan(FloatRow row, RowSums out);

  /**
   * Adds up Z, S and Q about {@code out.max}, which {@link #scan} found at {@code out.argmax} and
   * which must be finite. The token there is left out of the sums: to full relative accuracy,
   * however little the others hold, down to e^−700 of it.
   *
   * @param scale 1 / temperature, positive
   */
  void moments(double[] scores, int from, int to, double scale, RowSums out);

  /** {@link #moments(double[], int, int, double, RowSums)} for float rows. */
  void moments(FloatRow row, double scale, RowSums out);

  /**
   * {@link #scan} and the sums Z and S in one call, for a float row at temperature 1: within 1e-6
   * nat of float64. Z and S mean nothing if {@code bad} is not −1 or {@code max} is −∞.
   */
  void entropy(FloatRow row, RowSums out);

  /**
   * (score − max) · scale of every score, the numbers whose exponentials {@link #moments} adds up.
   *
   * @param out receives them; as long as the row
   * @return the least of them
   */
  double ratios(double[] scores, double max, double scale, double[] out);

  /** {@link #ratios(double[], double, double, double[])} for float rows. */
  double ratios(FloatRow row, double max, double scale, double[] out);

  /**
   * Finds the scores that reach a cut, in order.
   *
   * @param out receives their indices; there must be room for {@link #LANES_AT_MOST} more
   * @return how many there are; −1 if there is no room for them
   */
  int atLeast(double[] scores, double cut, int[] out);

  /**
   * The product of two square matrices, which are arrays of rows. Each entry is added up from the
   * first term to the last with one rounding a term, whatever the kernel.
   *
   * @param out receives it; none of the two
   */
  void product(double[][] a, double[][] b, double[][] out);

  /** No vector has more lanes of 64 bits. */
  int LANES_AT_MOST = 8;

  /** The fastest kernel that this JVM was started for. */
  static Kernel best() {
    return Best.KERNEL;
  }
}
