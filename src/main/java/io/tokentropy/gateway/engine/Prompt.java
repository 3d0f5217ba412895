package io.tokentropy.gateway.engine;

import java.util.List;

/** What is to be continued or answered. */
public sealed interface Prompt {
  /** A conversation, to which each model's own template is applied. */
  record Chat(List<Message> messages) implements Prompt {
    public Chat {
      messages = List.copyOf(messages);
    }
  }

  /** One message, which is text alone. */
  record Message(String role, String content) {}

  /** A text as it is; the model's beginning-of-text token comes before it where it has one. */
  record Text(String text) implements Prompt {}

  /** Ids of both models. */
  @SuppressWarnings("ArrayRecordComponent") // Prompts of ids are never compared.
  record Ids(int[] ids) implements Prompt {}
}
