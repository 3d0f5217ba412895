package io.tokentropy.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.kernel.Kernel;
import io.tokentropy.kernel.Sums;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a step of a chain has before it: those with a probability above 0, by id, with
 * their scores (ln p of any offset). Ranks go by probability, then by id; only as much is sorted as
 * is asked for.
 */
final class Pool {
  private static final int SAMPLE = 1024;

  private final int vocabSize;

  /** Null where every token of the row has a probability above 0: position for id. */
  private final int @Nullable [] ids;

  private final double[] scores;
  private final double max;

  /** Σ e^(score − max) over all tokens but the best one. */
  private final double rest;

  private final double lnZ;
  private final double entropy;

  /** Positions by rank, the first {@link #ranked} of them. */
  private int[] ranks = new int[0];

  private int ranked;

  /** How many of the tokens a cut has to leave. */
  private int least = 1;

  private Pool(
      int vocabSize,
      int @Nullable [] ids,
      double[] scores,
      double max,
      double rest,
      double entropy) {
    this.vocabSize = vocabSize;
    this.ids = ids;
    this.scores = scores;
    this.max = max;
    this.rest = rest;
    this.lnZ = Sums.ln1p(rest);
    this.entropy = entropy;
  }

  private static Pool summed(int vocabSize, int[] ids, double[] scores) {
    double best = greatest(scores);
    double sum = 0;
    double weighted = 0;
    double lost = 0;
    boolean others = false;
    for (double score : scores) {
      double depth = best - score;
      if (depth == 0 && !others) {
        others = true;
        continue;
      }
      double e = Math.exp(-depth);
      double term = e - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
      weighted += depth * e;
    }
    return new Pool(vocabSize, ids, scores, best, sum, Sums.entropy(sum, weighted));
  }

  private static double greatest(double[] scores) {
    double best = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      best = Math.max(best, score);
    }
    return best;
  }

  /** All tokens of a row that have a probability above 0, with sums in double. */
  static Pool of(Distribution row) {
    var scores = new double[row.size()];
    boolean all = isLive(row.lnRatios(scores));
    Distribution summed = row.inDouble(scores);
    int[] live = all ? null : live(scores, 0);
    return new Pool(
        row.size(),
        live,
        live == null ? scores : pick(scores, live),
        0,
        summed.rest(),
        summed.entropy().low());
  }

  /**
   * The positions of the scores of which the exponential is above 0: not masked, nor too far below
   * the best.
   */
  private static int[] live(double[] scores, double best) {
    var live = new int[scores.length];
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      if (isLive(scores[i] - best)) {
        live[n++] = i;
      }
    }
    return Arrays.copyOf(live, n);
  }

  private static double[] pick(double[] scores, int[] positions) {
    var picked = new double[positions.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = scores[positions[i]];
    }
    return picked;
  }

  /** Whether e^d is above 0 in double. */
  private static boolean isLive(double d) {
    return d > -700 || Math.exp(d) > 0;
  }

  /** The listed tokens, as if there were no others; position for id. */
  static Pool ofList(int vocabSize, double[] lnProbs) {
    return live(vocabSize, null, lnProbs);
  }

  /** Leaves out what has probability 0, be it masked or underflown. */
  private static Pool live(int vocabSize, int @Nullable [] ids, double[] scores) {
    int[] live = live(scores, greatest(scores));
    double[] kept = pick(scores, live);
    if (ids != null) {
      for (int i = 0; i < live.length; i++) {
        live[i] = ids[live[i]];
      }
    }
    return summed(vocabSize, live, kept);
  }

  int size() {
    return scores.length;
  }

  /** V of the row at the start of the chain. */
  int vocabSize() {
    return vocabSize;
  }

  /** H in nats. */
  double entropy() {
    return entropy;
  }

  double max() {
    return max;
  }

  double score(int position) {
    return scores[position];
  }

  int id(int position) {
    return ids == null ? position : ids[position];
  }

  double prob(int position) {
    return Math.exp(scores[position] - max) / (1 + rest);
  }

  double lnProb(int position) {
    return scores[position] - max - lnZ;
  }

  /** ln(p₁ / p), p₁ of the best token; at least 0. */
  double depth(int position) {
    return max - scores[position];
  }

  /** {@link #depth} of the token at a rank. */
  double depthOfRank(int rank) {
    return depth(ranked(rank));
  }

  /** Σ p / p₁ over all tokens but the best one, to full relative accuracy. */
  double rest() {
    return rest;
  }

  /** −ln p₁. */
  double lnZ() {
    return lnZ;
  }

  /** ln Σ e^score. */
  double lnTotal() {
    return max + lnZ;
  }

  /** Σp². */
  double collision() {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      double p = prob(i);
      sum += p * p;
    }
    return sum;
  }

  /** The position of a token; −1 if it is not in the pool. */
  int position(int id) {
    if (ids == null) {
      return id < scores.length ? id : -1;
    }
    int found = Arrays.binarySearch(ids, id);
    return found < 0 ? -1 : found;
  }

  /** The position of the token at a rank, from 0. */
  int ranked(int rank) {
    if (rank >= ranked) {
      rank(Math.min(scores.length, Math.max(rank + 1, Math.max(64, 2 * ranked))));
    }
    return ranks[rank];
  }

  /** Sorts the first k, and whatever else the cut lets through. */
  private void rank(int k) {
    int[] survivors = k < scores.length / 4 ? reaching(k) : null;
    ranks = sorted(survivors);
    ranked = ranks.length;
  }

  /** The positions, by id, of at least k scores, the best among them; null if the cut missed. */
  private int @Nullable [] reaching(int k) {
    int expected = (int) ((long) rankInSample(k) * scores.length / SAMPLE);
    var reaching = new int[2 * expected + Kernel.LANES_AT_MOST];
    int n = Kernel.best().atLeast(scores, cut(k), reaching);
    return n < k ? null : Arrays.copyOf(reaching, n);
  }

  /** A score that about k, and probably not fewer, tokens reach: from an even sample. */
  private double cut(int k) {
    var sample = new double[SAMPLE];
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = scores[(int) ((long) i * scores.length / SAMPLE)];
    }
    Arrays.sort(sample);
    return sample[Math.max(0, SAMPLE - rankInSample(k))];
  }

  private int rankInSample(int k) {
    return (int) ((long) k * SAMPLE / scores.length) * 5 / 4 + 8;
  }

  /**
   * Positions by score, the greatest first, equal ones by id: sorted as whole numbers that hold the
   * upper bits of the depth and the place; those that agree in these bits are sorted once more.
   *
   * @param positions by id; null for all
   */
  private int[] sorted(int @Nullable [] positions) {
    int n = positions == null ? scores.length : positions.length;
    int places = 64 - Long.numberOfLeadingZeros(n - 1L);
    long mask = (1L << places) - 1;
    var keys = new long[n];
    for (int i = 0; i < n; i++) {
      double depth = depth(positions == null ? i : positions[i]);
      keys[i] = (Double.doubleToRawLongBits(depth + 0.0) & ~mask) | i;
    }
    Arrays.sort(keys);
    var sorted = new int[n];
    for (int i = 0; i < n; i++) {
      int place = (int) (keys[i] & mask);
      sorted[i] = positions == null ? place : positions[place];
    }
    for (int from = 0, to; from < n; from = to) {
      to = from + 1;
      while (to < n && (keys[to] & ~mask) == (keys[from] & ~mask)) {
        to++;
      }
      if (to - from > 1) {
        sort(sorted, new int[to - from], from, to);
      }
    }
    return sorted;
  }

  /** Merge sort, stable: positions come by id, so equal scores stay by id. */
  private void sort(int[] positions, int[] spare, int from, int to) {
    if (to - from < 12) {
      for (int i = from + 1; i < to; i++) {
        int moving = positions[i];
        int j = i;
        while (j > from && scores[positions[j - 1]] < scores[moving]) {
          positions[j] = positions[j - 1];
          j--;
        }
        positions[j] = moving;
      }
      return;
    }
    int middle = (from + to) >>> 1;
    sort(positions, spare, from, middle);
    sort(positions, spare, middle, to);
    if (scores[positions[middle - 1]] >= scores[positions[middle]]) {
      return;
    }
    int left = 0;
    int taken = middle - from;
    System.arraycopy(positions, from, spare, 0, taken);
    int right = middle;
    for (int i = from; left < taken; i++) {
      boolean takeRight = right < to && scores[positions[right]] > scores[spare[left]];
      positions[i] = takeRight ? positions[right++] : spare[left++];
    }
  }

  /** A choice of positions. */
  interface Choice {
    boolean keeps(int position);
  }

  /** The same tokens, of which every cut leaves at least so many. */
  Pool keepingAtLeast(int tokens) {
    var same = new Pool(vocabSize, ids, scores, max, rest, entropy);
    same.least = tokens;
    return same;
  }

  /** How many a cut has to leave, where there are so many. */
  int least() {
    return least;
  }

  /** The kept tokens as a pool of their own; the best tokens too if they are too few. */
  Pool filtered(Choice choice) {
    var kept = new int[scores.length];
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      if (choice.keeps(i)) {
        kept[n++] = i;
      }
    }
    return n < Math.min(least, scores.length) ? withBest(choice) : at(Arrays.copyOf(kept, n));
  }

  private Pool withBest(Choice choice) {
    var best = new boolean[scores.length];
    for (int rank = 0; rank < Math.min(least, scores.length); rank++) {
      best[ranked(rank)] = true;
    }
    return filtered(position -> best[position] || choice.keeps(position));
  }

  /** The first k by rank, or as many as have to be left. */
  Pool prefix(int k) {
    int size = Math.max(least, k);
    if (size >= scores.length) {
      return this;
    }
    var kept = new int[size];
    for (int rank = 0; rank < kept.length; rank++) {
      kept[rank] = ranked(rank);
    }
    Arrays.sort(kept);
    return at(kept);
  }

  private Pool at(int[] positions) {
    var keptIds = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      keptIds[i] = id(positions[i]);
    }
    return summed(vocabSize, keptIds, pick(scores, positions));
  }

  /** What becomes of a score. */
  interface Shape {
    double of(double score);
  }

  /** The same tokens with other scores; those that underflow are gone. */
  Pool reshaped(Shape shape) {
    var shaped = new double[scores.length];
    for (int i = 0; i < shaped.length; i++) {
      shaped[i] = shape.of(scores[i]);
    }
    return live(vocabSize, ids, shaped);
  }

  /** The mass that the tokens of a part of this pool have in it. */
  double massOf(Pool kept) {
    return kept.size() == size()
        ? 1
        : Math.min(1, Math.exp(kept.max - max) * (1 + kept.rest) / (1 + rest));
  }
}
