package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The list of answers that OpenAI's chat and completions have in common, and all who write as they
 * do. Either may have the log-probabilities of the other.
 */
final class Choices {
  private static final List<String> REASONING = List.of("reasoning_content", "reasoning");

  private Choices() {}

  /**
   * Reads the answers; chunks without choices carry the usage, or what Azure says of the prompt.
   */
  static void read(Value chunk, Draft draft) {
    Value choices = Loose.child(chunk, "choices");
    if (choices == null) {
      throw chunk.wrongType("an object with choices");
    }
    List<Value> list = choices.asList();
    Value usage = Loose.child(chunk, "usage");
    boolean whole = list.stream().noneMatch(choice -> Loose.child(choice, "delta") != null);
    if (whole || !draft.isEmpty()) {
      draft.coverage().counted(-1, Loose.count(Loose.child(usage, "completion_tokens")));
    }
    if (list.isEmpty() && usage != null) {
      draft.sawPart();
    } else if (list.isEmpty()) {
      draft.sawNoChoices(choices);
    }
    EngineMaps.prompt(chunk, 0, draft);
    for (int i = 0; i < list.size(); i++) {
      Value choice = list.get(i);
      int index = Loose.index(choice, i);
      EngineMaps.prompt(choice, index, draft);
      read(chunk, choice, Slot.of(index), new Echo(usage, list), draft);
    }
  }

  private static void read(Value chunk, Value choice, Slot slot, Echo echo, Draft draft) {
    Value delta = Loose.child(choice, "delta");
    Value message = delta == null ? Loose.child(choice, "message") : delta;
    Value logprobs = Loose.child(choice, "logprobs");
    String text =
        Loose.text(
            Loose.child(message == null ? choice : message, message == null ? "text" : "content"));
    String reasoning = Loose.text(Loose.first(message, REASONING));
    boolean whole = delta == null && (message != null || isEnd(choice));
    if (logprobs != null || (delta == null && message != null)) {
      draft.goesOn(slot.choice(), chunk);
    }
    boolean any =
        logprobs != null
            && tokens(
                logprobs,
                Loose.list(Loose.child(choice, "token_ids")),
                slot,
                reasoning,
                text.isEmpty(),
                echo,
                draft);
    if (any) {
      draft.sawLogprobs();
      draft.coverage().scored(reasoning + text);
    } else if (delta == null ? !text.isEmpty() : saysSomething(Loose.fields(delta))) {
      draft.sawText();
      draft.coverage().bare(reasoning + text);
    }
    if (delta != null) {
      draft.sawPart();
    }
    if (whole) {
      draft.ends(slot.choice());
    }
  }

  private static boolean isEnd(Value choice) {
    String reason = Loose.text(Loose.child(choice, "finish_reason"));
    return !reason.isEmpty() && !reason.equals("null");
  }

  /** Whether there was a place for log-probabilities. */
  private static boolean tokens(
      Value logprobs,
      List<Value> ids,
      Slot slot,
      String reasoning,
      boolean alone,
      Echo echo,
      Draft draft) {
    if (logprobs.isList()) {
      boolean maps = logprobs.asList().stream().anyMatch(EngineMaps::isMap);
      if (maps) {
        EngineMaps.list(logprobs, ids, slot, draft);
      } else {
        objects(logprobs, slot, reasoning, alone, draft);
      }
      return true;
    }
    boolean any = false;
    for (String name : List.of("content", "refusal")) {
      Value entries = Loose.child(logprobs, name);
      any |= entries != null;
      objects(entries, slot, reasoning, alone, draft);
    }
    return any || ParallelLists.read(logprobs, slot, echo, draft);
  }

  /** The tokens of a chunk, an object each. */
  private static void objects(
      @Nullable Value entries, Slot slot, String reasoning, boolean alone, Draft draft) {
    List<Value> list = Loose.items(entries);
    boolean[] thinking = Thinking.of(list, reasoning, alone);
    for (int i = 0; i < list.size(); i++) {
      Value entry = list.get(i);
      draft.add(slot.thinking(thinking[i]), () -> Position.read(entry));
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
}
