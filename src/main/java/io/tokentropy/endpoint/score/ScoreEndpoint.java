package io.tokentropy.endpoint.score;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.score.SafePattern;
import io.tokentropy.score.Thinking;
import java.util.List;

/**
 * {@code /v1/score}: how sure a model was of an answer, of its parts, or of a text it was given.
 */
public final class ScoreEndpoint {
  public static final String PATH = "/v1/score";

  private ScoreEndpoint() {}

  /**
   * The endpoint.
   *
   * @param tags around thinking, for servers that have no field for it
   */
  public static Endpoint<?> of(InputReader inputs, ScoreLimits limits, List<Thinking.Tag> tags) {
    var form = new ScoreRequest.Form(inputs, limits, tags);
    return Endpoint.ofResponses(PATH, form::read, ScoreAnswer::of, ScoreMethods.list(limits));
  }

  /**
   * Refuses spans that can be found in no answer, whatever its text is.
   *
   * @param fields of a request, of which the spans alone are looked at
   */
  public static void requireSpans(Fields fields, ScoreLimits limits) {
    for (SpanForm form : SpanForm.read(fields, limits)) {
      if (form instanceof SpanForm.Match match) {
        SafePattern.deep(
            () -> InvalidInput.under(match.pointer(), () -> SafePattern.of(match.pattern())));
      }
    }
  }
}
