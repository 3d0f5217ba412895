package io.tokentropy.distribution;

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
 * The best k tokens of a full softmax; the rest, the tail, is unknown. What can be said of the
 * tail: its mass r is what the list leaves of 1, it is spread over the V − k tokens not seen, and
 * each of those has at most the probability of the k-th, the cap c.
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
   * What k additions of doubles may leave of 1 when nothing is missing; worth at most 5e-11 nat at
   * V = 2^20.
   */
  private static final double ROUNDING = 1e-12;

  /** One token of the list. */
  public record Entry(double lnProb, @Nullable Integer id, @Nullable String token) {
    public Entry(double lnProb) {
      this(lnProb, null, null);
    }
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
  private final OptionalDouble sampledLnProb;
  private final boolean complete;
  private final OptionalInt vocabSize;
  private final int listed;
  private final double massSeen;
  private final double tailMass;
  private final double cap;
  private final double seenEntropy;
  private final Set<Repair> repairs;

  private PartialDistribution(
      List<Entry> best,
      double[] lnProbs,
      OptionalDouble sampledLnProb,
      boolean complete,
      OptionalInt vocabSize,
      int listed,
      double massSeen,
      double tailMass,
      double cap,
      double seenEntropy,
      Set<Repair> repairs) {
    this.best = best;
    this.lnProbs = lnProbs;
    this.sampledLnProb = sampledLnProb;
    this.complete = complete;
    this.vocabSize = vocabSize;
    this.listed = listed;
    this.massSeen = massSeen;
    this.tailMass = tailMass;
    this.cap = cap;
    this.seenEntropy = seenEntropy;
    this.repairs = repairs;
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
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    requireLnProbs(entries, sampled);
    List<Entry> seen = new ArrayList<>(entries);
    OptionalDouble outside = sampled;
    if (outside.isEmpty() && !complete && startsWithSampled(entries)) {
      outside = OptionalDouble.of(seen.removeFirst().lnProb());
      repairs.add(Repair.SAMPLED_OUTSIDE_TOP_K);
    }
    boolean hundreds =
        entries.stream().filter(entry -> entry.lnProb() == REPEATED_SENTINEL).count() > 1;
    boolean closed = complete;
    if (seen.removeIf(entry -> isSentinel(entry.lnProb(), hundreds))) {
      repairs.add(Repair.SENTINEL);
      closed = true;
    }
    if (outside.isPresent() && isSentinel(outside.getAsDouble(), hundreds)) {
      repairs.add(Repair.SENTINEL);
      outside = OptionalDouble.empty();
    }
    if (seen.isEmpty() && outside.isEmpty()) {
      throw new InvalidInput.MissingInput(
          "", "the list has no token with a probability; expected at least one");
    }
    seen.sort(Comparator.comparingDouble(Entry::lnProb).reversed());
    int known = seen.size() + (outside.isPresent() ? 1 : 0);
    if (vocabSize.isPresent() && vocabSize.getAsInt() < known) {
      throw new InvalidInput.InconsistentTopLogprobs(
          "", known + " tokens are listed, but vocab_size is " + vocabSize.getAsInt());
    }
    if (!seen.isEmpty()
        && outside.isPresent()
        && outside.getAsDouble() > seen.getLast().lnProb() + Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.InconsistentTopLogprobs(
          "/sampled_logprob",
          "found "
              + outside.getAsDouble()
              + ", above the least of the list, "
              + seen.getLast().lnProb()
              + ": it would belong to the list");
    }

    double mass = outside.isPresent() ? Math.exp(outside.getAsDouble()) : 0;
    for (Entry entry : seen) {
      mass += Math.exp(entry.lnProb());
    }
    if (mass > 1 + Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
          "",
          "the list has mass "
              + mass
              + ", above 1; expected natural logarithms of probabilities of the full softmax");
    }
    double cap = seen.isEmpty() ? 1 - mass : Math.exp(seen.getLast().lnProb());
    boolean nothingUnseen =
        closed || (vocabSize.isPresent() && vocabSize.getAsInt() == known) || mass >= 1;
    double tail = nothingUnseen || 1 - mass < ROUNDING ? 0 : 1 - mass;
    double room =
        nothingUnseen
            ? 0
            : vocabSize.isPresent()
                ? (vocabSize.getAsInt() - known) * cap
                : Double.POSITIVE_INFINITY;
    if (1 - mass > room + Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.InconsistentTopLogprobs(
          "",
          "the list leaves a mass of "
              + (1 - mass)
              + ", but the tokens not listed can hold at most "
              + room
              + ": this is not the best k of a full softmax");
    }
    double renormalise = nothingUnseen && mass != 1 ? mass : 1;
    if (Math.abs(renormalise - 1) > 1e-6) {
      repairs.add(Repair.RENORMALISED);
    }
    double shift = Math.log(renormalise);
    var lnProbs = new double[seen.size()];
    double entropy = 0;
    for (int i = 0; i < lnProbs.length; i++) {
      lnProbs[i] = seen.get(i).lnProb() - shift;
      entropy -= lnProbs[i] * Math.exp(lnProbs[i]);
    }
    if (outside.isPresent()) {
      double lnProb = outside.getAsDouble() - shift;
      outside = OptionalDouble.of(lnProb);
      entropy -= lnProb * Math.exp(lnProb);
    }
    return new PartialDistribution(
        List.copyOf(seen),
        lnProbs,
        outside,
        complete,
        vocabSize,
        known,
        Math.min(1, mass),
        Math.max(0, tail),
        nothingUnseen ? 0 : cap,
        Math.max(0, entropy),
        repairs);
  }

  private static void requireLnProbs(List<Entry> entries, OptionalDouble sampled) {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      requireLnProb(entries.get(i).lnProb(), "/" + i);
      Integer id = entries.get(i).id();
      if (id != null && !ids.add(id)) {
        throw new InvalidInput.InconsistentTopLogprobs(
            "/" + i, "token id " + id + " is listed twice");
      }
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

  private static boolean isSentinel(double lnProb, boolean hundreds) {
    return lnProb <= SENTINEL || (hundreds && lnProb == REPEATED_SENTINEL);
  }

  @Override
  public Interval entropy() {
    double r = tailMass;
    if (r == 0) {
      return Interval.exactly(seenEntropy);
    }
    double whole = Math.floor(r / cap);
    double rest = Math.max(0, r - whole * cap);
    double low = seenEntropy - whole * cap * Math.log(cap) + surprise(rest);
    if (vocabSize.isEmpty()) {
      return new Interval(low, Double.POSITIVE_INFINITY);
    }
    double high = seenEntropy + r * Math.log((vocabSize.getAsInt() - listed) / r);
    return new Interval(Math.min(low, high), high);
  }

  /** −p ln p, with 0 ln 0 = 0. */
  private static double surprise(double p) {
    return p > 0 ? -p * Math.log(p) : 0;
  }

  /** The entropy of the listed tokens without any term for the tail, in nats. */
  public double truncatedEntropy() {
    return seenEntropy;
  }

  /** The tail counted as one more token, in nats: a lower bound, weaker than {@link #entropy}'s. */
  public double bucketEntropy() {
    return seenEntropy + surprise(tailMass);
  }

  /**
   * The entropy of the listed best k alone, scaled to mass 1, in nats: below the true entropy
   * wherever there is a tail.
   */
  public double renormalisedEntropy() {
    double mass = 0;
    double weighted = 0;
    for (double lnProb : lnProbs) {
      double p = Math.exp(lnProb);
      mass += p;
      weighted += p * lnProb;
    }
    return mass == 0 ? 0 : Math.max(0, Math.log(mass) - weighted / mass);
  }

  /** The best k, most probable first, as the caller named them. */
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
    return sampledLnProb;
  }

  @Override
  public OptionalInt vocabSize() {
    return vocabSize;
  }

  /** Whether the caller said that nothing is missing. */
  public boolean complete() {
    return complete;
  }

  /** Whether tokens with a probability may be missing from the list. */
  public boolean hasTail() {
    return tailMass > 0;
  }

  /** Σp of what is listed, the sampled token included. */
  public double massSeen() {
    return massSeen;
  }

  /** r: what the list leaves of 1. */
  public double tailMass() {
    return tailMass;
  }

  /** c: no token of the tail has a greater probability. */
  public double cap() {
    return cap;
  }

  /** How many tokens are known by name or number: the list and the sampled token. */
  public int listed() {
    return listed;
  }

  public Set<Repair> repairs() {
    return Set.copyOf(repairs);
  }
}
