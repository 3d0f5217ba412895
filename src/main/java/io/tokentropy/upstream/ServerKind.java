package io.tokentropy.upstream;

/** What a model server is, and so which of its own paths and fields it knows. */
public enum ServerKind {
  VLLM,
  LLAMACPP,
  SGLANG,
  OLLAMA,
  /** Whoever knows OpenAI's paths, and of whom nothing more is known. */
  OPENAI
}
