package io.tokentropy.endpoint.score;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Scores;
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

  private static final Scores SCORES =
      Scores.NONE
          .confident("sequence.mean_logprob", "sequence.logprob", "sequence.probability")
          .uncertain("sequence.perplexity", "sequence.perplexity_per_word")
          .uncertain("sequence.bits_per_byte", "sequence.bits_per_character")
          .uncertainInUnit("sequence.mean_entropy", "sequence.max_entropy")
          .confident("spans.mean_logprob", "spans.logprob", "spans.probability")
          .confident("spans.min_probability")
          .uncertainInUnit("spans.mean_entropy", "spans.max_entropy")
          .confident("data.logprob")
          .uncertainInUnit("data.entropy");

  private ScoreEndpoint() {}

  /**
   * The endpoint.
   *
   * @param tags around thinking, for servers that have no field for it
   */
  public static Endpoint<?> of(InputReader inputs, ScoreLimits limits, List<Thinking.Tag> tags) {
    var form = new ScoreRequest.Form(inputs, limits, tags);
    return Endpoint.ofResponses(PATH, form::read, ScoreAnswer::of, ScoreMethods.list(limits))
        .scoring(SCORES);
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
