package io.tokentropy.evaluation;

import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/**
 * TSU, the temperature sensitivity of uncertainty: the share of questions whose score rises with
 * every step of the sampling temperature. It needs no labels, and says nothing about correctness.
 *
 * @param share of questions whose scores rise throughout, in [0, 1]
 * @param pairs the same for every two temperatures
 * @param chance 1/k!, what random scores reach with k temperatures
 * @see <a href="https://arxiv.org/abs/2506.09684">Inv-Entropy, equation (7)</a>
 */
public record TemperatureSensitivity(double share, List<Pair> pairs, double chance) {
  public TemperatureSensitivity {
    pairs = List.copyOf(pairs);
  }

  /** The share of questions whose score rises from one temperature to a later one. */
  public record Pair(int from, int to, double share) {}

  /**
   * Counts the questions.
   *
   * @param scores a row a question, a column a temperature, temperatures ascending
   * @param strict whether equal scores count as not rising
   * @throws InvalidInput.RaggedRows if rows differ in length
   * @throws InvalidInput.ParameterOutOfRange if there are fewer than two temperatures
   */
  public static TemperatureSensitivity of(List<double[]> scores, boolean strict) {
    int temperatures = scores.getFirst().length;
    if (temperatures < 2) {
      throw new InvalidInput.ParameterOutOfRange(
          "/0", temperatures + " scores", "at least two, one a temperature");
    }
    for (int q = 0; q < scores.size(); q++) {
      if (scores.get(q).length != temperatures) {
        throw new InvalidInput.RaggedRows("/" + q, scores.get(q).length, temperatures);
      }
    }
    int rising = 0;
    for (double[] row : scores) {
      boolean all = true;
      for (int t = 1; t < temperatures; t++) {
        all &= rises(row, t - 1, t, strict);
      }
      rising += all ? 1 : 0;
    }
    var pairs = new ArrayList<Pair>();
    double chance = 1;
    for (int to = 1; to < temperatures; to++) {
      chance /= to + 1;
    }
    for (int from = 0; from < temperatures; from++) {
      for (int to = from + 1; to < temperatures; to++) {
        int count = 0;
        for (double[] row : scores) {
          count += rises(row, from, to, strict) ? 1 : 0;
        }
        pairs.add(new Pair(from, to, (double) count / scores.size()));
      }
    }
    return new TemperatureSensitivity((double) rising / scores.size(), pairs, chance);
  }

  private static boolean rises(double[] row, int from, int to, boolean strict) {
    return strict ? row[from] < row[to] : row[from] <= row[to];
  }
}
