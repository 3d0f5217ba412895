package io.tokentropy.gateway.openai;

import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what two models cannot do together: what a server keeps account of along an answer begins
 * anew at every switch, and tools are read out of tokens that the gateway would show.
 */
public final class NotSwitchable {
  private NotSwitchable() {}

  /** What is left of a field that asks for nothing; it is no obstacle. */
  private static final Set<String> NONE = Set.of("none", "auto");

  private record Obstacle(String name, Predicate<Value> asksForNothing) {}

  private static final List<Obstacle> OBSTACLES =
      List.of(
          new Obstacle("tools", NotSwitchable::isEmpty),
          new Obstacle("functions", NotSwitchable::isEmpty),
          new Obstacle("tool_choice", NotSwitchable::isNone),
          new Obstacle("function_call", NotSwitchable::isNone),
          new Obstacle("parallel_tool_calls", value -> true),
          new Obstacle("response_format", NotSwitchable::isText),
          new Obstacle("structured_outputs", NotSwitchable::isEmpty),
          new Obstacle("guided_json", NotSwitchable::isEmpty),
          new Obstacle("guided_regex", NotSwitchable::isEmpty),
          new Obstacle("guided_choice", NotSwitchable::isEmpty),
          new Obstacle("guided_grammar", NotSwitchable::isEmpty),
          new Obstacle("grammar", NotSwitchable::isEmpty),
          new Obstacle("json_schema", NotSwitchable::isEmpty),
          new Obstacle("presence_penalty", value -> is(value, 0)),
          new Obstacle("frequency_penalty", value -> is(value, 0)),
          new Obstacle("repetition_penalty", value -> is(value, 1)),
          new Obstacle("repeat_penalty", value -> is(value, 1)),
          new Obstacle("best_of", value -> is(value, 1)),
          new Obstacle("echo", NotSwitchable::isFalse),
          new Obstacle("suffix", NotSwitchable::isEmpty),
          new Obstacle("prompt_logprobs", value -> false),
          new Obstacle("use_beam_search", NotSwitchable::isFalse),
          new Obstacle("reasoning_effort", value -> false),
          new Obstacle("modalities", NotSwitchable::isTextAlone),
          new Obstacle("audio", value -> false));

  /** The first such field, by its path without the slash; null if there is none. */
  public static @Nullable String in(Fields fields, Shape shape) {
    String found = null;
    for (Obstacle obstacle : OBSTACLES) {
      Value value = fields.get(obstacle.name());
      if (found == null && value != null && !obstacle.asksForNothing().test(value)) {
        found = obstacle.name();
      }
    }
    if (found != null) {
      return found;
    }
    return shape == Shape.CHAT ? inMessages(fields.get("messages")) : inPrompt(fields);
  }

  /** Several prompts are several requests. */
  private static @Nullable String inPrompt(Fields fields) {
    return fields.get("prompt") instanceof Value.Items items && items.items().size() > 1
        ? "prompt"
        : null;
  }

  private static @Nullable String inMessages(@Nullable Value messages) {
    if (!(messages instanceof Value.Items items)) {
      return null;
    }
    for (Value message : items.items()) {
      if (message instanceof Value.Obj object && !isPlain(object)) {
        return message.pointer().substring(1);
      }
    }
    return null;
  }

  /** Whether a message is a role and a text. */
  private static boolean isPlain(Value.Obj message) {
    if (!Set.of("role", "content").containsAll(message.fields().keySet())) {
      return false;
    }
    if (!(message.fields().get("content") instanceof Value.Items parts)) {
      return true;
    }
    return parts.items().stream().allMatch(NotSwitchable::isTextPart);
  }

  private static boolean isTextPart(Value part) {
    return part instanceof Value.Obj object && isText(object);
  }

  private static boolean isText(Value value) {
    return value instanceof Value.Obj object
        && object.fields().get("type") instanceof Value.Text(String at, String type)
        && type.equals("text");
  }

  private static boolean isTextAlone(Value value) {
    return value instanceof Value.Items items
        && items.items().size() == 1
        && items.items().getFirst() instanceof Value.Text(String at, String text)
        && text.equals("text");
  }

  private static boolean isEmpty(Value value) {
    return switch (value) {
      case Value.Text(String at, String text) -> text.isEmpty();
      case Value.Items items -> items.items().isEmpty();
      case Value.Numbers numbers -> numbers.size() == 0;
      case Value.Obj object -> object.fields().isEmpty();
      default -> false;
    };
  }

  /** Without tools there is nothing to choose. */
  private static boolean isNone(Value value) {
    return value instanceof Value.Text(String at, String text) && NONE.contains(text);
  }

  private static boolean isFalse(Value value) {
    return value instanceof Value.Bool(String at, boolean flag) && !flag;
  }

  private static boolean is(Value value, double neutral) {
    return value instanceof Value.Num num && num.number() == neutral;
  }
}
