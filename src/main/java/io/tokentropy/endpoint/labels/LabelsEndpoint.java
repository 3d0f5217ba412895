package io.tokentropy.endpoint.labels;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.score.Thinking;
import java.util.List;
import java.util.function.Function;

/** {@code /v1/labels}: how probable is each of these answers? */
public final class LabelsEndpoint {
  public static final String PATH = "/v1/labels";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "labels",
                  PATH,
                  "How probable each of some answers of one token is, also where the tokens are not"
                      + " among the best k: yes or no, A to D, 1 to 5",
                  "O(rows x labels^2) where a tail is left, O(rows x tokens) for whole rows")
              .formula(
                  "the sum of p over a label's tokens; from the best k the range of it over every"
                      + " row that fits, and of p / sum of p, its entropy and its mean score")
              .citation("Liu et al., G-Eval, 2023, for the mean score (arXiv 2303.16634)")
              .disagreement(
                  "Common judges look for one spelling in the list and take 0 where it is not, or"
                      + " renormalise what they found: no error bar, and the best may not be it")
              .parameter("labels", "list", "texts, or {name, tokens: texts or ids, score}")
              .parameter("match", "string", "exact | trim | fold", "trim")
              .parameter("variants", "string", "any | listed: the texts are all tokens", "any")
              .parameter(
                  "position",
                  "integer, string or object",
                  "index | first | last | {after}",
                  "first")
              .parameter("vocab_size", "integer", "at least 1", "none")
              .parameter("temperature", "number", "above 0, for whole rows", "1"),
          new Method(
                  "candidates",
                  PATH,
                  "How probable each of some answers of several tokens is, from a score of each",
                  "O(tokens)")
              .formula("softmax of the sum of ln p, of its mean by token, or by byte")
              .disagreement(
                  "By token the figure depends on how a text is cut into tokens, by byte it does"
                      + " not; the sum prefers short answers")
              .parameter("candidates", "list", "{name, openai | logprobs}")
              .parameter("normalize", "string", "sum | mean | per_byte", "sum"));

  private static final Scores SCORES =
      Scores.NONE
          .confident("data.margin_low", "data.labels.prob", "data.given_labels.prob")
          .uncertainInUnit("data.entropy")
          .uncertain("data.normalized")
          .confident("data.prob", "data.logprob", "data.mean_logprob")
          .uncertainInUnit("entropy")
          .uncertain("normalized");

  private LabelsEndpoint() {}

  /** What is asked: an answer waits for a tally. */
  public static Endpoint<?> of(InputReader inputs, LabelLimits limits, List<Thinking.Tag> tags) {
    return Endpoint.ofJson(
            PATH,
            fields -> read(fields, inputs, limits, tags),
            (asked, tally) -> asked.apply(tally),
            METHODS)
        .scoring(SCORES);
  }

  private static Function<Tally, Answer> read(
      Fields fields, InputReader inputs, LabelLimits limits, List<Thinking.Tag> tags) {
    if (fields.has("candidates")) {
      return CandidatesRequest.read(fields, inputs, limits)::answer;
    }
    LabelsRequest asked = LabelsRequest.read(fields, inputs, limits, tags);
    return tally -> LabelsAnswer.of(asked, tally);
  }
}
