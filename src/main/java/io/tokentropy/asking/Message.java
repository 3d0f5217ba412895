package io.tokentropy.asking;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One message of a conversation with a model. */
public record Message(String role, String content) {
  /** What a chat template adds to a message, and to the whole, at most. */
  private static final int TEMPLATE = 32;

  /**
   * At most so many tokens, as no usual tokenizer makes more of a text than one a byte.
   *
   * @param messages of one call
   */
  static long tokensAtMost(List<Message> messages) {
    long tokens = TEMPLATE;
    for (Message message : messages) {
      tokens += TEMPLATE + bytes(message.role()) + bytes(message.content());
    }
    return tokens;
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
