package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What comes in place of a response: an error of the server, or a server that is not read. */
final class Foreign {
  private static final int MOST = 500;

  private static final List<String> TEXTS = List.of("message", "msg", "detail", "error");

  private static final Set<String> ANTHROPIC =
      Set.of(
          "message",
          "message_start",
          "message_delta",
          "message_stop",
          "content_block_start",
          "content_block_delta",
          "content_block_stop");

  private Foreign() {}

  /**
   * Refuses an error, with what the server says of it, and a message of Anthropic.
   *
   * @param expected what could stand there instead
   */
  static void refuse(Value chunk, String expected) {
    String error = error(chunk);
    if (!error.isEmpty()) {
      throw new InvalidInput.WrongType(
          chunk.pointer(), "an error that the server sent, \"" + error + "\"", expected);
    }
    if (ANTHROPIC.contains(Loose.text(Loose.child(chunk, "type")))) {
      throw new InvalidInput.WrongType(
          chunk.pointer(),
          "a message of Anthropic, whose API gives no log-probabilities",
          expected);
    }
  }

  /** The same of what no reader knows, which may be an error in fewer words. */
  static InvalidInput unknown(Value chunk, String expected) {
    String error = text(chunk);
    return error.isEmpty() && Loose.child(chunk, "error") == null
        ? chunk.wrongType(expected)
        : new InvalidInput.WrongType(
            chunk.pointer(),
            "an error that the server sent" + (error.isEmpty() ? "" : ", \"" + error + "\""),
            expected);
  }

  /** What the server says; empty if it is no error. */
  private static String error(Value chunk) {
    Value inner = Loose.child(chunk, "response");
    Value error = Loose.child(chunk, "error");
    if (error == null) {
      error = Loose.child(inner, "error");
    }
    if (error == null && Loose.text(Loose.child(chunk, "object")).equals("error")) {
      error = chunk;
    }
    return error == null ? "" : text(error);
  }

  private static String text(@Nullable Value error) {
    Value found = error;
    for (int depth = 0; depth < 3 && found != null; depth++) {
      if (found instanceof Value.Text(String at, String text)) {
        return text.length() > MOST ? text.substring(0, MOST) + "..." : text;
      }
      Value first = Loose.first(found, TEXTS);
      List<Value> list = Loose.list(first == null ? Loose.child(found, "errors") : first);
      found = list.isEmpty() ? first : Loose.first(list.getFirst(), TEXTS);
    }
    return "";
  }
}
