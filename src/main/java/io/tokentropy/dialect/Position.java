package io.tokentropy.dialect;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of one position of an answer.
 *
 * @param listed the alternatives, as the server lists them
 * @param filtered whether the probabilities are those after the samplers
 * @param pointer to the list, or to the token where there is none
 */
record Position(Candidate sampled, List<Candidate> listed, boolean filtered, String pointer) {
  private static final String LOGITS =
      "Are these logits? vLLM writes them here if it was started with --logprobs-mode raw_logits or"
          + " processed_logits; expected raw_logprobs.";

  /** A little above ln 2^-24: with less than that beside it, a float32 of almost 1 is 1. */
  private static final double LN_FLOAT_STEP = -16;

  /** Filtered probabilities that are all listed sum to 1 within this; they are float32s. */
  private static final double COMPLETE = 1e-6;

  Position(Candidate sampled, List<Candidate> listed, String pointer) {
    this(sampled, listed, false, pointer);
  }

  /** A token object with a list of such objects beside it, as most servers write it. */
  static Position read(Value entry, String alternatives) {
    return new Position(
        Candidate.read(entry),
        Candidate.readAll(Loose.child(entry, alternatives)),
        entry.pointer() + "/" + alternatives);
  }

  /** The same after the samplers. */
  Position afterSamplers() {
    return new Position(sampled, listed, true, pointer);
  }

  /**
   * The token with its alternatives as the best k that they are.
   *
   * @param notes takes the code and the message of what was mended or looks wrong
   */
  Token token(
      int choice, OptionalInt vocabSize, double massError, BiConsumer<String, String> notes) {
    requireLnProbs();
    boolean bytes =
        !sampled.bytes().isEmpty() && listed.stream().noneMatch(c -> c.bytes().isEmpty());
    List<Candidate> distinct = distinct(bytes, notes);
    Candidate own = own(distinct, bytes);
    boolean last =
        own != null && distinct.stream().allMatch(c -> c.equals(own) || c.lnProb() > own.lnProb());
    List<Candidate> best = last ? distinct.stream().filter(c -> !c.equals(own)).toList() : distinct;
    boolean complete = filtered && isAll(distinct);
    if (best.isEmpty() && !complete) {
      notes.accept("no_alternatives", "a token without alternatives has no row");
      return asToken(choice, null, notes);
    }
    if (last && distinct.getFirst().equals(own)) {
      notes.accept(
          "sampled_outside_top_k",
          "the sampled token stands first and is the least probable: it is not of the best k");
    }
    if (filtered || looksProcessed(distinct)) {
      notes.accept(
          "processed_logprobs",
          filtered
              ? "these are probabilities after the samplers, not those of the model"
              : "a log-probability of exactly 0 beside others: these look like values after"
                  + " sampling filters, not those of the model");
    }
    boolean outside = (own == null || last) && !complete;
    return asToken(
        choice,
        row(
            complete ? distinct : best,
            outside ? OptionalDouble.of(sampled.lnProb()) : OptionalDouble.empty(),
            complete,
            vocabSize,
            massError),
        notes);
  }

  private PartialDistribution row(
      List<Candidate> candidates,
      OptionalDouble outside,
      boolean complete,
      OptionalInt vocabSize,
      double massError) {
    List<PartialDistribution.Entry> entries =
        candidates.stream()
            .map(c -> new PartialDistribution.Entry(c.lnProb(), c.id(), c.text()))
            .toList();
    try {
      return PartialDistribution.of(entries, outside, complete, vocabSize, massError);
    } catch (InvalidInput e) {
      throw e.under(pointer);
    }
  }

  /** A token at a floor value has a log-probability that the server did not say. */
  private Token asToken(
      int choice, @Nullable PartialDistribution row, BiConsumer<String, String> notes) {
    boolean known = !PartialDistribution.isSentinel(sampled.lnProb());
    if (!known && (row == null || row.repairs().isEmpty())) {
      notes.accept("sentinel", "the token's own log-probability is a floor value");
    }
    return new Token(
        choice,
        sampled.text(),
        sampled.id(),
        known ? OptionalDouble.of(sampled.lnProb()) : OptionalDouble.empty(),
        row);
  }

  private void requireLnProbs() {
    for (int i = 0; i < listed.size(); i++) {
      requireLnProb(listed.get(i), pointer + "/" + i);
    }
    requireLnProb(sampled, pointer);
  }

  private static void requireLnProb(Candidate candidate, String pointer) {
    if (candidate.lnProb() > Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
              pointer,
              "found "
                  + candidate.lnProb()
                  + ", expected a natural log of a probability, at most 0")
          .withHint(LOGITS);
    }
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
    String key = sampled.key(bytes);
    return candidates.stream()
        .filter(c -> c.key(bytes).equals(key))
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
