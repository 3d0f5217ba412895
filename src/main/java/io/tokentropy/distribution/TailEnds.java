package io.tokentropy.distribution;

import java.util.ArrayDeque;

/**
 * The ends of the entropy of a row pᵢ = wᵢ/Z with wᵢ = qᵢ^T and T &gt; 1, where of q only the best
 * are known and a tail of n tokens, each at most c, that share the mass r; q is relative to the
 * best token.
 *
 * <p>H = ln Z − (B + S)/Z with Z = A + W, where A and B are the sums of w and w ln w of the list, W
 * and S those of the tail. It falls as S grows, and H ≤ h is convex in (W, S), since Z ln Z − hZ −
 * B − S is. With κ = ln Z − H, moving one q of the tail moves ZH by φ(q) = T q^(T−1) (κ − T ln q),
 * which rises and then falls. At both ends therefore all q within (0, c) but one are alike (two on
 * the falling branch would be better apart at the least H, two on the rising one at the greatest):
 *
 * <ul>
 *   <li>least: a tokens at c, one other, and the rest alike, below it;
 *   <li>greatest: b tokens alike, one other below them, and the rest 0.
 * </ul>
 *
 * <p>With a, b as real numbers and no other token H has one end, at a* and b*. The whole ones need
 * no search either:
 *
 * <ul>
 *   <li>At a* a tangent of Φ, the integral of φ, at the even token touches Φ(c). A tail with more
 *       than a* tokens at c lies above that tangent, and one with fewer above the chord from the
 *       even token to c, so a = ⌊a*⌋.
 *   <li>With u = q^(T−1) a tail is a mean of points on the convex curve S = W ln(W/r) T/(T−1), on
 *       which a tail of b tokens alike lies where W = r^T b^(1−T). If all q ≤ r/b and b ≥ b*, all
 *       those points have at most the H of b; if no more than b ≤ b* are above 0, W is at least
 *       that of b and S no less than the curve. So b = ⌊b*⌋.
 * </ul>
 *
 * <p>What is left is how large the one other token is. Of a stretch of its sizes S(W) is known at
 * the ends, with the range of its slope between them; this leaves a triangle, which is cut in two
 * until it cannot hold an H beyond the best one that was found, to {@link #PRECISION}.
 */
final class TailEnds {
  /** Of what is answered, relatively: the end is attained to this, and beyond by no more. */
  private static final double PRECISION = 1e-12;

  /** Steps of halving for a* and b*. */
  private static final int HALVINGS = 100;

  /** A few dozen are the rule; with more the end is a bound, no longer attained. */
  private static final int MOST_STRETCHES = 4000;

  /** Sums of three terms and a difference are off by no more, relatively to what is added. */
  private static final double ROUNDING = 8 * Math.ulp(1.0);

  private final double temperature;
  private final double listed;
  private final double listedSum;
  private final double cap;
  private final double unseen;

  /**
   * @param temperature T, above 1
   * @param listed sum of w over all listed tokens but the best, whose w is 1
   * @param listedSum B
   * @param cap c, above 0
   * @param unseen n, at least 1
   */
  TailEnds(double temperature, double listed, double listedSum, double cap, double unseen) {
    this.temperature = temperature;
    this.listed = listed;
    this.listedSum = listedSum;
    this.cap = cap;
    this.unseen = unseen;
  }

  private double weight(double q) {
    return Math.pow(q, temperature);
  }

  private double logs(double q) {
    return q <= 0 ? 0 : weight(q) * temperature * Math.log(q);
  }

  /** H of a tail with the sums W and S. */
  private double entropy(double tail, double logs) {
    double rest = listed + tail;
    return Math.log1p(rest) - (listedSum + logs) / (1 + rest);
  }

  /** The least H for the mass r, in nats. */
  double least(double mass) {
    double low = 0;
    double high = Math.min(unseen, mass / cap);
    if (!(high > 0) || isRising(mass, low)) {
      return even(mass, 0);
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = low + (high - low) / 2;
      if (middle == low || middle == high) {
        break;
      }
      if (isRising(mass, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    double atCap = Math.floor(low);
    double left = Math.max(0, mass - atCap * cap);
    double others = unseen - atCap - 1;
    if (others <= 0) {
      return even(mass, atCap);
    }
    return new Stretches(atCap, others, left, -1).end(left / (others + 1), Math.min(cap, left));
  }

  /** H with some tokens at c and the others alike. */
  private double even(double mass, double atCap) {
    double others = unseen - atCap;
    double each = each(mass, atCap);
    return entropy(
        atCap * weight(cap) + others * weight(each), atCap * logs(cap) + others * logs(each));
  }

  private double each(double mass, double atCap) {
    return atCap >= unseen ? cap : Math.max(0, (mass - atCap * cap) / (unseen - atCap));
  }

  /** Whether H grows as one more token goes to c: Φ(c) lies above the tangent at the others. */
  private boolean isRising(double mass, double atCap) {
    double q = each(mass, atCap);
    double tail = atCap * weight(cap) + (unseen - atCap) * weight(q);
    double surprise = Math.log1p(listed + tail) - even(mass, atCap);
    double slope =
        q <= 0 ? 0 : temperature * weight(q) / q * (surprise - temperature * Math.log(q));
    return potential(cap, surprise) - potential(q, surprise) - slope * (cap - q) >= 0;
  }

  /** Φ(q). */
  private double potential(double q, double surprise) {
    return q <= 0 ? 0 : weight(q) * (surprise + 1 - temperature * Math.log(q));
  }

  /** The greatest H for the mass r, in nats. */
  double greatest(double mass) {
    if (mass == 0) {
      return entropy(0, 0);
    }
    double even = mass / unseen;
    double low = even;
    double high = Math.max(low, Math.min(cap, mass));
    for (int i = 0; i < HALVINGS; i++) {
      double middle = low < high / 2 ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      double tail = mass / middle * weight(middle);
      double excess =
          Math.log1p(listed + tail)
              - temperature * Math.log(middle)
              - entropy(tail, mass / middle * logs(middle));
      if ((temperature - 1) * excess > 1) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double alike = low == even ? unseen : Math.clamp(Math.floor(mass / low), 1, unseen);
    if (alike == unseen) {
      return entropy(unseen * weight(even), unseen * logs(even));
    }
    double most = mass / (alike + 1);
    double fewest = Math.clamp(mass - alike * cap, 0, most);
    return new Stretches(0, alike, mass, 1).end(fewest, most);
  }

  /** A tail whose one other token has the size {@code one}. */
  private record Tail(double one, double each, double weight, double logs, double entropy) {}

  /** Of {@code one} from {@code from} to {@code to}, no H is beyond {@code bound}. */
  private record Stretch(Tail from, Tail to, double bound) {}

  /** All tails with {@code atCap} tokens at c, {@code many} alike, and one other. */
  private final class Stretches {
    private final double atCap;
    private final double many;
    private final double left;
    private final int side;

    /**
     * @param left the mass of {@code many} and the other
     * @param side −1 for the least H, 1 for the greatest
     */
    Stretches(double atCap, double many, double left, int side) {
      this.atCap = atCap;
      this.many = many;
      this.left = left;
      this.side = side;
    }

    /** The end of H over sizes of the one other token, beyond what is attained by rounding only. */
    double end(double least, double most) {
      Tail first = tail(least);
      Tail last = tail(most);
      double best = further(first.entropy, last.entropy);
      double doubt = doubt(first, last);
      var open = new ArrayDeque<Stretch>();
      open.push(stretch(first, last));
      for (int i = 0; i < MOST_STRETCHES && !open.isEmpty(); i++) {
        Stretch next = open.pop();
        double middle = next.from.one + (next.to.one - next.from.one) / 2;
        if (side * (next.bound - best) <= PRECISION * best + doubt
            || middle <= next.from.one
            || middle >= next.to.one) {
          continue;
        }
        Tail between = tail(middle);
        best = further(best, between.entropy);
        open.push(stretch(next.from, between));
        open.push(stretch(between, next.to));
      }
      double end = best + side * (PRECISION * best + doubt);
      for (Stretch stretch : open) {
        end = further(end, stretch.bound + side * doubt);
      }
      return end;
    }

    /**
     * What rounding may move a bound by, near T = 1, where the slope is steep and W hardly moves.
     */
    private double doubt(Tail a, Tail b) {
      double slope = slope(Math.max(a.one, b.one), Math.max(a.each, b.each));
      double most = Math.max(a.weight, b.weight);
      return ROUNDING * Math.abs(slope) * most / (1 + listed + Math.min(a.weight, b.weight));
    }

    private double further(double a, double b) {
      return side * (a - b) > 0 ? a : b;
    }

    private Tail tail(double one) {
      double each = Math.max(0, (left - one) / many);
      double weight = atCap * weight(cap) + weight(one) + many * weight(each);
      double logs = atCap * logs(cap) + logs(one) + many * logs(each);
      return new Tail(one, each, weight, logs, entropy(weight, logs));
    }

    private Stretch stretch(Tail from, Tail to) {
      boolean rises = from.weight < to.weight;
      Tail lower = rises ? from : to;
      Tail upper = rises ? to : from;
      double flat = slope(Math.min(from.one, to.one), Math.min(from.each, to.each));
      double steep = slope(Math.max(from.one, to.one), Math.max(from.each, to.each));
      double width = upper.weight - lower.weight;
      double rise = upper.logs - lower.logs;
      double first = side < 0 ? steep : flat;
      double second = side < 0 ? flat : steep;
      double at =
          steep > flat ? Math.clamp((rise - second * width) / (first - second), 0, width) : 0;
      double weight = lower.weight + at;
      double logs = lower.logs + first * at;
      double bound = further(entropy(weight, logs), further(from.entropy, to.entropy));
      if (side < 0) {
        bound = Math.min(bound, leastOn(lower.weight, weight, lower.logs, first));
        bound = Math.min(bound, leastOn(weight, upper.weight, logs, second));
      }
      return new Stretch(from, to, bound);
    }

    /** dS/dW = 1 + (u ln u − v ln v)/(u − v) T/(T−1), which grows with both u and v. */
    private double slope(double one, double each) {
      double greater = Math.max(one, each);
      double smaller = Math.min(one, each);
      if (smaller <= 0) {
        return 1 + temperature * Math.log(greater);
      }
      double power = temperature - 1;
      double lnRatio = power * Math.log(smaller / greater);
      double share = lnRatio == 0 ? 1 : lnRatio / Math.expm1(lnRatio);
      return 1 + temperature * Math.log(greater) + temperature / power * Math.exp(lnRatio) * share;
    }

    /** The least H where S grows from {@code logs} by {@code slope}: at Z = slope·Z − B − S. */
    private double leastOn(double from, double to, double logs, double slope) {
      double total = slope * (1 + listed + from) - listedSum - logs;
      double at = Math.clamp(total - 1 - listed, from, to);
      return entropy(at, logs + slope * (at - from));
    }
  }
}
