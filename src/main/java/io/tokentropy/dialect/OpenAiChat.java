package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;

/** Token objects with lists of such objects, in {@code choices[].logprobs.content}. */
final class OpenAiChat implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    return fields.containsKey("choices") && !OpenAiCompletion.isCompletion(fields)
        ? Sign.SHARED
        : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    for (Value choice : Choices.read(chunk, draft)) {
      Value delta = Loose.child(choice, "delta");
      Value logprobs = Loose.child(choice, "logprobs");
      boolean any = false;
      for (String name : List.of("content", "refusal")) {
        Value entries = Loose.child(logprobs, name);
        any |= entries != null;
        read(Loose.index(choice), Loose.items(entries), draft);
      }
      if (any) {
        draft.sawLogprobs();
      } else if (saysSomething(Loose.fields(delta))) {
        draft.sawText();
      }
      if (delta != null) {
        draft.sawPart();
      }
    }
  }

  /** Whether a delta brings anything but the role. */
  private static boolean saysSomething(Map<String, Value> delta) {
    return delta.entrySet().stream()
        .anyMatch(
            field ->
                !field.getKey().equals("role")
                    && !field.getValue().isNull()
                    && !(field.getValue() instanceof Value.Text(String at, String text)
                        && text.isEmpty()));
  }

  /**
   * The tokens of a chunk. Servers that put several into one chunk have repeated the alternatives
   * of the first one for the others; those belong to no other token.
   */
  private static void read(int choice, List<Value> entries, Draft draft) {
    List<Candidate> before = List.of();
    for (Value entry : entries) {
      Position position = Position.read(entry, "top_logprobs");
      List<Candidate> listed = position.listed();
      boolean repeated =
          listed.size() > 1 && listed.equals(before) && !listed.contains(position.sampled());
      before = listed;
      if (repeated) {
        draft.note(
            "repeated_alternatives",
            "the alternatives are those of the token before, to the last digit: left out");
        position = new Position(position.sampled(), List.of(), position.pointer());
      }
      draft.add(choice, position);
    }
  }
}
