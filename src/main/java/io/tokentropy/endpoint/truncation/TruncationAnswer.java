package io.tokentropy.endpoint.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.PartialTruncation;
import io.tokentropy.truncation.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes what {@code /v1/truncation} answers, in the unit that was asked for. */
public final class TruncationAnswer {
  private final TruncationRequest request;

  /** Whether the entropy of the row stands in the same item, under that name. */
  private final boolean beside;

  private final EntropyUnit unit;
  private final Workers workers;
  private final AtomicLong listed = new AtomicLong();

  /** What was kept of each row where that is certain, for meters. */
  private final @Nullable Kept[] kept;

  /** What each row says of itself. */
  private final @Nullable Warning[] shortened;

  TruncationAnswer(TruncationRequest request, Workers workers) {
    this(request, workers, false);
  }

  private TruncationAnswer(TruncationRequest request, Workers workers, boolean beside) {
    this.beside = beside;
    this.request = request;
    this.workers = workers;
    this.unit = request.unit();
    this.kept = new Kept[request.input().rows().size()];
    this.shortened = new Warning[kept.length];
  }

  /** A writer of items that have the entropies of their rows already. */
  public static TruncationAnswer beside(TruncationRequest request, Workers workers) {
    return new TruncationAnswer(request, workers, true);
  }

  /**
   * Puts what is kept of each row into its item, if anything is to be cut. A row is let go before
   * its thread takes the next one.
   */
  public void putAll(List<Answer> items) {
    if (request.chain().isEmpty()) {
      return;
    }
    workers.map(items.size(), request.operations(), i -> put(i, items.get(i)));
    request.maxEntries().require("/max_return", listed.get());
  }

  Answer write() {
    Input input = request.input();
    List<Answer> data = items();
    putAll(data);
    var warnings = new ArrayList<>(warnings());
    warnings.addAll(input.warnings());
    Answer answer =
        input
            .describe(Answer.of("list").put("unit", unit.wire()))
            .put("steps", request.chain().answers())
            .put("data", data);
    return Warning.putAll(warnings, answer);
  }

  /** One item for each row. */
  private List<Answer> items() {
    var items = new ArrayList<Answer>(kept.length);
    for (int i = 0; i < kept.length; i++) {
      items.add(new Answer().put("index", i));
    }
    return items;
  }

  /** What came up while the items were written. */
  public List<Warning> warnings() {
    return Arrays.stream(shortened).filter(Objects::nonNull).toList();
  }

  /** What was kept of each row where that is certain. */
  public List<Kept> kept() {
    return Arrays.stream(kept).filter(Objects::nonNull).toList();
  }

  /** Puts what is kept of one row into an item. */
  private Answer put(int index, Answer item) {
    switch (request.input().rows().get(index)) {
      case Distribution whole -> whole(item, whole, index);
      case PartialDistribution best -> partial(item, best, index);
      case Summary summary -> summary(item, summary, index);
    }
    return item;
  }

  private void whole(Answer item, Distribution row, int index) {
    put(item, request.chain().of(row), null, index);
    if (!request.compare().isEmpty()) {
      item.put(
          "compare",
          request.compare().stream()
              .map(
                  rule -> {
                    Truncation other = rule.of(row);
                    return rule.lastAnswer()
                        .put("kept_count", other.keptCount())
                        .put("kept_mass", other.keptMass());
                  })
              .toList());
    }
  }

  private void summary(Answer item, Summary row, int index) {
    PartialDistribution best = row.best();
    if (best == null) {
      throw new InvalidInput.MissingInput(
          request.input().pointer(index),
          "a set of tokens cannot follow from an entropy alone; expected top_logprobs beside it");
    }
    put(item, request.chain().of(best, row.entropy()), best, index);
  }

  private void partial(Answer item, PartialDistribution row, int index) {
    put(item, request.chain().of(row, row.entropy()), row, index);
    if (!request.compare().isEmpty()) {
      item.put(
          "compare",
          request.compare().stream()
              .map(
                  rule -> {
                    PartialTruncation other = rule.of(row, row.entropy());
                    Answer answer = rule.lastAnswer();
                    Truncation certain = other.kept();
                    if (certain == null) {
                      return putRange(answer, other);
                    }
                    answer.put("kept_count", certain.keptCount());
                    Interval mass = row.scale().times(certain.keptMass());
                    return Input.putShare(answer, "kept_mass", mass);
                  })
              .toList());
    }
  }

  private static Answer putRange(Answer answer, PartialTruncation range) {
    return answer.put("kept_count_low", range.low()).put("kept_count_high", range.high());
  }

  private void put(Answer item, PartialTruncation found, PartialDistribution row, int index) {
    Truncation certain = found.kept();
    if (certain != null) {
      put(item, certain, row, index);
    } else {
      putRange(item, found).put("certified", false);
    }
    Interval range = row.entropy();
    if (certain == null || Double.isNaN(certain.entropyIn())) {
      item.put("entropy_in_low", unit.fromNats(range.low()));
      if (range.isBounded()) {
        item.put("entropy_in_high", unit.fromNats(range.high()));
      }
    }
    if (certain == null || certain.topH() == null) {
      putRange(item, "budget", found.budget());
      putRange(item, "budget_entropy", found.budgetEntropy());
    }
  }

  private void putRange(Answer item, String name, @Nullable Interval range) {
    if (range == null) {
      return;
    }
    if (range.isExact()) {
      item.put(name, unit.fromNats(range.low()));
      return;
    }
    item.put(name + "_low", unit.fromNats(range.low()));
    if (range.isBounded()) {
      item.put(name + "_high", unit.fromNats(range.high()));
    }
  }

  private void put(
      Answer item, Truncation truncation, @Nullable PartialDistribution row, int index) {
    kept[index] = Kept.of(truncation);
    item.put("kept_count", truncation.keptCount());
    lists(item, truncation, row, index);
    if (request.returned().contains("bitmask") && row == null) {
      item.put("bitmask", Base64.getEncoder().encodeToString(truncation.bitmask()));
    }
    if (request.returned().contains("cutoff")) {
      double[] probs = truncation.probs(Integer.MAX_VALUE);
      item.put("cutoff", probs[probs.length - 1]);
    }
    double mass = Math.min(1, truncation.keptMass());
    Input.putShare(
        item, "kept_mass", row == null ? Interval.exactly(mass) : row.scale().times(mass));
    if (!Double.isNaN(truncation.entropyIn())) {
      item.put("entropy_in", unit.fromNats(truncation.entropyIn()));
    }
    putEntropy(item, truncation);
    item.put("certified", true);
    request.chain().report(truncation, unit, item);
  }

  /** Tokens and their numbers; none where the answer would list too many, and is refused. */
  private void lists(
      Answer item, Truncation truncation, @Nullable PartialDistribution row, int index) {
    if (request.returned().isEmpty()) {
      return;
    }
    int limit = request.maxReturn();
    int count = Math.min(limit, truncation.keptCount());
    if (listed.addAndGet(count) > request.maxEntries().value()) {
      return;
    }
    if (truncation.keptCount() > limit) {
      shortened[index] =
          new Warning("max_return", "the first " + limit + " of " + truncation.keptCount(), index);
    }
    if (request.returned().contains("ids")) {
      ids(item, truncation.keptIds(limit), row);
    }
    if (request.returned().contains("probs")) {
      item.put("probs", truncation.probs(limit));
    }
    if (request.returned().contains("logprobs")) {
      item.put("logprobs", truncation.lnProbs(limit));
    }
  }

  private void putEntropy(Answer item, Truncation truncation) {
    double entropy = truncation.entropy();
    if (beside) {
      item.put("kept_entropy", unit.fromNats(entropy));
      return;
    }
    int size = truncation.vocabSize();
    item.put("entropy", unit.fromNats(entropy))
        .put("normalized", size == 1 ? 0 : Math.min(1, entropy / Math.log(size)))
        .put("perplexity", Math.exp(entropy));
  }

  /** Token ids; of a list its own ids, or its tokens where it has no ids. */
  private static void ids(Answer item, int[] positions, @Nullable PartialDistribution row) {
    if (row == null) {
      item.put("kept_ids", positions);
      return;
    }
    var ids = new ArrayList<Integer>();
    var tokens = new ArrayList<String>();
    for (int position : positions) {
      PartialDistribution.Entry entry = row.best().get(position);
      if (entry.id() != null) {
        ids.add(entry.id());
      }
      if (entry.token() != null) {
        tokens.add(entry.token());
      }
    }
    if (ids.size() == positions.length) {
      item.put("kept_ids", ids);
    }
    if (tokens.size() == positions.length) {
      item.put("kept_tokens", tokens);
    }
  }
}
