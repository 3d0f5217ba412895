package io.tokentropy.endpoint.score;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of scores. */
final class ScoreMethods {
  private ScoreMethods() {}

  static List<Method> list(ScoreLimits limits) {
    return List.of(score(), spans(limits), givenText());
  }

  private static Method score() {
    return new Method(
            "score",
            ScoreEndpoint.PATH,
            "How sure a model was of an answer, from the response as the server sent it",
            "O(tokens x alternatives)")
        .formula("exp(-mean ln p); entropies as intervals with the best possible bounds")
        .disagreement(
            "Renormalising the best k, or leaving the rest out, gives entropies that no"
                + " distribution with these best k can have")
        .parameter("openai", "object, list or string", "a response, chunks, or their text")
        .parameter(
            "dialect",
            "string",
            "auto | openai_chat | openai_completion | openai_responses | vllm | sglang | tgi"
                + " | llamacpp | ollama | gemini | cohere | watsonx | bedrock",
            "auto")
        .parameter("on_bad_token", "string", "refuse | skip", "refuse")
        .parameter("vocab_size", "integer", "at least 1", "none: no upper bounds")
        .parameter("reported_at", "object", "temperature, or top_p, top_k, min_p", "none")
        .parameter("exclude", "list", "thinking, special, whitespace, prompt", "none")
        .parameter("flags", "object", "entropy_above, logprob_below", "none");
  }

  private static Method spans(ScoreLimits limits) {
    return new Method(
            "spans",
            ScoreEndpoint.PATH,
            "The figures of parts of an answer: the tokens that reach into each, placed by their"
                + " bytes",
            "O(text + spans x tokens); a pattern O(text x its length)")
        .formula("ln p of a span = the sum of ln p of its tokens")
        .citation(
            "E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986, for texts that"
                + " the tokens do not spell; https://github.com/google/re2/wiki/Syntax")
        .disagreement(
            "A token that reaches over an end counts whole, and the span says partial; others"
                + " leave it out or count a share of it")
        .parameter(
            "spans",
            "list or string",
            "{name, start, end} | {name, text, occurrence} | {name, pattern, occurrence, group}, at"
                + " most "
                + limits.spans().value()
                + "; or \"json\"",
            "none")
        .parameter("occurrence", "integer", "at least 1", "1")
        .parameter("group", "integer", "0 to the groups of the pattern", "0: all of the match")
        .parameter("choice", "integer", "a choice of the response", "the first")
        .parameter("echo", "boolean", "whether to repeat the text of each span", "false");
  }

  private static Method givenText() {
    return new Method(
            "given_text",
            ScoreEndpoint.PATH,
            "How probable a text is that the model was given, whole or in windows that overlap",
            "O(tokens x alternatives)")
        .formula("bits per byte = -sum ln p / (ln 2 x bytes); exp(-sum ln p / words)")
        .disagreement(
            "The first token has no log-probability and no text is counted for it. Words are what"
                + " stands between white space; lm-evaluation-harness counts them likewise, but of"
                + " the whole text")
        .parameter("part", "string", "completion | prompt | both", "completion")
        .parameter("windows", "list", "{openai, context}, in place of openai", "none")
        .parameter(
            "context",
            "integer",
            "tokens of a window that those before it have brought",
            "0, or by stride")
        .parameter("stride", "integer", "tokens from one window to the next, at least 1", "none");
  }
}
