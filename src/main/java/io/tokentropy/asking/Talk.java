package io.tokentropy.asking;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation whose last question is put in several wordings; the rest stays as it is.
 *
 * @param before the messages before the question
 * @param question as the caller put it
 * @param after the messages after the question
 * @param suffix that every wording gets at its end; empty for none
 */
public record Talk(List<Message> before, String question, List<Message> after, String suffix) {
  static final String USER = "user";

  public Talk {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** The question alone. */
  public static Talk of(String question, String suffix) {
    return new Talk(List.of(), question, List.of(), suffix);
  }

  /** The conversation with another wording of the question. */
  List<Message> with(String wording) {
    var messages = new ArrayList<>(before);
    messages.add(new Message(USER, suffix.isEmpty() ? wording : wording + " " + suffix));
    messages.addAll(after);
    return messages;
  }
}
