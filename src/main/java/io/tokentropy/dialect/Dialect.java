package io.tokentropy.dialect;

import java.util.Locale;

/** How a server writes log-probabilities. */
public enum Dialect {
  OPENAI_CHAT("\"logprobs\": true and \"top_logprobs\": 20"),
  OPENAI_COMPLETION("\"logprobs\": 5"),
  OPENAI_RESPONSES("\"include\": [\"message.output_text.logprobs\"] and \"top_logprobs\": 20"),
  /** The shapes of OpenAI's chat and completions, with vLLM's spellings. */
  VLLM("\"logprobs\": true and \"top_logprobs\": 20, or \"logprobs\": 20 for completions"),
  SGLANG("\"return_logprob\": true and \"top_logprobs_num\": 20"),
  TGI("\"parameters\": {\"details\": true, \"top_n_tokens\": 5}"),
  LLAMACPP("\"n_probs\": 20"),
  OLLAMA("\"logprobs\": true and \"top_logprobs\": 20");

  private final String wire = name().toLowerCase(Locale.ROOT);
  private final String option;

  Dialect(String option) {
    this.option = option;
  }

  public String wire() {
    return wire;
  }

  /** What to put into a request so that the server answers with log-probabilities. */
  public String option() {
    return option;
  }
}
