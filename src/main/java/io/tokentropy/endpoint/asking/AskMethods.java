package io.tokentropy.endpoint.asking;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of asking. */
public final class AskMethods {
  public static final List<Method> LIST =
      List.of(
          new Method(
                  "ask",
                  AskEndpoint.PATH,
                  "Inv-Entropy of one question, which is put to a model in several wordings",
                  "One call a wording where the server draws several answers at once, else one an"
                      + " answer")
              .citation("arXiv 2506.09684")
              .disagreement(
                  "The authors' code splits a model's paraphrases by lines and keeps their numbers,"
                      + " and appends \"Answer concisely and return only the name.\" unasked")
              .parameter("question", "string", "or messages", "none")
              .parameter("messages", "list of role and content", "the last user's is asked", "none")
              .parameter(
                  "perturbations",
                  "object",
                  "method llm | gaap | caller, count, texts, seed, the options of gaap",
                  "9 by llm")
              .parameter("answers_per_prompt", "integer", "1 to 64", "5")
              .parameter("min_answers", "integer", "1 to answers_per_prompt", "3")
              .parameter(
                  "sampling",
                  "object",
                  "temperature, top_p, max_tokens, stop, seed",
                  "temperature 0.7, max_tokens 64")
              .parameter("temperatures", "numbers", "ascending, at least two", "none")
              .parameter("answer_suffix", "string", "any", "none")
              .parameter("upstream", "string", "a configured name", "TOKENTROPY_ASK_UPSTREAM")
              .parameter("paraphraser", "string", "a configured name", "TOKENTROPY_ASK_PARAPHRASER")
              .parameter("budget", "object", "max_calls, max_tokens", "those of the service")
              .parameter(
                  "measures",
                  "list of strings",
                  "as of /v1/uncertainty, of the answers to the question in its own words",
                  "none")
              .parameter("options", "object", "of the measures, by their names", "none")
              .parameter("logprobs", "boolean", "true | false", "false")
              .parameter("dry_run", "boolean", "true | false", "false")
              .parameter("stream", "boolean", "true | false", "false"));

  private AskMethods() {}
}
