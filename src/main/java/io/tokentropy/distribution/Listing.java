package io.tokentropy.distribution;

import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.PartialDistribution.Repair;
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

/** The caller's list, sorted, with sentinels and the sampled token told apart. */
final class Listing {
  /** Printed by some servers for −∞; a real log-probability is never exactly this twice. */
  private static final double REPEATED_SENTINEL = -100;

  private static final Comparator<Entry> MOST_PROBABLE_FIRST =
      Comparator.comparingDouble(Entry::lnProb)
          .reversed()
          .thenComparing(Entry::id, Comparator.nullsLast(Comparator.naturalOrder()));

  final List<Entry> best;
  final EnumSet<Repair> repairs = EnumSet.noneOf(Repair.class);
  @Nullable Entry sampled;
  boolean closed;
  private int sentinels;
  private int sampledAtFloor;
  private double[] lnProbs = {};
  private double[] probs = {};
  private double missing;

  private Listing(List<Entry> entries) {
    this.best = new ArrayList<>(entries);
  }

  static Listing read(List<Entry> entries, OptionalDouble sampled, boolean complete) {
    var listing = new Listing(entries);
    listing.dropNoise();
    boolean hundreds = listing.repeatsSentinel();
    listing.dropSentinels(hundreds);
    if (sampled.isPresent()) {
      listing.addSampled(sampled.getAsDouble(), hundreds);
    } else if (!complete && !listing.closed && startsWithSampled(listing.best)) {
      listing.sampled = listing.best.removeFirst();
      listing.repairs.add(Repair.SAMPLED_OUTSIDE_TOP_K);
    }
    if (!falls(listing.best)) {
      listing.best.sort(MOST_PROBABLE_FIRST);
    }
    listing.requireSomethingKnown();
    listing.weigh();
    return listing;
  }

  /** Servers send the best first; such a list needs no sorting. */
  private static boolean falls(List<Entry> entries) {
    for (int i = 1; i < entries.size(); i++) {
      if (!(entries.get(i).lnProb() < entries.get(i - 1).lnProb())) {
        return false;
      }
    }
    return true;
  }

  /** A server's rounding may leave a sure token just above 0. */
  private void dropNoise() {
    for (int i = 0; i < best.size(); i++) {
      Entry entry = best.get(i);
      if (entry.lnProb() > PartialDistribution.WORTH_A_WARNING) {
        repairs.add(Repair.RENORMALISED);
      }
      if (entry.lnProb() > 0) {
        best.set(i, new Entry(0, entry.id(), entry.token()));
      }
    }
  }

  private boolean repeatsSentinel() {
    int hundreds = 0;
    for (int i = 0; i < best.size(); i++) {
      if (best.get(i).lnProb() == REPEATED_SENTINEL) {
        hundreds++;
      }
    }
    return hundreds > 1;
  }

  private void dropSentinels(boolean hundreds) {
    int kept = 0;
    for (int i = 0; i < best.size(); i++) {
      Entry entry = best.get(i);
      if (!isSentinel(entry.lnProb(), hundreds)) {
        best.set(kept++, entry);
      }
    }
    sentinels = best.size() - kept;
    if (sentinels > 0) {
      best.subList(kept, best.size()).clear();
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
      sampledAtFloor = 1;
    } else {
      sampled = new Entry(Math.min(0, lnProb));
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
    return best.size() + sentinels + sampledAtFloor + (sampled == null ? 0 : 1);
  }

  private void weigh() {
    lnProbs = new double[best.size() + (sampled == null ? 0 : 1)];
    for (int i = 0; i < best.size(); i++) {
      lnProbs[i] = best.get(i).lnProb();
    }
    if (sampled != null) {
      lnProbs[best.size()] = sampled.lnProb();
    }
    probs = PartialDistribution.exp(lnProbs);
    double others = sampled == null || best.isEmpty() ? 0 : probs[best.size()];
    for (int i = 1; i < best.size(); i++) {
      others += probs[i];
    }
    missing = 0.0 - Math.expm1(lnProbs[0]) - others;
  }

  /** ln p of all that is listed, the best first, the sampled token last; at least one. */
  double[] lnProbs() {
    return lnProbs;
  }

  /** p of the same. */
  double[] probs() {
    return probs;
  }

  /** What is left of 1, which a sure token leaves without cancellation; below 0 if too much. */
  double missing() {
    return missing;
  }

  double cap() {
    if (sentinels > 0) {
      return 0;
    }
    return best.isEmpty() ? Math.max(0, missing) : probs[best.size() - 1];
  }

  /** Refuses what is no list of log-probabilities of different tokens. */
  static void require(List<Entry> entries, OptionalDouble sampled, OptionalInt vocabSize) {
    requireLnProbs(entries, sampled);
    requireDistinctIds(entries, vocabSize);
  }

  private static void requireLnProbs(List<Entry> entries, OptionalDouble sampled) {
    for (int i = 0; i < entries.size(); i++) {
      double lnProb = entries.get(i).lnProb();
      if (!(lnProb <= Distribution.MASS_TOLERANCE)) {
        requireLnProb(lnProb, "/" + i);
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

  private static void requireDistinctIds(List<Entry> entries, OptionalInt vocabSize) {
    @Nullable Set<Integer> ids = null;
    for (int i = 0; i < entries.size(); i++) {
      Integer id = entries.get(i).id();
      if (id == null) {
        continue;
      }
      if (ids == null) {
        ids = new HashSet<>();
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
}
