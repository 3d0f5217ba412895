package io.tokentropy.distribution;

import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The best k tokens of a full softmax; of the rest only the {@link Tail} is known.
 *
 * <p>{@link #entropy} has the best possible bounds, both attained. Upper: the tail uniform, r
 * ln(n/r) over n unseen tokens. Lower: as many unseen tokens as possible at the cap and one at the
 * remainder, −m·c·ln c − ρ ln ρ with m = ⌊r/c⌋ and ρ = r − m·c. Renormalising the list, as is often
 * done, understates the entropy.
 */
public final class PartialDistribution implements Row {
  /** Printed by servers for −∞: vLLM −9999, SGLang −3.4e38. */
  private static final double SENTINEL = -1000;

  /** Printed by some servers for −∞; a real log-probability is never exactly this twice. */
  private static final double REPEATED_SENTINEL = -100;

  /**
   * What k additions of doubles may leave of 1 when nothing is missing; a tail of this mass counts
   * as none. Worth at most 5e-11 nat at V = 2^20.
   */
  public static final double NEGLIGIBLE_MASS = 1e-12;

  /** An interval of this width, in nats, is a point but for rounding. */
  private static final double POINT = 1e-12;

  /** A mass that is off by less than this is not worth a warning. */
  private static final double WORTH_A_WARNING = 1e-6;

  private static final Comparator<Entry> MOST_PROBABLE_FIRST =
      Comparator.comparingDouble(Entry::lnProb)
          .reversed()
          .thenComparing(Entry::id, Comparator.nullsLast(Comparator.naturalOrder()));

  /** One token of the list. */
  public record Entry(double lnProb, @Nullable Integer id, @Nullable String token) {
    public Entry(double lnProb) {
      this(lnProb, null, null);
    }

    private Entry minus(double shift) {
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
  private final double[] lnProbs;
  private final @Nullable Entry sampled;
  private final boolean complete;
  private final boolean closed;
  private final OptionalInt vocabSize;
  private final int listed;
  private final double massSeen;
  private final Tail tail;
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
      double massSeen,
      Tail tail,
      double shift) {
    this.best = List.copyOf(listing.best);
    this.lnProbs = best.stream().mapToDouble(entry -> entry.lnProb() - shift).toArray();
    this.sampled = listing.sampled == null ? null : listing.sampled.minus(shift);
    this.complete = complete;
    this.closed = closed;
    this.vocabSize = vocabSize;
    this.listed = listing.known();
    this.massSeen = massSeen;
    this.tail = tail;
    double entropy = sampled == null ? 0 : surprise(sampled.lnProb());
    for (double lnProb : lnProbs) {
      entropy += surprise(lnProb);
    }
    this.seenEntropy = Math.max(0, entropy);
    this.repairs = Set.copyOf(listing.repairs);
  }

  /**
   * Reads a list of the best k.
   *
   * @param entries in any order, natural log of the full softmax
   * @param sampled log-probability of the sampled token, when it is outside the list: known mass,
   *     but no cap
   * @param complete nothing is missing from the list
   * @param vocabSize V; without it there is no upper bound
   * @throws InvalidInput.InconsistentTopLogprobs if the list cannot be the best k of any softmax
   *     over V tokens
   * @throws InvalidInput.NotADistribution on a positive log-probability or a mass above 1.001
   * @throws InvalidInput.NotFinite on NaN or +∞
   * @throws InvalidInput.MissingInput if nothing is known at all
   */
  public static PartialDistribution of(
      List<Entry> entries, OptionalDouble sampled, boolean complete, OptionalInt vocabSize) {
    requireLnProbs(entries, sampled);
    requireDistinctIds(entries, vocabSize);
    Listing listing = Listing.read(entries, sampled, complete);
    if (vocabSize.isPresent() && vocabSize.getAsInt() < listing.known()) {
      throw new InvalidInput.InconsistentTopLogprobs(
          "", listing.known() + " tokens are listed, but vocab_size is " + vocabSize.getAsInt());
    }
    double mass = listing.mass();
    if (mass > 1 + Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
          "",
          "the list has mass "
              + mass
              + ", above 1; expected natural logarithms of probabilities of the full softmax");
    }
    OptionalInt unseen =
        vocabSize.isPresent()
            ? OptionalInt.of(vocabSize.getAsInt() - listing.known())
            : OptionalInt.empty();
    boolean closed = complete || listing.closed || unseen.orElse(1) == 0;
    double missing = 1 - mass;
    requireRoom(missing, closed ? 0 : new Tail(0, listing.cap(), unseen).room());
    boolean nothingMissing = closed || missing <= 0;
    var tail =
        new Tail(nothingMissing || missing < NEGLIGIBLE_MASS ? 0 : missing, listing.cap(), unseen);
    if (nothingMissing && Math.abs(missing) > WORTH_A_WARNING) {
      listing.repairs.add(Repair.RENORMALISED);
    }
    return new PartialDistribution(
        listing,
        complete,
        closed,
        vocabSize,
        Math.min(1, mass),
        tail,
        nothingMissing ? Math.log(mass) : 0);
  }

  private static void requireLnProbs(List<Entry> entries, OptionalDouble sampled) {
    for (int i = 0; i < entries.size(); i++) {
      requireLnProb(entries.get(i).lnProb(), "/" + i);
    }
    if (sampled.isPresent()) {
      requireLnProb(sampled.getAsDouble(), "/sampled_logprob");
    }
  }

  private static void requireLnProb(double lnProb, String pointer) {
    if (Double.isNaN(lnProb) || lnProb == Double.POSITIVE_INFINITY) {
      throw new InvalidInput.NotFinite(
          pointer, String.valueOf(lnProb), "a natural log of a probability, at most 0");
    }
    if (lnProb > Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
              pointer, "found " + lnProb + ", expected a natural log of a probability, at most 0")
          .withHint("Are these logits? Logits go into `logits`, over the whole vocabulary.");
    }
  }

  private static void requireDistinctIds(List<Entry> entries, OptionalInt vocabSize) {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      Integer id = entries.get(i).id();
      if (id == null) {
        continue;
      }
      if (!ids.add(id)) {
        throw new InvalidInput.InconsistentTopLogprobs(
            "/" + i, "token id " + id + " is listed twice");
      }
      if (id < 0 || id >= vocabSize.orElse(Integer.MAX_VALUE)) {
        throw new InvalidInput.InconsistentTopLogprobs(
            "/" + i,
            "token id "
                + id
                + " is outside the vocabulary; expected at least 0"
                + (vocabSize.isPresent() ? " and below vocab_size = " + vocabSize.getAsInt() : ""));
      }
    }
  }

  private static void requireRoom(double missing, double room) {
    if (missing > room + Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.InconsistentTopLogprobs(
          "",
          "the list leaves a mass of "
              + missing
              + ", but the tokens not listed can hold at most "
              + room
              + ": this is not the best k of a full softmax");
    }
  }

  /** The caller's list, sorted, with sentinels and the sampled token told apart. */
  private static final class Listing {
    private final List<Entry> best;
    private final Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    private @Nullable Entry sampled;
    private int sentinels;
    private boolean closed;

    private Listing(List<Entry> entries) {
      this.best = new ArrayList<>(entries);
    }

    static Listing read(List<Entry> entries, OptionalDouble sampled, boolean complete) {
      var listing = new Listing(entries);
      boolean hundreds =
          entries.stream().filter(entry -> entry.lnProb() == REPEATED_SENTINEL).count() > 1;
      listing.dropSentinels(hundreds);
      if (sampled.isPresent()) {
        listing.addSampled(sampled.getAsDouble(), hundreds);
      } else if (!complete && !listing.closed && startsWithSampled(listing.best)) {
        listing.sampled = listing.best.removeFirst();
        listing.repairs.add(Repair.SAMPLED_OUTSIDE_TOP_K);
      }
      listing.best.sort(MOST_PROBABLE_FIRST);
      listing.requireSomethingKnown();
      return listing;
    }

    private void dropSentinels(boolean hundreds) {
      int before = best.size();
      best.removeIf(entry -> isSentinel(entry.lnProb(), hundreds));
      sentinels = before - best.size();
      if (sentinels > 0) {
        repairs.add(Repair.SENTINEL);
        closed = true;
      }
    }

    private static boolean isSentinel(double lnProb, boolean hundreds) {
      return PartialDistribution.isSentinel(lnProb) || (hundreds && lnProb == REPEATED_SENTINEL);
    }

    private void addSampled(double lnProb, boolean hundreds) {
      if (isSentinel(lnProb, hundreds)) {
        repairs.add(Repair.SENTINEL);
      } else {
        sampled = new Entry(lnProb);
      }
    }

    /**
     * vLLM puts the sampled token first, whatever its rank. Taking it for an outsider is safe: it
     * only widens the bounds.
     */
    private static boolean startsWithSampled(List<Entry> entries) {
      if (entries.size() < 2 || entries.getFirst().lnProb() >= entries.getLast().lnProb()) {
        return false;
      }
      for (int i = 2; i < entries.size(); i++) {
        if (entries.get(i).lnProb() > entries.get(i - 1).lnProb()) {
          return false;
        }
      }
      return true;
    }

    private void requireSomethingKnown() {
      if (best.isEmpty() && sampled == null) {
        throw new InvalidInput.MissingInput(
            "", "the list has no token with a probability; expected at least one");
      }
      if (!best.isEmpty()
          && sampled != null
          && sampled.lnProb() > best.getLast().lnProb() + Distribution.MASS_TOLERANCE) {
        throw new InvalidInput.InconsistentTopLogprobs(
            "/sampled_logprob",
            "found "
                + sampled.lnProb()
                + ", above the least of the list, "
                + best.getLast().lnProb()
                + ": it would belong to the list");
      }
    }

    int known() {
      return best.size() + sentinels + (sampled == null ? 0 : 1);
    }

    double mass() {
      double mass = sampled == null ? 0 : Math.exp(sampled.lnProb());
      for (Entry entry : best) {
        mass += Math.exp(entry.lnProb());
      }
      return mass;
    }

    double cap() {
      if (sentinels > 0) {
        return 0;
      }
      return best.isEmpty() ? Math.max(0, 1 - mass()) : Math.exp(best.getLast().lnProb());
    }
  }

  @Override
  public Interval entropy() {
    double low = seenEntropy + tail.leastEntropy();
    OptionalDouble greatest = tail.greatestEntropy();
    if (greatest.isEmpty()) {
      return new Interval(low, Double.POSITIVE_INFINITY);
    }
    double high = seenEntropy + greatest.getAsDouble();
    return high - low <= POINT ? Interval.exactly(high) : new Interval(low, high);
  }

  /** −p ln p of ln p. */
  private static double surprise(double lnProb) {
    return -lnProb * Math.exp(lnProb);
  }

  /** The entropy of the listed tokens without any term for the tail, in nats. */
  public double truncatedEntropy() {
    return seenEntropy;
  }

  /** The tail counted as one more token, in nats: a lower bound, weaker than {@link #entropy}'s. */
  public double bucketEntropy() {
    return hasTail() ? seenEntropy + surprise(Math.log(tail.mass())) : seenEntropy;
  }

  /**
   * The entropy of what is listed, the sampled token included, scaled to mass 1, in nats: below the
   * true entropy wherever there is a tail.
   */
  public double renormalisedEntropy() {
    double mass = hasTail() ? massSeen : 1;
    return Math.max(0, Math.log(mass) + seenEntropy / mass);
  }

  /** The best k, most probable first, as the caller named them; equal probabilities go by id. */
  public List<Entry> best() {
    return best;
  }

  /**
   * ln p of {@link #best}, in the same order, renormalised where nothing is missing; a fresh array.
   */
  public double[] lnProbs() {
    return lnProbs.clone();
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
   * list is not {@link #closed}, they may still share {@link #NEGLIGIBLE_MASS}.
   */
  public boolean hasTail() {
    return tail.mass() > 0;
  }

  /** What is not listed. */
  public Tail tail() {
    return tail;
  }

  /** Σp of what is listed, the sampled token included. */
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
   * How many tokens are known by name or number: the list, those at a sentinel included, and the
   * sampled token.
   */
  public int listed() {
    return listed;
  }

  public Set<Repair> repairs() {
    return repairs;
  }
}
