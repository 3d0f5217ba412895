package io.tokentropy.endpoint.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.SplitMix64;
import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/sample}. */
public final class SampleEndpoint {
  public static final String PATH = "/v1/sample";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "sample",
                  PATH,
                  "A token drawn from what a chain of samplers leaves, reproducible by its seed",
                  "that of the truncation")
              .formula("the first kept token at which the summed probabilities exceed u")
              .parameter(
                  "steps, or shorthand", "as /v1/truncation", "any chain", "none: all tokens")
              .parameter("seed", "integer", "64 bits", "0")
              .parameter("counter", "integer", "at least 0; row i takes number counter + i", "0"));

  private final InputReader inputs;
  private final TruncationLimits limits;

  private SampleEndpoint(InputReader inputs, TruncationLimits limits) {
    this.inputs = inputs;
    this.limits = limits;
  }

  public static Endpoint<?> of(InputReader inputs, TruncationLimits limits) {
    return new Endpoint<>(
        PATH,
        Set.of(Form.JSON, Form.ROWS),
        new SampleEndpoint(inputs, limits)::read,
        SampleEndpoint::answer,
        null,
        METHODS,
        asked -> asked.rows().cost());
  }

  /** Rows, what is kept of them, and where in the sequence of a seed the draws begin. */
  private record Asked(TruncationRequest rows, long seed, long counter) {}

  private Asked read(Fields fields) {
    long seed = whole(fields, "seed");
    long counter = whole(fields, "counter");
    if (counter < 0) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer("counter"), counter, "at least 0");
    }
    return new Asked(TruncationRequest.readAny(fields, inputs, limits), seed, counter);
  }

  private static long whole(Fields fields, String name) {
    Value value = fields.get(name);
    return value == null ? 0 : value.asLong();
  }

  private static Answer answer(Asked asked, Tally tally) {
    Input input = asked.rows().input();
    input.count(tally);
    var data = new ArrayList<Answer>();
    for (int i = 0; i < input.rows().size(); i++) {
      data.add(item(asked, i));
    }
    Answer answer =
        input
            .describe(Answer.of("list"))
            .put("generator", "splitmix64")
            .put("seed", asked.seed())
            .put("counter", asked.counter() + input.rows().size())
            .put("steps", asked.rows().chain().answers())
            .put("data", data);
    return Warning.putAll(input.warnings(), answer);
  }

  private static Answer item(Asked asked, int index) {
    TruncationRequest request = asked.rows();
    Row row = request.input().rows().get(index);
    Truncation kept = kept(row, request, index);
    double u = SplitMix64.at(asked.seed(), asked.counter() + index);
    int rank = kept.draw(u);
    int id = kept.keptIds(rank + 1)[rank];
    Answer item = new Answer().put("index", index);
    PartialDistribution list = list(row);
    if (list == null) {
      item.put("id", id);
    } else {
      PartialDistribution.Entry entry = list.best().get(id);
      Integer known = entry.id();
      if (known != null) {
        item.put("id", known.longValue());
      }
      item.put("token", entry.token());
    }
    item.put("prob", kept.probs(rank + 1)[rank])
        .put("logprob", kept.lnProbs(rank + 1)[rank])
        .put("u", u)
        .put("kept_count", kept.keptCount());
    double mass = Math.min(1, kept.keptMass());
    return Input.putShare(
        item, "kept_mass", list == null ? Interval.exactly(mass) : list.scale().times(mass));
  }

  private static @Nullable PartialDistribution list(Row row) {
    return switch (row) {
      case Distribution whole -> null;
      case PartialDistribution best -> best;
      case Summary summary -> summary.best();
    };
  }

  private static Truncation kept(Row row, TruncationRequest request, int index) {
    if (row instanceof Distribution whole) {
      return request.chain().of(whole);
    }
    PartialDistribution list = list(row);
    Truncation kept =
        list == null || request.chain().isEmpty()
            ? null
            : request.chain().of(list, row.entropy()).kept();
    if (kept == null) {
      throw new InvalidInput.MissingInput(
              request.input().pointer(index),
              "which tokens are kept does not follow from what is known of the row")
          .withHint("Send whole rows, more alternatives, or a rule that keeps fewer tokens.");
    }
    return kept;
  }
}
