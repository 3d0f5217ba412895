package io.tokentropy.labels;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A random row cut to its best k, with labels that own some of its tokens, and every way in which
 * the unseen tokens may share what is left.
 *
 * @param probs of all tokens, the best first; the text of token i is {@code t} and i
 * @param seen k
 * @param owner of each token; −1 for none
 * @param open whether a label is given by texts, so that it may own unseen tokens that nobody named
 */
record SmallRow(double[] probs, int seen, int[] owner, boolean[] open) {
  private static final double ROUNDING = 1e-12;

  static SmallRow of(SplittableRandom random, int most, boolean texts) {
    int size = 2 + random.nextInt(most - 1);
    double spread = 1 + random.nextInt(4);
    double[] logits = random.doubles(size, -spread, 0).map(x -> -x).sorted().toArray();
    var probs = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      probs[i] = Math.exp(-logits[i]);
      sum += probs[i];
    }
    for (int i = 0; i < size; i++) {
      probs[i] /= sum;
    }
    int labels = 1 + random.nextInt(Math.min(3, size));
    int[] owner = random.ints(size, -1, labels).toArray();
    int first = random.nextInt(size);
    var open = new boolean[labels];
    for (int i = 0; i < labels; i++) {
      owner[(first + i) % size] = i;
      open[i] = texts && random.nextInt(3) == 0;
    }
    return new SmallRow(probs, 1 + random.nextInt(size - 1), owner, open);
  }

  int labels() {
    return open.length;
  }

  LabelSet labelSet() {
    var labels = new ArrayList<Label>();
    for (int label = 0; label < labels(); label++) {
      var ids = new ArrayList<Integer>();
      var texts = new ArrayList<String>();
      for (int token = 0; token < probs.length; token++) {
        if (owner[token] == label && !open[label]) {
          ids.add(token);
        } else if (owner[token] == label && token < seen) {
          texts.add("t" + token);
        }
      }
      if (open[label]) {
        texts.add("label " + label);
      }
      labels.add(new Label("label " + label, ids, texts, OptionalDouble.of(score(label))));
    }
    return new LabelSet(labels, Match.TRIM, false);
  }

  static double score(int label) {
    return new double[] {2, 5, 1}[label];
  }

  PartialDistribution list() {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < seen; i++) {
      entries.add(new Entry(Math.log(probs[i]), i, "t" + i));
    }
    return PartialDistribution.of(
        entries, OptionalDouble.empty(), false, OptionalInt.of(probs.length));
  }

  LabelFigures figures() {
    return labelSet().of(list(), null);
  }

  double cap() {
    return probs[seen - 1];
  }

  double tail() {
    double tail = 0;
    for (int i = seen; i < probs.length; i++) {
      tail += probs[i];
    }
    return tail;
  }

  int unseen() {
    return probs.length - seen;
  }

  /** The probabilities of the labels, and at the end that of the rest. */
  double[] sums(int[] owners, double[] unseen) {
    var sums = new double[labels() + 1];
    for (int i = 0; i < probs.length; i++) {
      double prob = i < seen ? probs[i] : unseen[i - seen];
      sums[owners[i] < 0 ? labels() : owners[i]] += prob;
    }
    return sums;
  }

  /** Every way in which the labels of texts may own unseen tokens that nobody named. */
  List<int[]> owners() {
    var all = new ArrayList<int[]>();
    assign(owner.clone(), seen, all);
    return all;
  }

  private void assign(int[] owners, int token, List<int[]> all) {
    if (token == owners.length) {
      all.add(owners.clone());
      return;
    }
    boolean named = owner[token] >= 0 && !open[owner[token]];
    if (named) {
      assign(owners, token + 1, all);
      return;
    }
    for (int label = -1; label < labels(); label++) {
      if (label < 0 || open[label]) {
        owners[token] = label;
        assign(owners, token + 1, all);
      }
    }
  }

  /** Every corner of what the unseen tokens can have: all but one at 0 or at the cap. */
  List<double[]> corners() {
    int n = unseen();
    var corners = new ArrayList<double[]>();
    for (int full = 0; full < 1 << n; full++) {
      double rest = tail() - Integer.bitCount(full) * cap();
      var probs = new double[n];
      for (int i = 0; i < n; i++) {
        probs[i] = (full >> i & 1) == 1 ? cap() : 0;
      }
      if (Math.abs(rest) <= ROUNDING) {
        corners.add(probs);
      }
      for (int i = 0; i < n && rest > ROUNDING && rest <= cap() + ROUNDING; i++) {
        if ((full >> i & 1) == 0) {
          var corner = probs.clone();
          corner[i] = rest;
          corners.add(corner);
        }
      }
    }
    return corners;
  }

  /** The greatest height found uphill from even shares, moving mass between two tokens at once. */
  double climb(SplittableRandom random, ToDoubleFunction<double[]> height, int steps) {
    double best = Double.NEGATIVE_INFINITY;
    for (int[] owners : owners()) {
      var at = new double[unseen()];
      Arrays.fill(at, tail() / unseen());
      best = Math.max(best, climb(random, height, steps, owners, at));
    }
    return best;
  }

  private double climb(
      SplittableRandom random,
      ToDoubleFunction<double[]> height,
      int steps,
      int[] owners,
      double[] at) {
    double reached = height.applyAsDouble(sums(owners, at));
    for (int step = 0; step < steps; step++) {
      int from = random.nextInt(at.length);
      int to = random.nextInt(at.length);
      double wanted = cap() * Math.pow(random.nextDouble(), 4);
      double moved = from == to ? 0 : Math.min(wanted, Math.min(at[from], cap() - at[to]));
      at[from] -= moved;
      at[to] += moved;
      double found = height.applyAsDouble(sums(owners, at));
      if (found >= reached) {
        reached = found;
      } else {
        at[from] += moved;
        at[to] -= moved;
      }
    }
    return reached;
  }
}
