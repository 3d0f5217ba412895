package io.tokentropy.inventropy;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A Markov chain over texts: from text i to text j with the probability {@code S[i][j] / sum_k
 * S[i][k]}. Each row is a distribution.
 *
 * @see <a href="https://arxiv.org/abs/2506.09684">Inv-Entropy, equation (2)</a>
 */
public final class Transitions {
  private static final int TILE = 16;

  private final double[][] rows;

  private Transitions(double[][] rows) {
    this.rows = rows;
  }

  /** What becomes of a text that is like no text at all, not even itself. */
  public enum ZeroRow {
    /** It is refused. */
    ERROR,
    /** It stays where it is. */
    SELF,
    /** It goes anywhere. */
    UNIFORM;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The chain of a matrix of similarities.
   *
   * @throws InvalidInput.ParameterOutOfRange if a row is all zeros and that is an error
   */
  public static Transitions of(Similarities similarities, ZeroRow zeroRow) {
    int n = similarities.size();
    var rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = similarities.row(i).clone();
      normalise(rows[i], i, zeroRow);
    }
    return new Transitions(rows);
  }

  /** The chain among the texts at {@code ids}. */
  static Transitions of(Similarities similarities, int[] ids, ZeroRow zeroRow) {
    var rows = new double[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      rows[i] = similarities.row(ids[i], ids);
      normalise(rows[i], i, zeroRow);
    }
    return new Transitions(rows);
  }

  private static void normalise(double[] row, int i, ZeroRow zeroRow) {
    double sum = Sums.of(row);
    double scale = 1 / sum;
    boolean extreme = Double.isInfinite(sum) || Double.isInfinite(scale);
    if (extreme && sum > 0) {
      double largest = Arrays.stream(row).max().orElseThrow();
      for (int j = 0; j < row.length; j++) {
        row[j] /= largest;
      }
      scale = 1 / Sums.of(row);
    }
    if (sum > 0) {
      for (int j = 0; j < row.length; j++) {
        row[j] *= scale;
      }
      return;
    }
    switch (zeroRow) {
      case ERROR ->
          throw new InvalidInput.ParameterOutOfRange(
              "/" + i, "zeros only", "some similarity above 0, or zero_row: self or uniform");
      case SELF -> row[i] = 1;
      case UNIFORM -> Arrays.fill(row, 1.0 / row.length);
    }
  }

  /** States, N. */
  public int size() {
    return rows.length;
  }

  /** All rows, copies. */
  public List<double[]> toRows() {
    return Arrays.stream(rows).map(double[]::clone).toList();
  }

  double[] row(int i) {
    return rows[i];
  }

  /** Rows and columns exchanged, a few at a time, so that both stay in the cache. */
  double[][] columns() {
    int n = rows.length;
    var columns = new double[n][n];
    for (int left = 0; left < n; left += TILE) {
      int right = Math.min(n, left + TILE);
      for (int i = 0; i < n; i++) {
        double[] row = rows[i];
        for (int j = left; j < right; j++) {
          columns[j][i] = row[j];
        }
      }
    }
    return columns;
  }

  /** {@code weights} after one step of the chain: their product with the matrix. */
  double[] step(double[] weights) {
    var after = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      addScaled(after, weights[i], rows[i]);
    }
    return after;
  }

  /** Arrays from their start, with no offset: what the compiler turns into vector code. */
  private static void addScaled(double[] sum, double weight, double[] row) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += weight * row[j];
    }
  }
}
