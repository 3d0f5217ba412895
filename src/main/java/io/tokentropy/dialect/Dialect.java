package io.tokentropy.dialect;

import java.util.Locale;

/** How a server writes log-probabilities. */
public enum Dialect {
  /** What vLLM, SGLang, llama.cpp and TGI answer at the same path, too. */
  OPENAI_CHAT(
      "\"logprobs\": true and \"top_logprobs\": 20 (OpenAI, vLLM, SGLang, llama.cpp; TGI takes at"
          + " most 5; OpenAI's reasoning models give none)"),
  OPENAI_COMPLETION("\"logprobs\": 5 (OpenAI at most 5, vLLM at most 20 unless started otherwise)"),
  OPENAI_RESPONSES(
      "\"include\": [\"message.output_text.logprobs\"] and \"top_logprobs\": 20 (OpenAI)"),
  /** The shapes of OpenAI's chat and completions, with vLLM's spellings. */
  VLLM("\"logprobs\": true and \"top_logprobs\": 20, or \"logprobs\": 20 for completions (vLLM)"),
  SGLANG("\"return_logprob\": true and \"top_logprobs_num\": 20 (SGLang)"),
  TGI("\"parameters\": {\"details\": true, \"top_n_tokens\": 5} (TGI)"),
  LLAMACPP("\"n_probs\": 20 (llama.cpp; not with tools in a stream)"),
  OLLAMA("\"logprobs\": true and \"top_logprobs\": 20 (Ollama)");

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
