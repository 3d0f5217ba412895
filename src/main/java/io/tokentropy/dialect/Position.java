package io.tokentropy.dialect;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of one position of an answer.
 *
 * @param sampled null where the server lists alternatives alone
 * @param listed the alternatives, as the server lists them
 * @param filtered whether the probabilities are those after the samplers
 * @param pointer to the list, or to the token where there is none
 */
record Position(
    @Nullable Candidate sampled, List<Candidate> listed, boolean filtered, String pointer) {
  /** A little above ln 2^-24: with less than that beside it, a float32 of almost 1 is 1. */
  private static final double LN_FLOAT_STEP = -16;

  /** Filtered probabilities that are all listed sum to 1 within this; they are float32s. */
  private static final double COMPLETE = 1e-6;

  /** Printed by some servers for −∞; a real log-probability is never exactly this twice. */
  private static final double REPEATED_FLOOR = -100;

  Position(@Nullable Candidate sampled, List<Candidate> listed, String pointer) {
    this(sampled, listed, false, pointer);
  }

  /**
   * A token object with a list of such objects beside it, as most servers write it; llama.cpp
   * writes another list where its probabilities are those after the samplers.
   */
  static Position read(Value entry) {
    Value after = Loose.child(entry, "top_probs");
    Value list = after == null ? Loose.child(entry, "top_logprobs") : after;
    return new Position(
        Candidate.readSampled(entry),
        Candidate.readAll(list),
        after != null,
        entry.pointer() + (after == null ? "/top_logprobs" : "/top_probs"));
  }

  /** The same without alternatives. */
  Position alone() {
    return new Position(sampled, List.of(), filtered, pointer);
  }

  /**
   * The token with its alternatives as the best k that they are.
   *
   * @param notes takes the code and the message of what was mended or looks wrong
   */
  Token token(Slot slot, Terms terms, BiConsumer<String, String> notes) {
    boolean bytes =
        sampled != null
            && sampled.bytes() != null
            && listed.stream().noneMatch(c -> c.bytes() == null);
    List<Candidate> distinct = distinct(bytes, notes);
    Candidate own = own(distinct, bytes);
    List<Candidate> all = own == null ? withSampled(distinct, notes) : distinct;
    boolean joined = all.size() > distinct.size();
    boolean last =
        terms.appends()
            && own != null
            && all.stream().allMatch(c -> c.equals(own) || c.lnProb() > own.lnProb());
    List<Candidate> best = last ? all.stream().filter(c -> !c.equals(own)).toList() : all;
    boolean complete = filtered && isAll(all);
    if (best.isEmpty() && !complete) {
      notes.accept("no_alternatives", "a token without alternatives has no row");
      return asToken(slot, own, null, notes);
    }
    if (last && all.getFirst().equals(own)) {
      notes.accept(
          "sampled_outside_top_k",
          "the sampled token stands first and is the least probable: it is not of the best k");
    }
    if (filtered || looksProcessed(all)) {
      notes.accept(
          "processed_logprobs",
          filtered
              ? "these are probabilities after the samplers, not those of the model"
              : "a log-probability of exactly 0 beside others: these look like values after"
                  + " sampling filters, not those of the model");
    }
    boolean outside = sampled != null && (own == null ? !joined : last) && !complete;
    OptionalDouble beside =
        outside && sampled != null && sampled.isSaid()
            ? OptionalDouble.of(sampled.lnProb())
            : OptionalDouble.empty();
    return asToken(slot, own, row(complete ? all : best, beside, complete, terms), notes);
  }

  /**
   * The list with a sampled token that is more probable than the least of it: LMDeploy lists the
   * others alone, so both together are the best k.
   */
  private List<Candidate> withSampled(List<Candidate> distinct, BiConsumer<String, String> notes) {
    if (sampled == null || distinct.isEmpty()) {
      return distinct;
    }
    double least = distinct.stream().mapToDouble(Candidate::lnProb).min().orElseThrow();
    if (!(sampled.lnProb() > least + Distribution.MASS_TOLERANCE)) {
      return distinct;
    }
    notes.accept(
        "sampled_not_listed",
        "the sampled token is more probable than the least of its alternatives, and not among"
            + " them: counted as one of the best k");
    var all = new ArrayList<>(distinct);
    all.add(sampled);
    return all;
  }

  private PartialDistribution row(
      List<Candidate> candidates, OptionalDouble outside, boolean complete, Terms terms) {
    List<PartialDistribution.Entry> entries =
        candidates.stream()
            .map(c -> new PartialDistribution.Entry(c.lnProb(), c.id(), c.text()))
            .toList();
    try {
      return PartialDistribution.of(
          entries, outside, complete, terms.vocabSize(), terms.massError());
    } catch (InvalidInput e) {
      throw e.at(pointer);
    }
  }

  /** A token at a floor value has a probability of 0; it is no value that could be summed. */
  private Token asToken(
      Slot slot,
      @Nullable Candidate own,
      @Nullable PartialDistribution row,
      BiConsumer<String, String> notes) {
    Candidate token = sampled == null ? new Candidate(null, null, Double.NaN) : sampled;
    double lnProb = token.isSaid() || own == null ? token.lnProb() : own.lnProb();
    boolean floor = isFloor(lnProb);
    if (floor && (row == null || row.repairs().isEmpty())) {
      notes.accept("sentinel", "the token's own log-probability is a floor value");
    }
    if (lnProb > 0) {
      notes.accept("float_noise", "a log-probability of " + lnProb + " counts as 0");
    }
    return new Token(
        slot.choice(),
        slot.part(),
        token.text(),
        token.id() == null && own != null ? own.id() : token.id(),
        token.bytes(),
        slot.thinking(),
        token.special(),
        floor || Double.isNaN(lnProb)
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.min(0, lnProb)),
        floor,
        row);
  }

  private boolean isFloor(double lnProb) {
    return PartialDistribution.isSentinel(lnProb)
        || (lnProb == REPEATED_FLOOR
            && listed.stream().filter(c -> c.lnProb() == REPEATED_FLOOR).count() > 1);
  }

  /**
   * Without what stands in the list twice. Where tokens have no ids, equal texts of another
   * log-probability are other tokens.
   */
  private List<Candidate> distinct(boolean bytes, BiConsumer<String, String> notes) {
    var distinct = new LinkedHashMap<String, Candidate>();
    boolean twice = false;
    boolean namesakes = false;
    Set<String> names = new HashSet<>();
    for (Candidate candidate : listed) {
      String name = candidate.key(bytes);
      String key = candidate.id() != null ? name : name + "|" + candidate.lnProb();
      boolean known = distinct.putIfAbsent(key, candidate) != null;
      twice |= known;
      namesakes |= !names.add(name) && !known;
    }
    if (twice) {
      notes.accept("collision", "a token stands in the list twice; the first counts");
    }
    if (namesakes) {
      notes.accept("collision", "several tokens of the list have the same text; all count");
    }
    return List.copyOf(distinct.values());
  }

  /** The sampled token in the list: of its name, the one with the nearest log-probability. */
  private @Nullable Candidate own(List<Candidate> candidates, boolean bytes) {
    if (sampled == null) {
      return null;
    }
    return candidates.stream()
        .filter(c -> c.isSame(sampled, bytes))
        .min(Comparator.comparingDouble(c -> Math.abs(c.lnProb() - sampled.lnProb())))
        .orElse(null);
  }

  private static boolean isAll(List<Candidate> candidates) {
    double mass = candidates.stream().mapToDouble(c -> Math.exp(c.lnProb())).sum();
    return Math.abs(mass - 1) <= COMPLETE;
  }

  /**
   * Whether one token has all the mass although others are not as improbable as that asks for.
   * Where they are, 0 is what float32 makes of almost 1.
   */
  private static boolean looksProcessed(List<Candidate> candidates) {
    return candidates.stream().anyMatch(c -> c.lnProb() == 0)
        && candidates.stream()
            .anyMatch(
                c ->
                    c.lnProb() != 0
                        && (c.lnProb() > LN_FLOAT_STEP
                            || PartialDistribution.isSentinel(c.lnProb())));
  }
}
