package io.tokentropy.endpoint.ensemble;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.WholeInputs;
import io.tokentropy.ensemble.Evidence;
import io.tokentropy.ensemble.Shares;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One ensemble: rows over the same tokens, and how much each counts. */
final class EnsembleRequest {
  /** About how many operations one token of one member takes. */
  private static final long OPERATIONS = 100;

  private final WholeInputs members;
  private final double[] shares;
  private final @Nullable Evidence evidence;

  private EnsembleRequest(WholeInputs members, double[] shares, @Nullable Evidence evidence) {
    this.members = members;
    this.shares = shares;
    this.evidence = evidence;
  }

  static EnsembleRequest read(Fields fields, InputReader inputs) {
    Value members = fields.get("members");
    WholeInputs rows =
        members == null
            ? new WholeInputs(
                List.of(inputs.readToCompare(fields, fields.number("temperature", 1))))
            : ofMembers(members, fields, inputs);
    int count = rows.rows().size();
    Value weights = fields.get("weights");
    Value logLikelihoods = fields.get("log_likelihoods");
    Value prior = fields.get("prior");
    if (weights != null && logLikelihoods != null) {
      throw new InvalidInput.ConflictingInputs(
          weights.pointer(), "weights stand beside log_likelihoods; expected one of them");
    }
    if (prior != null && logLikelihoods == null) {
      throw new InvalidInput.MissingInput(
              fields.pointer(), "prior stands without log_likelihoods, which make it a posterior")
          .withHint("Weights without likelihoods go into weights.");
    }
    if (logLikelihoods == null) {
      return new EnsembleRequest(rows, shares(weights, count), null);
    }
    double[] known = logLikelihoods.asScores();
    requireOneEach(logLikelihoods, known.length, count);
    double[] before = shares(prior, count);
    Evidence evidence =
        InvalidInput.under(logLikelihoods.pointer(), () -> Evidence.of(known, before));
    return new EnsembleRequest(rows, evidence.weights(), evidence);
  }

  /** Rows that came one a member. */
  private static WholeInputs ofMembers(Value members, Fields fields, InputReader inputs) {
    for (String beside : List.of("logits", "logprobs", "probs", "temperature")) {
      if (fields.has(beside)) {
        throw new InvalidInput.ConflictingInputs(
            fields.pointer(beside), beside + " stands beside members; it belongs into each member");
      }
    }
    List<Value> list = members.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(members.pointer(), "the list is empty; expected members");
    }
    inputs.requireRows(members, list.size());
    var rows = new ArrayList<Input>();
    for (Value value : list) {
      Input row = WholeInputs.one(value, inputs);
      int size = size(row);
      if (!rows.isEmpty() && size != size(rows.getFirst())) {
        throw new InvalidInput.RaggedRows(
            value.pointer() + "/" + row.kind().wire(), size, size(rows.getFirst()));
      }
      rows.add(row);
    }
    return new WholeInputs(rows);
  }

  private static int size(Input row) {
    return row.rows().getFirst().vocabSize().orElseThrow();
  }

  private static double[] shares(@Nullable Value weights, int members) {
    if (weights == null) {
      return Shares.equal(members);
    }
    double[] numbers = weights.asNumbers();
    requireOneEach(weights, numbers.length, members);
    return InvalidInput.under(weights.pointer(), () -> Shares.of(numbers));
  }

  private static void requireOneEach(Value value, int found, int members) {
    if (found != members) {
      throw new InvalidInput.ShapeMismatch(
          value.pointer(), "found " + found + " numbers for " + members + " members");
    }
  }

  WholeInputs members() {
    return members;
  }

  /** Of each member; they sum to 1. */
  double[] shares() {
    return shares;
  }

  /** What made the shares a posterior; null if they were given. */
  @Nullable Evidence evidence() {
    return evidence;
  }

  /** V. */
  int vocabSize() {
    return rows().getFirst().size();
  }

  List<Distribution> rows() {
    return members.rows();
  }

  long operations() {
    return OPERATIONS * rows().size() * vocabSize();
  }
}
