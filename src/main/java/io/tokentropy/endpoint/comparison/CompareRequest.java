package io.tokentropy.endpoint.comparison;

import io.tokentropy.comparison.Coupling;
import io.tokentropy.comparison.Renyi;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.WholeInputs;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of two rows.
 *
 * @param rows the reference and the candidate
 * @param label the right token, where it is known
 * @param embeddings a vector a token; null if there are none
 * @param prefix JSON Pointer of what it was read from
 * @param coupling which is asked for; null if none is
 */
record CompareRequest(
    WholeInputs rows,
    OptionalInt label,
    @Nullable List<double[]> embeddings,
    List<Renyi> orders,
    Coupling.@Nullable Kind coupling,
    String prefix) {
  /** About how many operations one token takes for one order; a coupling takes ten times that. */
  private static final long OPERATIONS = 200;

  static CompareRequest read(Fields fields, InputReader inputs) {
    Input reference = WholeInputs.one(fields.require("reference"), inputs);
    Input candidate = WholeInputs.one(fields.require("candidate"), inputs);
    Value vectors = fields.get("embeddings");
    Value orders = fields.get("renyi_orders");
    Value coupling = fields.get("coupling");
    var asked =
        new CompareRequest(
            new WholeInputs(List.of(reference, candidate)),
            fields.integer("label"),
            vectors == null ? null : embeddings(vectors, inputs),
            orders == null ? List.of() : orders(orders, inputs),
            coupling == null
                ? null
                : Fields.word(coupling, Coupling.Kind.class, Coupling.Kind::wire),
            fields.pointer());
    if (!asked.isOverOneVocabulary()) {
      requireOnlyCoupled(asked, fields, candidate.kind().wire());
    }
    asked.requireLabel(fields);
    return asked;
  }

  private static void requireOnlyCoupled(CompareRequest asked, Fields fields, String kind) {
    boolean more =
        asked.label().isPresent() || asked.embeddings() != null || !asked.orders().isEmpty();
    if (asked.coupling() == null || more) {
      throw new InvalidInput.ShapeMismatch(
              fields.pointer("candidate") + "/" + kind,
              "found "
                  + asked.candidate().size()
                  + " tokens, the reference has "
                  + asked.reference().size())
          .withHint(
              "Distances need the same tokens in both rows. A coupling alone does not: send"
                  + " coupling without label, embeddings and renyi_orders.");
    }
  }

  private void requireLabel(Fields fields) {
    if (label.isPresent() && (label.getAsInt() < 0 || label.getAsInt() >= candidate().size())) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("label"),
          label.getAsInt(),
          "a token id from 0 to " + (candidate().size() - 1));
    }
  }

  private static List<double[]> embeddings(Value value, InputReader inputs) {
    List<Value> list = value.asList();
    inputs.limits().vocab().require(value.pointer(), list.size());
    var vectors = new ArrayList<double[]>();
    for (Value vector : list) {
      double[] numbers = vector.asNumbers();
      if (numbers.length == 0) {
        throw new InvalidInput.MissingInput(
            vector.pointer(), "the vector is empty; expected numbers");
      }
      vectors.add(numbers);
    }
    return vectors;
  }

  private static List<Renyi> orders(Value value, InputReader inputs) {
    List<Value> list = value.asList();
    inputs.requireRows(value, list.size());
    return list.stream().map(CompareRequest::order).toList();
  }

  private static Renyi order(Value value) {
    boolean infinite = value instanceof Value.Text text && text.text().equals("inf");
    return InvalidInput.under(
        value.pointer(), () -> new Renyi(infinite ? Double.POSITIVE_INFINITY : value.asNumber()));
  }

  Distribution reference() {
    return rows.rows().getFirst();
  }

  Distribution candidate() {
    return rows.rows().getLast();
  }

  /** Whether both have as many tokens, so that tokens of the same id are compared. */
  boolean isOverOneVocabulary() {
    return reference().size() == candidate().size();
  }

  /** How long the lists of the answer can be, at most. */
  LongStream listed() {
    return LongStream.of(
        coupling == null ? 0 : reference().size() + candidate().size() - 1L,
        embeddings == null ? 0 : embeddings.size());
  }

  long operations() {
    long sums = 2L + orders.size() + (coupling == null ? 0 : 10);
    long tokens = Math.max(reference().size(), candidate().size());
    long vectors =
        embeddings == null || embeddings.isEmpty()
            ? 0
            : 8L * embeddings.size() * embeddings.getFirst().length;
    return OPERATIONS * sums * tokens + vectors;
  }
}
