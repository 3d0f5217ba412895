package io.tokentropy.dialect;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** How a server writes log-probabilities. */
public enum Dialect {
  /** What vLLM, SGLang, llama.cpp and TGI answer at the same path, too. */
  OPENAI_CHAT(
      "OpenAI",
      OpenAiChat::new,
      "\"logprobs\": true and \"top_logprobs\": 20 (OpenAI, vLLM, SGLang, llama.cpp; TGI takes at"
          + " most 5; OpenAI's reasoning models give none)"),
  OPENAI_COMPLETION(
      "OpenAI",
      OpenAiCompletion::new,
      "\"logprobs\": 5 (OpenAI at most 5, vLLM at most 20 unless started otherwise)"),
  OPENAI_RESPONSES(
      "OpenAI",
      OpenAiResponses::new,
      "\"include\": [\"message.output_text.logprobs\"] and \"top_logprobs\": 20 (OpenAI)"),
  /**
   * The shapes of OpenAI's chat and completions, with vLLM's spellings, and those of its engine.
   */
  VLLM(
      "vLLM",
      VllmEngine::new,
      "\"logprobs\": true and \"top_logprobs\": 20, or \"logprobs\": 20 for completions (vLLM)"),
  SGLANG("SGLang", Sglang::new, "\"return_logprob\": true and \"top_logprobs_num\": 20 (SGLang)"),
  TGI("TGI", Tgi::new, "\"parameters\": {\"details\": true, \"top_n_tokens\": 5} (TGI)"),
  LLAMACPP("llama.cpp", Llamacpp::new, "\"n_probs\": 20 (llama.cpp; not with tools in a stream)"),
  OLLAMA("Ollama", Ollama::new, "\"logprobs\": true and \"top_logprobs\": 20 (Ollama)"),
  GEMINI(
      "Gemini",
      Gemini::new,
      "\"generationConfig\": {\"responseLogprobs\": true, \"logprobs\": 20} (Gemini)"),
  COHERE("Cohere", Cohere::new, "\"logprobs\": true (Cohere; it gives no alternatives)"),
  WATSONX(
      "watsonx",
      Watsonx::new,
      "\"return_options\": {\"generated_tokens\": true, \"token_logprobs\": true,"
          + " \"top_n_tokens\": 5} (watsonx)"),
  /** Models that were imported; the others there answer as their makers do. */
  BEDROCK("Bedrock", Bedrock::new, "\"return_logprobs\": true (Bedrock, imported models)");

  private final String wire = name().toLowerCase(Locale.ROOT);
  private final String server;

  /** A constructor, which holds nothing that could change. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final Supplier<DialectReader> reader;

  private final String option;

  Dialect(String server, Supplier<DialectReader> reader, String option) {
    this.server = server;
    this.reader = reader;
    this.option = option;
  }

  public String wire() {
    return wire;
  }

  /**
   * How far the server's rounding may move each probability, and the sum of a list: 1.2e-5 was seen
   * of llama.cpp, whose probabilities are float32; others compute in float32 as well.
   */
  double massError() {
    return this == LLAMACPP ? 2e-5 : 2e-6;
  }

  /** Whether its servers put the sampled token among the alternatives, of the best k or not. */
  boolean appends() {
    return this != LLAMACPP;
  }

  /** What to put into a request so that the server answers with log-probabilities. */
  public String option() {
    return option;
  }

  /** A fresh reader of each dialect, in the order above. */
  static Map<Dialect, DialectReader> readers() {
    var readers = new EnumMap<Dialect, DialectReader>(Dialect.class);
    for (Dialect dialect : values()) {
      readers.put(dialect, dialect.reader.get());
    }
    return readers;
  }

  /** The servers, for a message: {@code OpenAI, vLLM ... or Ollama}. */
  static String servers() {
    List<String> names = Arrays.stream(values()).map(dialect -> dialect.server).distinct().toList();
    return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
  }
}
