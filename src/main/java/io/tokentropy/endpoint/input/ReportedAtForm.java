package io.tokentropy.endpoint.input;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.ReportedAt;
import io.tokentropy.distribution.Row;
import io.tokentropy.distribution.Summary;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code reported_at}: after which temperature and filters the numbers of an input were
 * taken.
 */
final class ReportedAtForm {
  private ReportedAtForm() {}

  /**
   * What the caller says; null if nothing.
   *
   * @throws InvalidInput.MissingInput if the object is empty
   */
  static @Nullable ReportedAt read(Fields request) {
    Value value = request.get("reported_at");
    if (value == null) {
      return null;
    }
    Fields fields = value.asFields();
    Value temperature = fields.get("temperature");
    Value topP = fields.get("top_p");
    Value topK = fields.get("top_k");
    Value minP = fields.get("min_p");
    fields.done();
    if (temperature == null && topP == null && topK == null && minP == null) {
      throw new InvalidInput.MissingInput(
          value.pointer(), "it is empty; expected temperature, top_p, top_k or min_p");
    }
    boolean filtered = share(topP) < 1 || (topK != null && topK.asInt() > 0);
    filtered |= minP != null && share(minP) > 0;
    boolean cut = filtered;
    return InvalidInput.under(
        value.pointer(),
        () -> new ReportedAt(temperature == null ? 1 : temperature.asNumber(), cut));
  }

  private static double share(@Nullable Value value) {
    double share = value == null ? 1 : value.asNumber();
    if (value != null && !(share >= 0 && share <= 1)) {
      throw InvalidInput.ParameterOutOfRange.share(value.pointer(), share, "between 0 and 1");
    }
    return share;
  }

  /** Refuses an input of which no probabilities were reported. */
  static void requireProbabilities(Fields request, InputKind kind) {
    switch (kind) {
      case LOGPROBS, PROBS, TOP_LOGPROBS, OPENAI -> {}
      case LOGITS, SUMMARY, ENTROPIES ->
          throw new InvalidInput.ConflictingInputs(
              request.pointer("reported_at"),
              kind.wire()
                  + " are no probabilities that a server reports after a temperature; expected"
                  + " logprobs, probs, top_logprobs or openai");
    }
  }

  /** The input before what was done to it, the temperature of whole rows aside. */
  static Input raw(Input input, ReportedAt how) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < input.rows().size(); i++) {
      Row row = input.rows().get(i);
      rows.add(
          InvalidInput.under(
              input.pointer(i),
              () ->
                  switch (row) {
                    case Distribution whole -> how.raw(whole);
                    case PartialDistribution best -> how.raw(best);
                    case Summary summary -> summary;
                  }));
    }
    return new Input(input.kind(), rows, input.warnings(), input.floats(), input.single());
  }
}
