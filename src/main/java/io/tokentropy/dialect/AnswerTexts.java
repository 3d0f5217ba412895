package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The text of each answer of a response, as the server wrote it beside the tokens: whole, or piece
 * by piece. The tokens need not spell it, as servers clean it and keep thinking out of it.
 */
final class AnswerTexts {
  private final Map<Integer, StringBuilder> texts = new HashMap<>();

  /** What one chunk brings. */
  void read(Value chunk) {
    int choice = 0;
    for (Value each : Loose.list(Loose.child(chunk, "choices"))) {
      choice(each, Loose.index(each, choice));
      choice++;
    }
    if (Loose.child(chunk, "meta_info") != null) {
      grow(Loose.text(Loose.child(chunk, "text")));
    }
    add(0, Loose.text(Loose.child(chunk, "response")));
    message(Loose.child(chunk, "message"), 0);
    Value content = Loose.child(chunk, "content");
    Value index = Loose.child(chunk, "index");
    add(index == null ? 0 : (int) Math.max(0, Loose.count(index)), Loose.text(content));
    generated(chunk);
    output(chunk);
  }

  /** What was found of each answer that has a text. */
  Map<Integer, String> found() {
    var found = new TreeMap<Integer, String>();
    texts.forEach(
        (choice, text) -> {
          if (!text.isEmpty()) {
            found.put(choice, text.toString());
          }
        });
    return found;
  }

  private void choice(Value choice, int index) {
    message(Loose.child(choice, "message"), index);
    message(Loose.child(choice, "delta"), index);
    add(index, Loose.text(Loose.child(choice, "text")));
  }

  private void message(@Nullable Value message, int index) {
    Value content = Loose.child(message, "content");
    add(index, Loose.text(content));
    for (Value part : Loose.list(content)) {
      add(index, Loose.text(Loose.child(part, "text")));
    }
    add(index, Loose.text(Loose.child(message, "refusal")));
  }

  /** TGI writes the whole text at the end, and tokens alone before. */
  private void generated(Value chunk) {
    put(0, Loose.text(Loose.child(chunk, "generated_text")));
    int choice = 1;
    for (Value other : Loose.list(Loose.down(chunk, "details", "best_of_sequences"))) {
      put(choice, Loose.text(Loose.child(other, "generated_text")));
      choice++;
    }
  }

  /** OpenAI's Responses: the whole response at the end of a stream repeats what came before. */
  private void output(Value chunk) {
    if (Loose.text(Loose.child(chunk, "type")).equals("response.output_text.delta")) {
      add(0, Loose.text(Loose.child(chunk, "delta")));
    }
    Value response = Loose.child(chunk, "response");
    Value whole = response instanceof Value.Obj ? response : chunk;
    var text = new StringBuilder();
    for (Value item : Loose.list(Loose.child(whole, "output"))) {
      for (Value part : Loose.list(Loose.child(item, "content"))) {
        text.append(Loose.text(Loose.child(part, "text")));
      }
    }
    put(0, text.toString());
  }

  private void add(int choice, String text) {
    texts.computeIfAbsent(choice, key -> new StringBuilder()).append(text);
  }

  /** Takes the place of what came before, if it is anything. */
  private void put(int choice, String text) {
    if (!text.isEmpty()) {
      texts.put(choice, new StringBuilder(text));
    }
  }

  /** SGLang repeats all that came before in each chunk, unless it was told not to. */
  private void grow(String text) {
    String before = texts.getOrDefault(0, new StringBuilder()).toString();
    if (text.startsWith(before)) {
      put(0, text);
    } else {
      add(0, text);
    }
  }
}
