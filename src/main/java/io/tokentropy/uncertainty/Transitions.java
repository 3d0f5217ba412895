package io.tokentropy.uncertainty;

import io.tokentropy.distribution.InvalidInput;
import java.util.ArrayList;
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
  private final int n;
  private final double[] rows;

  private Transitions(int n, double[] rows) {
    this.n = n;
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
    double[] rows = similarities.rows().clone();
    for (int i = 0; i < n; i++) {
      normalise(rows, n, i, zeroRow);
    }
    return new Transitions(n, rows);
  }

  private static void normalise(double[] rows, int n, int i, ZeroRow zeroRow) {
    int from = i * n;
    double sum = Sums.of(rows, from, n);
    if (Double.isInfinite(sum)) {
      double largest = Arrays.stream(rows, from, from + n).max().orElseThrow();
      for (int j = from; j < from + n; j++) {
        rows[j] /= largest;
      }
      sum = Sums.of(rows, from, n);
    }
    if (sum > 0) {
      for (int j = from; j < from + n; j++) {
        rows[j] /= sum;
      }
      return;
    }
    switch (zeroRow) {
      case ERROR ->
          throw new InvalidInput.ParameterOutOfRange(
              "/" + i, "zeros only", "some similarity above 0, or zero_row: self or uniform");
      case SELF -> rows[from + i] = 1;
      case UNIFORM -> Arrays.fill(rows, from, from + n, 1.0 / n);
    }
  }

  /** States, N. */
  public int size() {
    return n;
  }

  /** The row of probabilities from text {@code i}, a copy. */
  public double[] row(int i) {
    return Arrays.copyOfRange(rows, i * n, (i + 1) * n);
  }

  /** All rows, copies. */
  public List<double[]> toRows() {
    var list = new ArrayList<double[]>(n);
    for (int i = 0; i < n; i++) {
      list.add(row(i));
    }
    return list;
  }

  double[] rows() {
    return rows;
  }

  /** A copy with rows and columns exchanged. */
  double[] columns() {
    var columns = new double[rows.length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        columns[j * n + i] = rows[i * n + j];
      }
    }
    return columns;
  }

  /** {@code weights} after one step of the chain: their product with the matrix. */
  double[] step(double[] weights) {
    var after = new double[n];
    for (int i = 0; i < n; i++) {
      double weight = weights[i];
      int from = i * n;
      for (int j = 0; j < n; j++) {
        after[j] += weight * rows[from + j];
      }
    }
    return after;
  }
}
