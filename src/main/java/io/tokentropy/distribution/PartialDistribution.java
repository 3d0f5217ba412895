package io.tokentropy.distribution;

import io.tokentropy.kernel.Sums;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The best k tokens of a full softmax; of the rest only the {@link Tail} is known.
 *
 * <p>{@link #entropy} has the best possible bounds. Upper: the tail uniform, r ln(n/r) over n
 * unseen tokens. Lower: as many unseen tokens as possible at the cap and one at the remainder,
 * −m·c·ln c − ρ ln ρ with m = ⌊r/c⌋ and ρ = r − m·c. Renormalising the list, as is often done,
 * understates the entropy.
 *
 * <p>What is listed was rounded, by the server to a stated {@code massError}, and by doubles in any
 * case: the mass of the tail is known to that on both sides, and the probabilities to as much,
 * relatively. The bounds allow for it ({@link Completion}).
 */
public final class PartialDistribution implements Row {
  /** Printed by servers for −∞: vLLM −9999, SGLang −3.4e38. */
  private static final double SENTINEL = -1000;

  /** A tail of this mass counts as none where a figure of the list alone is asked for. */
  private static final double NEGLIGIBLE_MASS = 1e-12;

  /** Where servers' float32 rounding ends, a stated error above this has another cause. */
  public static final double GREATEST_MASS_ERROR = 0.01;

  /** An interval of this width, relative to its high end, is a point but for rounding. */
  private static final double POINT = 1e-12;

  /** A mass that is off by less than this is not worth a warning. */
  static final double WORTH_A_WARNING = 1e-6;

  /** One token of the list. */
  public record Entry(double lnProb, @Nullable Integer id, @Nullable String token) {
    public Entry(double lnProb) {
      this(lnProb, null, null);
    }

    Entry minus(double shift) {
      return shift == 0 ? this : new Entry(lnProb - shift, id, token);
    }
  }

  /** Whether servers print this value for −∞, whatever stands beside it. */
  public static boolean isSentinel(double lnProb) {
    return lnProb <= SENTINEL;
  }

  /** What was mended on the way in; each is worth a warning. */
  public enum Repair {
    /** A floor value stood for probability 0. */
    SENTINEL,
    /** The first entry was the sampled token, outside the best k. */
    SAMPLED_OUTSIDE_TOP_K,
    /** The mass was above 1 by rounding, or off by rounding with nothing missing. */
    RENORMALISED
  }

  private final List<Entry> best;
  private final double[] listedLnProbs;
  private final @Nullable Entry sampled;
  private final boolean complete;
  private final boolean closed;
  private final OptionalInt vocabSize;
  private final int listed;
  private final double massSeen;
  private final Interval massRange;
  private final double lnLeast;
  private final double lnGreatest;
  private final boolean ratiosOnly;
  private final Tail tail;
  private final double massError;
  private final double error;
  private final double excess;
  private final Tail leastTail;
  private final Tail greatestTail;
  private final Interval entropy;
  private final double seenEntropy;
  private final Set<Repair> repairs;

  /**
   * @param shift ln of the mass that becomes 1, where nothing is missing; else 0
   */
  private PartialDistribution(
      Listing listing,
      boolean complete,
      boolean closed,
      OptionalInt vocabSize,
      double massError,
      Tail tail,
      double shift) {
    this.best = List.copyOf(listing.best);
    double[] ln = shift == 0 ? listing.lnProbs() : Listing.minus(listing.lnProbs(), shift);
    double[] p = shift == 0 ? listing.probs() : Listing.exp(ln);
    this.listedLnProbs = ln;
    this.sampled = listing.sampled == null ? null : listing.sampled.minus(shift);
    this.complete = complete;
    this.closed = closed;
    this.vocabSize = vocabSize;
    this.listed = listing.known();
    double missing = listing.missing();
    this.massSeen = Math.min(1, 1 - missing);
    this.massRange = Interval.exactly(massSeen);
    this.lnLeast = 0;
    this.lnGreatest = 0;
    this.ratiosOnly = false;
    this.tail = tail;
    this.massError = massError;
    this.excess = Math.max(0, -missing);
    this.error =
        closed ? massError + Math.min(Math.abs(missing), massError) : listing.error(massError);
    this.leastTail = closed ? tail : tail(missing - error, missing);
    this.greatestTail = closed ? tail : tail(missing + error, missing);
    this.seenEntropy = seenEntropy(ln, p);
    this.entropy = bounds(ln, p);
    this.repairs = Collections.unmodifiableSet(EnumSet.copyOf(listing.repairs));
  }

  /** The row before the temperature or the filter that a list was reported after. */
  PartialDistribution(PartialDistribution reported, RawRow raw) {
    double least = raw.lnTotal(raw.leastTail());
    double greatest = raw.lnTotal(raw.greatestTail());
    this.lnGreatest = Math.log1p(Math.tanh((greatest - least) / 2));
    this.lnLeast = least + lnGreatest - greatest;
    double[] ln = Listing.minus(raw.lnWeights, least + lnGreatest);
    double[] p = Listing.exp(ln);
    this.listedLnProbs = ln;
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < ln.length; i++) {
      Entry entry = reported.best.get(i);
      entries.add(new Entry(ln[i], entry.id(), entry.token()));
    }
    this.best = List.copyOf(entries);
    this.sampled = null;
    this.complete = reported.complete && raw.closed();
    this.closed = raw.closed() || (raw.leastTail() == 0 && raw.greatestTail() == 0);
    this.vocabSize = reported.vocabSize;
    this.listed = best.size();
    this.massSeen = reported.massSeen;
    this.ratiosOnly = raw.ratiosOnly();
    this.massError = reported.massError;
    this.excess = 0;
    this.error = raw.error;
    this.leastTail = raw.tail(raw.leastTail(), -1);
    this.greatestTail = raw.tail(raw.greatestTail(), 1);
    this.massRange = new Interval(1 - greatestTail.mass(), 1 - leastTail.mass());
    this.tail =
        new Tail(
            leastTail.mass() + (greatestTail.mass() - leastTail.mass()) / 2,
            greatestTail.cap(),
            greatestTail.unseen());
    this.seenEntropy = seenEntropy(ln, p);
    Interval outer = bounds(ln, p);
    this.entropy = raw.entropy(outer.low(), outer.high());
    this.repairs = reported.repairs;
  }

  private static double seenEntropy(double[] ln, double[] p) {
    double seen = 0;
    for (int i = 0; i < ln.length; i++) {
      seen -= ln[i] * p[i];
    }
    return seen;
  }

  private Tail tail(double mass, double missing) {
    double cap = Math.min(1, best.isEmpty() ? tail.cap() + error : tail.cap() * (1 + error));
    double room = new Tail(0, cap, tail.unseen()).room();
    double most = missing - error <= room ? room : missing;
    return new Tail(Math.clamp(mass, 0, Math.min(1, most)), cap, tail.unseen());
  }

  private Interval bounds(double[] ln, double[] p) {
    double low = mostUneven(ln, p).entropy();
    if (error == 0) {
      return Interval.exactly(low);
    }
    if (vocabSize.isEmpty() && hasTail()) {
      return new Interval(low, Double.POSITIVE_INFINITY);
    }
    double high = Math.max(low, mostEven(ln, p).entropy());
    return high - low <= POINT * high
        ? Interval.exactly(Completion.of(ln, p, tail.packed()).entropy())
        : new Interval(low, high);
  }

  /** Of the rows that fit, within the error of the list, the most uneven one or a row beyond it. */
  public Completion mostUneven() {
    return mostUneven(listedLnProbs, Listing.exp(listedLnProbs));
  }

  private Completion mostUneven(double[] ln, double[] p) {
    if (error == 0) {
      return Completion.of(ln, p, List.of());
    }
    double[] most = lnGreatest == 0 ? ln : Listing.minus(ln, -lnGreatest);
    return Completion.uneven(most, lnGreatest == 0 ? p : Listing.exp(most), error, leastTail);
  }

  /** Of the rows that fit, within the error of the list, the most even one or a row beyond it. */
  public Completion mostEven() {
    return mostEven(listedLnProbs, Listing.exp(listedLnProbs));
  }

  private Completion mostEven(double[] ln, double[] p) {
    if (error == 0) {
      return Completion.of(ln, p, List.of());
    }
    double[] least = lnLeast == 0 ? ln : Listing.minus(ln, -lnLeast);
    double[] probs = lnLeast == 0 ? p : Listing.exp(least);
    double missing = lnLeast == 0 ? tail.mass() : 1 - Sums.of(probs);
    return Completion.even(least, probs, best.size(), error, greatestTail, missing);
  }

  /** A list that nobody rounded. */
  public static PartialDistribution of(
      List<Entry> entries, OptionalDouble sampled, boolean complete, OptionalInt vocabSize) {
    return of(entries, sampled, complete, vocabSize, 0);
  }

  /**
   * Reads a list of the best k.
   *
   * @param entries in any order, natural log of the full softmax; one in (0, {@link
   *     Distribution#MASS_TOLERANCE}] counts as 0
   * @param sampled log-probability of the sampled token, when it is outside the list: known mass,
   *     but no cap
   * @param complete nothing is missing from the list
   * @param vocabSize V; without it there is no upper bound
   * @param massError how far the sender's rounding may have moved each probability, relatively, and
   *     so the mass of the list; 0 where nobody rounded
   * @throws InvalidInput.InconsistentTopLogprobs if the list cannot be the best k of any softmax
   *     over V tokens
   * @throws InvalidInput.NotADistribution on a positive log-probability or a mass above 1.001
   * @throws InvalidInput.NotFinite on NaN or +∞
   * @throws InvalidInput.MissingInput if nothing is known at all
   * @throws InvalidInput.ParameterOutOfRange on a mass error outside [0, {@link
   *     #GREATEST_MASS_ERROR}]
   */
  public static PartialDistribution of(
      List<Entry> entries,
      OptionalDouble sampled,
      boolean complete,
      OptionalInt vocabSize,
      double massError) {
    if (!(massError >= 0 && massError <= GREATEST_MASS_ERROR)) {
      throw new InvalidInput.ParameterOutOfRange(
          "/mass_error", massError, "between 0 and " + GREATEST_MASS_ERROR);
    }
    Listing.require(entries, sampled, vocabSize);
    Listing listing = Listing.read(entries, sampled, complete);
    if (vocabSize.isPresent() && vocabSize.getAsInt() < listing.known()) {
      throw new InvalidInput.InconsistentTopLogprobs(
          "", listing.known() + " tokens are listed, but vocab_size is " + vocabSize.getAsInt());
    }
    double missing = listing.missing();
    if (missing < -Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
          "",
          "the list has mass "
              + (1 - missing)
              + ", above 1; expected natural logarithms of probabilities of the full softmax");
    }
    OptionalInt unseen =
        vocabSize.isPresent()
            ? OptionalInt.of(vocabSize.getAsInt() - listing.known())
            : OptionalInt.empty();
    boolean closed = complete || listing.closed || unseen.orElse(1) == 0;
    Listing.requireRoom(missing, closed ? 0 : new Tail(0, listing.cap(), unseen).room());
    boolean nothingMissing = closed || missing <= 0;
    var tail = new Tail(nothingMissing ? 0 : missing, listing.cap(), unseen);
    if (nothingMissing && Math.abs(missing) > WORTH_A_WARNING) {
      listing.repairs.add(Repair.RENORMALISED);
    }
    return new PartialDistribution(
        listing,
        complete,
        closed,
        vocabSize,
        massError,
        tail,
        nothingMissing ? Math.log1p(-missing) : 0);
  }

  @Override
  public Interval entropy() {
    return entropy;
  }

  /** −p ln p of ln p. */
  private static double surprise(double lnProb) {
    return 0 - lnProb * Math.exp(lnProb);
  }

  /** The entropy of the listed tokens without any term for the tail, in nats. */
  public double truncatedEntropy() {
    return seenEntropy;
  }

  /** The tail counted as one more token, in nats: a lower bound, weaker than {@link #entropy}'s. */
  public double bucketEntropy() {
    return tail.mass() > 0 ? seenEntropy + surprise(Math.log(tail.mass())) : seenEntropy;
  }

  /**
   * The entropy of what is listed, the sampled token included, scaled to mass 1, in nats: below the
   * true entropy wherever there is a tail.
   */
  public double renormalisedEntropy() {
    return Completion.of(listedLnProbs, Listing.exp(listedLnProbs), List.of()).entropy();
  }

  /** The best k, most probable first, as the caller named them; equal probabilities go by id. */
  public List<Entry> best() {
    return best;
  }

  /**
   * ln p of {@link #best}, in the same order, renormalised where nothing is missing; a fresh array.
   */
  public double[] lnProbs() {
    return Arrays.copyOf(listedLnProbs, best.size());
  }

  /** ln p of the sampled token where it is outside {@link #best}. */
  public OptionalDouble sampledLnProb() {
    return sampled == null ? OptionalDouble.empty() : OptionalDouble.of(sampled.lnProb());
  }

  /** The sampled token where it is outside {@link #best}; named if the list named it. */
  public @Nullable Entry sampled() {
    return sampled;
  }

  @Override
  public OptionalInt vocabSize() {
    return vocabSize;
  }

  /** Whether the caller said that nothing is missing. */
  public boolean complete() {
    return complete;
  }

  /**
   * Whether every token outside the list has probability 0: by the caller's word, because a
   * sentinel follows, or because there is no other token.
   */
  public boolean closed() {
    return closed;
  }

  /**
   * Whether tokens with a probability that counts may be missing from the list. If not, but the
   * list is not {@link #closed}, they may still share 1e-12 of the mass.
   */
  public boolean hasTail() {
    return greatestTail.mass() > NEGLIGIBLE_MASS;
  }

  /** How far the sender may have moved each probability, relatively, and the mass of the list. */
  public double massError() {
    return massError;
  }

  /**
   * How far each probability may be off where something is decided by it, relatively: {@link
   * #massError}, what doubles round, and what a mass above 1 betrays.
   */
  public double decisiveError() {
    return closed ? error : Math.max(error, excess);
  }

  /** What is not listed. */
  public Tail tail() {
    return tail;
  }

  /** The same with as little mass as the error of the list allows. */
  public Tail leastTail() {
    return leastTail;
  }

  /** The same with as much mass as the error of the list allows. */
  public Tail greatestTail() {
    return greatestTail;
  }

  /**
   * By which all of {@link #lnProbs} may be too great together: from its low to its high end. What
   * was not reported after a temperature or a filter is exactly at 1.
   */
  public Interval scale() {
    return new Interval(Math.exp(lnLeast), Math.exp(lnGreatest));
  }

  /** Whether nothing but ratios of probabilities is known, as behind a filter. */
  public boolean ratiosOnly() {
    return ratiosOnly;
  }

  /** The range of {@link #massSeen} of the row itself, before a temperature or a filter. */
  public Interval massRange() {
    return massRange;
  }

  /** Σp of what is listed, the sampled token included, as it was reported. */
  public double massSeen() {
    return massSeen;
  }

  /** r: what the list leaves of 1. */
  public double tailMass() {
    return tail.mass();
  }

  /** c: no token outside the list has a greater probability. */
  public double cap() {
    return tail.cap();
  }

  /**
   * How many tokens are known by name or number: the list and the sampled token, those at a
   * sentinel included.
   */
  public int listed() {
    return listed;
  }

  public Set<Repair> repairs() {
    return repairs;
  }
}
