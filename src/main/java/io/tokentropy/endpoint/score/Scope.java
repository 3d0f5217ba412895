package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Part;
import io.tokentropy.dialect.Reading;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.util.Locale;

/** Which part of a response is scored. */
enum Scope {
  COMPLETION,
  PROMPT,
  BOTH;

  private static final String PROMPT_OPTIONS =
      "Ask the server for them: \"prompt_logprobs\": 5 (vLLM), \"return_logprob\": true and"
          + " \"logprob_start_len\": 0 (SGLang), or \"echo\": true with \"logprobs\": 5 for"
          + " completions.";

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Scope read(Fields fields) {
    return fields.word("part", COMPLETION, Scope::wire);
  }

  /**
   * The tokens of a response that are wanted. Where nothing else is said and the prompt alone is
   * scored, these are meant.
   *
   * @param said whether the caller named the part
   * @param pointer to the response
   * @throws InvalidInput.MissingInput if it scores no token of that part
   */
  Reading of(Reading whole, boolean said, String pointer) {
    return switch (this) {
      case COMPLETION -> said ? only(whole, Part.COMPLETION, pointer) : whole.answer();
      case PROMPT -> only(whole, Part.PROMPT, pointer);
      case BOTH -> whole;
    };
  }

  private static Reading only(Reading whole, Part part, String pointer) {
    boolean other = whole.scores(part == Part.PROMPT ? Part.COMPLETION : Part.PROMPT);
    if (!whole.scores(part) && (other || part == Part.PROMPT)) {
      throw new InvalidInput.MissingInput(
              pointer,
              part == Part.PROMPT
                  ? "the response scores no token of the prompt"
                  : "the response scores tokens of the prompt alone")
          .withHint(part == Part.PROMPT ? PROMPT_OPTIONS : "Send \"part\": \"prompt\" for these.");
    }
    return whole.only(part);
  }
}
