package io.tokentropy.similarity;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How alike texts are, each with each: a square matrix of finite numbers, at least 0. */
public final class Similarities {
  private final double[][] rows;

  private Similarities(double[][] rows) {
    this.rows = rows;
  }

  /** What a cosine counts for. */
  public enum Mapping {
    /** {@code (1 + cos) / 2}, as the paper has it. */
    SHIFTED,
    /** {@code |cos|}, as the authors' code has it: opposite vectors count as identical. */
    ABSOLUTE,
    /** {@code max(0, cos)}. */
    CLIPPED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The similarity, at least 0. */
    public double of(double cosine) {
      return switch (this) {
        case SHIFTED -> (1 + cosine) / 2;
        case ABSOLUTE -> Math.abs(cosine);
        case CLIPPED -> Math.max(0, cosine);
      };
    }
  }

  /**
   * A matrix as it was given.
   *
   * @throws InvalidInput.ShapeMismatch if it is not square
   * @throws InvalidInput.ParameterOutOfRange if an entry is negative
   */
  public static Similarities of(List<double[]> matrix) {
    int n = matrix.size();
    var rows = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] row = matrix.get(i);
      if (row.length != n) {
        throw new InvalidInput.ShapeMismatch(
            "/" + i,
            "found " + row.length + " entries in a matrix of " + n + " rows; expected " + n);
      }
      requireUsable(row, i);
      rows[i] = row.clone();
    }
    return new Similarities(rows);
  }

  private static void requireUsable(double[] row, int i) {
    for (int j = 0; j < row.length; j++) {
      if (!(row[j] >= 0 && row[j] <= Double.MAX_VALUE)) {
        throw new InvalidInput.ParameterOutOfRange(
            "/" + i + "/" + j, row[j], "a similarity, finite and at least 0");
      }
    }
  }

  /**
   * Cosine similarities of vectors. A zero vector is like no other and has a row of zeros, with
   * which whoever divides rows by their sums must deal.
   *
   * @param vectors one a text, all of the same length
   * @throws InvalidInput.RaggedRows if the lengths differ
   * @throws InvalidInput.ParameterOutOfRange if the length is 0
   * @throws InvalidInput.NotFinite on NaN or infinity
   */
  public static Similarities ofEmbeddings(List<double[]> vectors, Mapping mapping) {
    int n = vectors.size();
    int dimensions = vectors.getFirst().length;
    if (dimensions == 0) {
      throw new InvalidInput.ParameterOutOfRange("/0", "an empty vector", "at least one number");
    }
    var unit = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] vector = vectors.get(i);
      if (vector.length != dimensions) {
        throw new InvalidInput.RaggedRows("/" + i, vector.length, dimensions);
      }
      requireFinite(vector, i);
      unit[i] = unit(vector);
    }
    var rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      Wanted.orStop();
      boolean zero = isZero(unit[i]);
      for (int j = i; j < n; j++) {
        boolean same = i == j || Arrays.equals(unit[i], unit[j]);
        double cosine = same ? 1 : Sums.dot(unit[i], unit[j]);
        double similarity = zero || isZero(unit[j]) ? 0 : mapping.of(Math.clamp(cosine, -1, 1));
        rows[i][j] = similarity;
        rows[j][i] = similarity;
      }
    }
    return new Similarities(rows);
  }

  private static void requireFinite(double[] vector, int i) {
    for (int j = 0; j < vector.length; j++) {
      if (!Double.isFinite(vector[j])) {
        throw new InvalidInput.NotFinite(
            "/" + i + "/" + j, String.valueOf(vector[j]), "a finite number");
      }
    }
  }

  /**
   * The vector of length 1 in the same direction, or of zeros; divided by its largest entry first,
   * so that no square overflows.
   */
  public static double[] unit(double[] vector) {
    double largest = 0;
    for (double x : vector) {
      largest = Math.max(largest, Math.abs(x));
    }
    var unit = new double[vector.length];
    if (largest == 0) {
      return unit;
    }
    for (int i = 0; i < unit.length; i++) {
      unit[i] = vector[i] / largest;
    }
    double norm = Math.sqrt(Sums.dot(unit, unit));
    for (int i = 0; i < unit.length; i++) {
      unit[i] /= norm;
    }
    return unit;
  }

  private static boolean isZero(double[] vector) {
    return vector[0] == 0 && Arrays.stream(vector).allMatch(x -> x == 0);
  }

  /** Half of both directions, for scores such as entailment that depend on the order. */
  public Similarities symmetrized() {
    int n = rows.length;
    var mean = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        mean[i][j] = rows[i][j] / 2 + rows[j][i] / 2;
      }
    }
    return new Similarities(mean);
  }

  /** The matrix of the texts at {@code ids}, which may repeat. */
  public Similarities at(int[] ids) {
    var picked = new double[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      picked[i] = row(ids[i], ids);
    }
    return new Similarities(picked);
  }

  public double[] row(int i) {
    return rows[i];
  }

  /** What text {@code i} has in common with each of {@code ids}. */
  public double[] row(int i, int[] ids) {
    double[] row = rows[i];
    var picked = new double[ids.length];
    for (int j = 0; j < ids.length; j++) {
      picked[j] = row[ids[j]];
    }
    return picked;
  }

  /**
   * Whether two texts are alike in every respect: the same row, as like each other as themselves.
   */
  public boolean hasDuplicates() {
    for (int i = 0; i < rows.length; i++) {
      for (int j = i + 1; j < rows.length; j++) {
        boolean alike = rows[i][j] == rows[i][i] && rows[j][i] == rows[j][j];
        if (alike && Arrays.equals(rows[i], rows[j])) {
          return true;
        }
      }
    }
    return false;
  }

  /** Texts, N. */
  public int size() {
    return rows.length;
  }
}
