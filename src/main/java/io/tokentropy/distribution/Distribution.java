package io.tokentropy.distribution;

import io.tokentropy.kernel.FloatRow;
import io.tokentropy.kernel.Kernel;
import io.tokentropy.kernel.RowSums;
import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A next-token distribution that is known as a whole. Held as scores in natural log, of any offset:
 * ln p_i = (score_i − max) · scale − ln Z. A token with score −∞ is masked: its probability is
 * exactly 0.
 */
public final class Distribution implements Row {
  /**
   * |Σp − 1| above this is an error; a plainly summed float32 softmax over 2^18 tokens is off by up
   * to 2e-4.
   */
  public static final double MASS_TOLERANCE = 1e-3;

  private static final String FINITE_OR_MASKED =
      "a number below +Infinity, or -Infinity for a masked token";

  /** A row that nobody has looked into yet, as it stands in the body that it came in. */
  private final @Nullable FloatRow unread;

  private final int size;
  private final double scale;
  private final RowSums sums;
  private final double lnZ;
  private final double massFound;
  private final boolean logits;
  private final double @Nullable [] scores;

  /** The probabilities as they were sent, where somebody will compare rows by them. */
  private final double @Nullable [] sent;

  /** The same with sums in double, once somebody asked for it. */
  private @Nullable Distribution wide;

  private Distribution(
      double[] scores, double scale, RowSums sums, double massFound, boolean logits) {
    this(scores, null, null, scores.length, scale, sums, massFound, logits);
  }

  private Distribution(
      double @Nullable [] scores,
      double @Nullable [] sent,
      @Nullable FloatRow unread,
      int size,
      double scale,
      RowSums sums,
      double massFound,
      boolean logits) {
    this.scores = scores;
    this.sent = sent;
    this.unread = unread;
    this.size = size;
    this.scale = scale;
    this.logits = logits;
    this.sums = sums;
    this.lnZ = Sums.ln1p(sums.rest);
    this.massFound = massFound;
  }

  /**
   * Softmax of logits.
   *
   * @param logits one score per token id, of any offset; ownership passes to the result, no copy is
   *     made
   * @param temperature above 0; the logits are divided by it first
   * @throws InvalidInput.NotFinite on NaN or +∞; carries the index
   * @throws InvalidInput.AllMasked if every logit is −∞
   * @throws InvalidInput.MissingInput if there is none
   * @throws InvalidInput.ParameterOutOfRange on a temperature that is not a positive number
   */
  public static Distribution ofLogits(double[] logits, double temperature) {
    double scale = scale(temperature);
    RowSums sums = scanned(logits);
    Kernel.best().moments(logits, 0, logits.length, scale, sums);
    return new Distribution(logits, scale, sums, 1, true);
  }

  /**
   * Softmax of logits where they stand in a body: summed by the float kernel, the entropy within
   * 1e-6 nat. Single numbers are looked up in the body, which must stay as it is for as long as
   * this is used.
   *
   * @throws InvalidInput.NotFinite on NaN or +∞; carries the index and the byte
   * @throws InvalidInput.AllMasked if every logit is −∞
   * @throws InvalidInput.MissingInput if there is none
   * @throws InvalidInput.ParameterOutOfRange on a temperature that is not a positive number
   */
  public static Distribution ofLogits(FloatRow logits, double temperature) {
    double scale = scale(temperature);
    requireSome(logits.length());
    var sums = new RowSums();
    Kernel kernel = Kernel.best();
    if (scale == 1) {
      kernel.entropy(logits, sums);
    } else {
      kernel.scan(logits, sums);
    }
    requireScores(sums, logits);
    if (scale != 1) {
      kernel.moments(logits, scale, sums);
    }
    return new Distribution(null, null, logits, logits.length(), scale, sums, 1, true);
  }

  /**
   * Refuses a row that a kernel found wanting.
   *
   * @throws InvalidInput.NotFinite on NaN or +∞; carries the index and the byte
   * @throws InvalidInput.AllMasked if every score is −∞
   */
  private static void requireScores(RowSums sums, FloatRow row) {
    if (sums.bad >= 0) {
      throw new InvalidInput.NotFinite(
              "/" + sums.bad, String.valueOf(row.at(sums.bad)), FINITE_OR_MASKED)
          .atByte(row.byteOf(sums.bad));
    }
    if (sums.max == Double.NEGATIVE_INFINITY) {
      throw new InvalidInput.AllMasked("");
    }
  }

  private static double scale(double temperature) {
    double scale = 1 / temperature;
    if (!(temperature > 0) || !(scale < Double.POSITIVE_INFINITY) || scale == 0) {
      throw new InvalidInput.ParameterOutOfRange(
          "/temperature", temperature, "a finite number above 0");
    }
    return scale;
  }

  /**
   * Log-probabilities over the whole vocabulary, renormalised if their mass is off by at most
   * {@link #MASS_TOLERANCE}. One above 0 by no more than that counts as 0: servers round.
   *
   * @param logprobs natural log; ownership passes to the result, which may overwrite the array
   * @throws InvalidInput.NotADistribution if the mass is off; carries the mass found
   * @throws InvalidInput.NotFinite on NaN or +∞; carries the index
   * @throws InvalidInput.AllMasked if every entry is −∞
   */
  public static Distribution ofLogprobs(double[] logprobs, double temperature) {
    RowSums sums = scanned(logprobs);
    if (sums.max > MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
          "/" + sums.argmax,
          "found " + sums.max + ", expected a natural log of a probability, at most 0");
    }
    Kernel.best().moments(logprobs, 0, logprobs.length, 1, sums);
    double mass = sums.z() * Math.exp(sums.max);
    if (sums.max > 0) {
      for (int i = 0; i < logprobs.length; i++) {
        logprobs[i] = Math.min(0, logprobs[i]);
      }
      sums = scanned(logprobs);
      Kernel.best().moments(logprobs, 0, logprobs.length, 1, sums);
    }
    requireMass(sums.z() * Math.exp(sums.max), "log-probabilities");
    return tempered(logprobs, temperature, sums, mass);
  }

  /**
   * Probabilities, renormalised if they sum to 1 within {@link #MASS_TOLERANCE}.
   *
   * @param probs one per token id; ownership passes to the result, which overwrites the array with
   *     logarithms
   * @throws InvalidInput.NotADistribution if one is negative or the sum is off; carries the mass
   *     found
   * @throws InvalidInput.NotFinite on NaN or infinity; carries the index
   * @throws InvalidInput.AllMasked if every probability is 0
   */
  public static Distribution ofProbs(double[] probs, double temperature) {
    requireSome(probs.length);
    double mass = 0;
    for (int i = 0; i < probs.length; i++) {
      double p = probs[i];
      if (!Double.isFinite(p)) {
        throw new InvalidInput.NotFinite("/" + i, String.valueOf(p), "a probability in [0, 1]");
      }
      if (p < 0) {
        throw new InvalidInput.NotADistribution(
            "/" + i, "found " + p + ", expected a probability, at least 0");
      }
      mass += p;
    }
    if (mass == 0) {
      throw new InvalidInput.AllMasked("");
    }
    requireMass(mass, "probabilities");
    for (int i = 0; i < probs.length; i++) {
      probs[i] = Math.log(probs[i]);
    }
    RowSums sums = scanned(probs);
    Kernel.best().moments(probs, 0, probs.length, 1, sums);
    return tempered(probs, temperature, sums, mass);
  }

  /**
   * The same for rows that are to be compared with one another: the numbers as they were sent stay
   * beside their logarithms, which round off where two of them differ by little.
   */
  public static Distribution ofProbsToCompare(double[] probs, double temperature) {
    double[] sent = probs.clone();
    Distribution row = ofProbs(probs, temperature);
    return new Distribution(
        row.scores, sent, null, row.size, row.scale, row.sums, row.massFound, false);
  }

  private static Distribution tempered(
      double[] logs, double temperature, RowSums sums, double mass) {
    if (temperature == 1) {
      return new Distribution(logs, 1, sums, mass, false);
    }
    Distribution hot = ofLogits(logs, temperature);
    return new Distribution(logs, hot.scale, hot.sums, mass, false);
  }

  private static RowSums scanned(double[] scores) {
    requireSome(scores.length);
    var sums = new RowSums();
    Kernel.best().scan(scores, 0, scores.length, sums);
    if (sums.bad >= 0) {
      throw new InvalidInput.NotFinite(
          "/" + sums.bad, String.valueOf(scores[sums.bad]), FINITE_OR_MASKED);
    }
    if (sums.max == Double.NEGATIVE_INFINITY) {
      throw new InvalidInput.AllMasked("");
    }
    return sums;
  }

  private static void requireSome(int size) {
    if (size == 0) {
      throw new InvalidInput.MissingInput("", "the row is empty; expected at least one token");
    }
  }

  private static void requireMass(double mass, String what) {
    if (!(Math.abs(mass - 1) <= MASS_TOLERANCE)) {
      throw new InvalidInput.NotADistribution(
          "", "the " + what + " have mass " + mass + ", expected 1 within " + MASS_TOLERANCE);
    }
  }

  /** V: the number of tokens, masked ones included. */
  public int size() {
    return size;
  }

  private double rawScore(int id) {
    double[] known = scores;
    if (known != null) {
      return known[id];
    }
    return unread == null ? Double.NaN : unread.at(id);
  }

  @Override
  public OptionalInt vocabSize() {
    return OptionalInt.of(size);
  }

  @Override
  public Interval entropy() {
    return Interval.exactly(sums.entropy());
  }

  @Override
  public Interval decisiveEntropy() {
    return inDouble().entropy();
  }

  /**
   * The same row with its sums in double: a float kernel's 1e-6 must not decide. A row that was
   * summed in double is itself.
   */
  public Distribution inDouble() {
    FloatRow row = unread;
    if (row == null || !sums.rough) {
      return this;
    }
    Distribution known = wide;
    if (known == null) {
      RowSums all = like(sums);
      Kernel.best().moments(row, scale, all);
      known = with(row, all);
    }
    return known;
  }

  /** The same, for who has all {@link #lnRatios} already. */
  public Distribution inDouble(double[] lnRatios) {
    FloatRow row = unread;
    if (row == null || !sums.rough || wide != null) {
      return inDouble();
    }
    RowSums all = like(sums);
    all.max = 0;
    Kernel.best().moments(lnRatios, 0, size, 1, all);
    all.max = sums.max;
    return with(row, all);
  }

  private static RowSums like(RowSums found) {
    var all = new RowSums();
    all.max = found.max;
    all.argmax = found.argmax;
    return all;
  }

  private Distribution with(FloatRow row, RowSums all) {
    wide = new Distribution(null, null, row, size, scale, all, massFound, logits);
    return wide;
  }

  /** Variance of the surprisal −ln p, in nats squared. */
  public double varentropy() {
    return inDouble().sums.varentropy();
  }

  /** The most probable token; of several, the lowest id. */
  public int top() {
    return sums.argmax;
  }

  /** Natural log of a token's probability; −∞ if it is masked. */
  public double lnProb(int id) {
    return (rawScore(id) - sums.max) * scale - lnZ;
  }

  /** ln(p / p₁), p₁ of the most probable token; at most 0, −∞ for a masked token. */
  public double lnRatio(int id) {
    return (rawScore(id) - sums.max) * scale;
  }

  /**
   * {@link #lnRatio} of all tokens.
   *
   * @param out receives them, by id
   * @return the least of them
   */
  public double lnRatios(double[] out) {
    double[] known = scores;
    FloatRow row = unread;
    if (known != null) {
      return Kernel.best().ratios(known, sums.max, scale, out);
    }
    return row == null ? Double.NaN : Kernel.best().ratios(row, sums.max, scale, out);
  }

  /** Σ p / p₁ over all tokens but the most probable one; to full relative accuracy. */
  public double rest() {
    return sums.rest;
  }

  public double prob(int id) {
    return Math.exp((rawScore(id) - sums.max) * scale) / sums.z();
  }

  /** All probabilities, by token id, in a fresh array; they sum to 1 up to rounding. */
  public double[] probs() {
    var probs = new double[size];
    for (int i = 0; i < probs.length; i++) {
      probs[i] = prob(i);
    }
    return probs;
  }

  /** All natural-log probabilities, by token id, in a fresh array; −∞ for a masked token. */
  public double[] lnProbs() {
    var lnProbs = new double[size];
    for (int i = 0; i < lnProbs.length; i++) {
      lnProbs[i] = lnProb(i);
    }
    return lnProbs;
  }

  /** Whether the caller sent logits, whose offset means something to some measures. */
  public boolean isFromLogits() {
    return logits;
  }

  /** What the softmax was taken of: the caller's score, divided by the temperature. */
  public double score(int id) {
    return rawScore(id) * scale;
  }

  /**
   * How much more ln(p / q) is for a token than for another, with p of this row and q of the other:
   * to the last digits of what was sent, where both rows are of one kind and temperature. Neither
   * token may be masked in the other row, nor {@code anchor} here; −∞ if {@code id} is masked here.
   */
  double scoreOver(Distribution other, int id, int anchor) {
    if (lnRatio(id) == Double.NEGATIVE_INFINITY) {
      return Double.NEGATIVE_INFINITY;
    }
    if (scale != other.scale) {
      return difference(lnRatio(id), other.lnRatio(id), lnRatio(anchor), other.lnRatio(anchor));
    }
    double[] mine = sent;
    double[] theirs = other.sent;
    return scale
        * (mine == null || theirs == null
            ? difference(rawScore(id), other.rawScore(id), rawScore(anchor), other.rawScore(anchor))
            : lnQuotient(mine[id], theirs[id]) - lnQuotient(mine[anchor], theirs[anchor]));
  }

  /** (a − b) − (c − d), with what both inner differences round off. */
  private static double difference(double a, double b, double c, double d) {
    double first = a - b;
    double second = c - d;
    return first - second + (roundedOff(a, b, first) - roundedOff(c, d, second));
  }

  /** What a − b is more than its rounded value, exactly. */
  private static double roundedOff(double a, double b, double difference) {
    double taken = a - difference;
    return (a - (difference + taken)) + (taken - b);
  }

  private static double lnQuotient(double a, double b) {
    return Math.abs(a - b) <= b / 2 ? Math.log1p((a - b) / b) : Math.log(a) - Math.log(b);
  }

  /** The mass that the caller's numbers had before renormalisation; 1 for logits. */
  public double massFound() {
    return massFound;
  }
}
