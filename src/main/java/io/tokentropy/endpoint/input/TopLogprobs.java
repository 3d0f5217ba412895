package io.tokentropy.endpoint.input;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads {@code top_logprobs}: the best k of each row, with or without more that is known of it. */
final class TopLogprobs {
  private final InputLimits limits;

  TopLogprobs(InputLimits limits) {
    this.limits = limits;
  }

  /** One row is a list of entries or an object that holds one; several are a list of either. */
  List<Row> rows(Value value, OptionalInt vocabSize, double massError) {
    var rows = new ArrayList<Row>();
    for (Value row : limits.someRows(value, Input.isOneRow(value))) {
      rows.add(row(row, vocabSize, massError));
    }
    return rows;
  }

  /** One row: a list of entries, or an object that holds one and says more about it. */
  private PartialDistribution row(Value row, OptionalInt vocabSize, double massError) {
    if (row.isList()) {
      List<PartialDistribution.Entry> entries = entries(row);
      return InvalidInput.under(
          row.pointer(),
          () ->
              PartialDistribution.of(entries, OptionalDouble.empty(), false, vocabSize, massError));
    }
    Fields fields = row.asFields();
    PartialDistribution best = row(fields, vocabSize, massError);
    fields.done();
    return best;
  }

  /** The same from an object that may have further fields of its own. */
  PartialDistribution row(Fields fields, OptionalInt vocabSize, double massError) {
    Value list = fields.get("top_logprobs");
    List<PartialDistribution.Entry> entries = list == null ? List.of() : entries(list);
    Value sampled = fields.get("sampled_logprob");
    OptionalDouble lnSampled =
        sampled == null ? OptionalDouble.empty() : OptionalDouble.of(lnProb(sampled));
    boolean complete = fields.flag("complete", false);
    if (list == null && sampled == null) {
      throw new InvalidInput.MissingInput(fields.pointer(), "top_logprobs is missing");
    }
    try {
      return PartialDistribution.of(entries, lnSampled, complete, vocabSize, massError);
    } catch (InvalidInput e) {
      boolean ofSampled = e.pointer().startsWith("/sampled_logprob");
      throw e.under(ofSampled || list == null ? fields.pointer() : list.pointer());
    }
  }

  private List<PartialDistribution.Entry> entries(Value list) {
    List<Value> values = list.asList();
    limits.vocab().require(list.pointer(), values.size());
    var entries = new ArrayList<PartialDistribution.Entry>(values.size());
    for (Value value : values) {
      if (value instanceof Value.Obj) {
        Fields fields = value.asFields();
        double lnProb = lnProb(fields.require("logprob"));
        Value id = fields.get("id");
        String token = fields.text("token");
        fields.get("bytes");
        fields.done();
        entries.add(new PartialDistribution.Entry(lnProb, id == null ? null : tokenId(id), token));
      } else {
        entries.add(new PartialDistribution.Entry(lnProb(value)));
      }
    }
    return entries;
  }

  private static Integer tokenId(Value value) {
    int id = value.asInt();
    if (id < 0) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), id, "a token id, at least 0");
    }
    return id;
  }

  /** A log-probability; the spellings of −∞ count, as servers print them for probability 0. */
  private static double lnProb(Value value) {
    return value.isMask() ? Double.NEGATIVE_INFINITY : value.asNumber();
  }

  /** Says what was made good in a row. */
  static void warn(PartialDistribution best, int index, List<Warning> warnings) {
    for (PartialDistribution.Repair repair : best.repairs()) {
      warnings.add(
          switch (repair) {
            case SENTINEL ->
                new Warning(
                    "sentinel", "a floor value in the list was read as probability 0", index);
            case SAMPLED_OUTSIDE_TOP_K ->
                new Warning(
                    "sampled_outside_top_k",
                    "the first token is the least probable: taken for the sampled token, outside"
                        + " the best k",
                    index);
            case RENORMALISED ->
                new Warning(
                    "renormalised", "the listed mass was " + best.massSeen() + ", now 1", index);
          });
    }
  }
}
