package io.tokentropy.gateway.openai;

/** Which of OpenAI's two answers is written. */
public enum Shape {
  /** {@code /v1/chat/completions} */
  CHAT("chat.completion", "chat.completion.chunk", "chatcmpl-"),
  /** {@code /v1/completions} */
  COMPLETION("text_completion", "text_completion", "cmpl-");

  final String object;
  final String chunk;
  final String prefix;

  Shape(String object, String chunk, String prefix) {
    this.object = object;
    this.chunk = chunk;
    this.prefix = prefix;
  }
}
