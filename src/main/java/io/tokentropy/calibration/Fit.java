package io.tokentropy.calibration;

import io.tokentropy.evaluation.ScoreCounts;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Ways to learn a map from scores to confidences. */
public sealed interface Fit {
  /** Parts of a cross-validation, each of which is judged by what the others taught. */
  int FOLDS = 5;

  /** The map that these answers teach. */
  ConfidenceMap of(Answers answers);

  /**
   * The confidence in each answer by a map that was learned without it: the answers are dealt out
   * to {@link #FOLDS} folds in their order, right ones and wrong ones by themselves.
   */
  default double[] crossValidated(Answers answers) {
    var fold = new int[answers.size()];
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < fold.length; i++) {
      fold[i] = (answers.right(i) ? right++ : wrong++) % FOLDS;
    }
    var confidences = new double[fold.length];
    for (int f = 0; f < FOLDS; f++) {
      int held = f;
      ConfidenceMap map =
          of(answers.pick(IntStream.range(0, fold.length).filter(i -> fold[i] != held).toArray()));
      for (int i = 0; i < fold.length; i++) {
        if (fold[i] == held) {
          confidences[i] = map.confidence(answers.score(i));
        }
      }
    }
    return confidences;
  }

  /**
   * Platt's logistic curve: the slope and intercept of greatest likelihood, with his targets (N₊ +
   * 1)/(N₊ + 2) and 1/(N₋ + 2) in place of 1 and 0, which keep both finite.
   *
   * @see <a href="https://www.cs.colorado.edu/~mozer/Teaching/syllabi/6622/papers/Platt1999.pdf">
   *     Platt, Probabilistic outputs for support vector machines, 1999</a>
   */
  record Platt() implements Fit {
    private static final int STEPS = 100;
    private static final double SMALL = 1e-12;

    /** Scores of less variance are all alike. */
    private static final double ALIKE = 1e-200;

    @Override
    public ConfidenceMap of(Answers answers) {
      int n = answers.size();
      double center = 0;
      for (int i = 0; i < n; i++) {
        center += answers.score(i) / n;
      }
      double square = 0;
      for (int i = 0; i < n; i++) {
        square += Math.pow(answers.score(i) - center, 2) / n;
      }
      double scale = square > ALIKE ? Math.sqrt(square) : 1;
      var z = new double[n];
      var target = new double[n];
      double right = answers.countRight();
      for (int i = 0; i < n; i++) {
        z[i] = square > ALIKE ? (answers.score(i) - center) / scale : 0;
        target[i] = answers.right(i) ? (right + 1) / (right + 2) : 1 / (n - right + 2);
      }
      double[] line = line(z, target);
      return new ConfidenceMap.Platt(center, scale, line[0], line[1]);
    }

    /** Slope and intercept, by Newton's steps, halved until they lead down. */
    private static double[] line(double[] z, double[] target) {
      double[] line = {0, 0};
      double loss = loss(line, z, target);
      for (int step = 0; step < STEPS; step++) {
        double[] way = way(line, z, target);
        double size = 1;
        double[] next = moved(line, way, size);
        double found = loss(next, z, target);
        while (found > loss && size > SMALL) {
          size /= 2;
          next = moved(line, way, size);
          found = loss(next, z, target);
        }
        if (!(found < loss)) {
          return line;
        }
        line = next;
        loss = found;
      }
      return line;
    }

    private static double[] moved(double[] line, double[] way, double size) {
      return new double[] {line[0] + size * way[0], line[1] + size * way[1]};
    }

    /** Newton's step. */
    private static double[] way(double[] line, double[] z, double[] target) {
      double slope = 0;
      double intercept = 0;
      double zz = SMALL;
      double z1 = 0;
      double one = SMALL;
      for (int i = 0; i < z.length; i++) {
        double p = 1 / (1 + Math.exp(-(line[0] * z[i] + line[1])));
        double weight = p * (1 - p);
        slope += (target[i] - p) * z[i];
        intercept += target[i] - p;
        zz += weight * z[i] * z[i];
        z1 += weight * z[i];
        one += weight;
      }
      double determinant = zz * one - z1 * z1;
      return new double[] {
        (one * slope - z1 * intercept) / determinant, (zz * intercept - z1 * slope) / determinant
      };
    }

    /** −ln of the likelihood. */
    private static double loss(double[] line, double[] z, double[] target) {
      double loss = 0;
      for (int i = 0; i < z.length; i++) {
        double odds = line[0] * z[i] + line[1];
        loss += Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(odds, 0) - target[i] * odds;
      }
      return loss;
    }
  }

  /**
   * Isotonic regression by pooling adjacent violators: of all maps in the right direction the one
   * with the least Brier score, drawn out between its steps by straight lines.
   *
   * @see <a href="https://doi.org/10.1145/775047.775151">Zadrozny and Elkan, 2002</a>
   */
  record Isotonic() implements Fit {
    @Override
    public ConfidenceMap of(Answers answers) {
      ScoreCounts counts = answers.counts();
      int n = counts.size();
      var from = new double[n];
      var to = new double[n];
      var good = new double[n];
      var count = new double[n];
      int blocks = 0;
      for (int i = 0; i < n; i++) {
        from[blocks] = counts.score(i);
        to[blocks] = counts.score(i);
        good[blocks] = counts.right(i);
        count[blocks] = counts.count(i);
        blocks++;
        while (blocks > 1 && violates(good, count, blocks, answers.uncertain())) {
          blocks--;
          to[blocks - 1] = to[blocks];
          good[blocks - 1] += good[blocks];
          count[blocks - 1] += count[blocks];
        }
      }
      return knots(from, to, good, count, blocks);
    }

    /** Whether the last two blocks go the wrong way, or are alike; their counts are exact. */
    private static boolean violates(double[] good, double[] count, int blocks, boolean falling) {
      double last = good[blocks - 1] * count[blocks - 2];
      double before = good[blocks - 2] * count[blocks - 1];
      return falling ? last >= before : last <= before;
    }

    private static ConfidenceMap knots(
        double[] from, double[] to, double[] good, double[] count, int blocks) {
      var scores = new double[2 * blocks];
      var confidences = new double[2 * blocks];
      int knots = 0;
      for (int b = 0; b < blocks; b++) {
        scores[knots] = from[b];
        confidences[knots++] = good[b] / count[b];
        if (to[b] > from[b]) {
          scores[knots] = to[b];
          confidences[knots++] = good[b] / count[b];
        }
      }
      return new ConfidenceMap.Isotonic(
          Arrays.copyOf(scores, knots), Arrays.copyOf(confidences, knots));
    }
  }

  /**
   * The share of right answers in bins of about as many answers each; equal scores are in one bin.
   *
   * @param bins at least 1, of at least {@link #FEWEST_IN_A_BIN} answers
   * @see <a href="https://dl.acm.org/doi/10.5555/645530.655658">Zadrozny and Elkan, 2001</a>
   */
  record Histogram(int bins) implements Fit {
    /** Fewer say next to nothing of their share. */
    public static final int FEWEST_IN_A_BIN = 5;

    /** How many bins there are where nobody says so: ten, or as many as there are answers for. */
    public static int usual(int answers) {
      return Math.clamp(answers / FEWEST_IN_A_BIN, 1, 10);
    }

    /**
     * Bins for some answers.
     *
     * @throws InvalidInput.ParameterOutOfRange at {@code /bins} if they are not enough
     */
    public static Histogram of(int bins, int answers) {
      if (bins < 1 || bins > answers / FEWEST_IN_A_BIN) {
        throw new InvalidInput.ParameterOutOfRange(
            "/bins",
            bins,
            "between 1 and "
                + answers / FEWEST_IN_A_BIN
                + ", so that each holds "
                + FEWEST_IN_A_BIN
                + " answers");
      }
      return new Histogram(bins);
    }

    @Override
    public ConfidenceMap of(Answers answers) {
      ScoreCounts counts = answers.counts();
      var edges = new double[bins];
      var confidences = new double[bins];
      int found = 0;
      int seen = 0;
      int held = 0;
      int right = 0;
      for (int i = 0; i < counts.size(); i++) {
        held += counts.count(i);
        right += counts.right(i);
        long full = (long) bins * (seen + held) / answers.size();
        if (full > (long) bins * seen / answers.size()) {
          boolean last = i + 1 == counts.size();
          edges[found] = last ? 0 : between(counts.score(i), counts.score(i + 1));
          confidences[found++] = (double) right / held;
          seen += held;
          held = 0;
          right = 0;
        }
      }
      return new ConfidenceMap.Histogram(
          Arrays.copyOf(edges, found - 1), Arrays.copyOf(confidences, found));
    }

    /** Halfway, and never at the upper one. */
    private static double between(double low, double high) {
      double middle = low + (high - low) / 2;
      return middle < high ? middle : low;
    }
  }
}
