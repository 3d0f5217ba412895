package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A long text that a server scored in several windows, which overlap: the tokens that a window
 * repeats from those before it are its context, and count once.
 *
 * @param reading the tokens of the whole text
 * @param contexts of each window, how many of its tokens the windows before it have brought
 * @param sizes of each window, all its tokens
 */
record Windows(Reading reading, List<Integer> contexts, List<Integer> sizes) {

  /**
   * Reads {@code windows}, with {@code stride} beside them or {@code context} in each.
   *
   * @throws InvalidInput.ShapeMismatch if a window's context is not the end of what came before
   */
  static Windows read(
      Value list, Fields fields, InputReader inputs, ScoreLimits limits, boolean said) {
    Value stride = fields.get("stride");
    if (stride != null && stride.asInt() < 1) {
      throw new InvalidInput.ParameterOutOfRange(stride.pointer(), stride.asInt(), "at least 1");
    }
    List<Value> windows = list.asList();
    if (windows.isEmpty()) {
      throw new InvalidInput.MissingInput(list.pointer(), "the list is empty; expected windows");
    }
    limits.windows().require(list.pointer(), windows.size());
    Scope scope = Scope.read(fields);
    var text = new Text(list, inputs);
    for (Value each : windows) {
      Fields window = each.asFields();
      Value response = window.require("openai");
      Reading reading = scope.of(inputs.wholeResponse(response, fields), said, response.pointer());
      Value context = window.get("context");
      if (context != null && stride != null) {
        throw new InvalidInput.ConflictingInputs(
            context.pointer(), "stride says how far the windows overlap");
      }
      window.done();
      text.add(reading, response.pointer(), context, stride);
    }
    return text.whole();
  }

  /** What the answer says of each. */
  List<Answer> answer() {
    var list = new ArrayList<Answer>();
    for (int i = 0; i < sizes.size(); i++) {
      list.add(new Answer().put("tokens", sizes.get(i)).put("context", contexts.get(i)));
    }
    return list;
  }

  /** The text as it grows. */
  private static final class Text {
    private final Value list;
    private final InputReader inputs;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Reading.Note> notes = new ArrayList<>();
    private final List<Integer> contexts = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private @Nullable Reading first;

    Text(Value list, InputReader inputs) {
      this.list = list;
      this.inputs = inputs;
    }

    void add(Reading window, String pointer, @Nullable Value context, @Nullable Value stride) {
      List<Token> its = window.tokens();
      if (its.stream().anyMatch(token -> token.choice() != its.getFirst().choice())) {
        throw new InvalidInput.ShapeMismatch(pointer, "a window has one answer, found several");
      }
      int seen = stride == null ? given(context, its) : overlap(stride);
      if (seen < 0) {
        throw new InvalidInput.ShapeMismatch(
            Objects.requireNonNull(stride).pointer(),
            "window "
                + sizes.size()
                + " begins "
                + -seen
                + " tokens after the end of those before");
      }
      if (seen >= its.size()) {
        throw new InvalidInput.ShapeMismatch(
            pointer, "all " + its.size() + " tokens of this window are context: it adds none");
      }
      requireSame(its, seen, pointer);
      for (Reading.Note note : window.notes()) {
        if (note.token() < 0 || note.token() >= seen) {
          int place = note.token() < 0 ? -1 : tokens.size() + note.token() - seen;
          notes.add(new Reading.Note(note.code(), note.message(), place));
        }
      }
      tokens.addAll(its.subList(seen, its.size()));
      inputs.requireRows(list, tokens.size());
      contexts.add(seen);
      sizes.add(its.size());
      first = first == null ? window : first;
    }

    private static int given(@Nullable Value context, List<Token> its) {
      int given = context == null ? 0 : context.asInt();
      if (context != null && (given < 0 || given >= its.size())) {
        throw new InvalidInput.ParameterOutOfRange(
            context.pointer(),
            given,
            "between 0 and " + (its.size() - 1) + ": this window has " + its.size() + " tokens");
      }
      return given;
    }

    /** Windows begin a stride apart, and each goes on beyond the end of those before. */
    private int overlap(Value stride) {
      return Math.toIntExact(
          Math.clamp(
              tokens.size() - (long) sizes.size() * stride.asInt(),
              Integer.MIN_VALUE + 1,
              Integer.MAX_VALUE));
    }

    /** What a window repeats must be what came before; of the first, nothing did. */
    private void requireSame(List<Token> its, int seen, String pointer) {
      for (int i = 0; i < seen && !sizes.isEmpty(); i++) {
        int place = tokens.size() - seen + i;
        Token before = place < 0 ? null : tokens.get(place);
        if (before == null || !isSame(before, its.get(i))) {
          throw new InvalidInput.ShapeMismatch(
              pointer,
              "token "
                  + i
                  + " of the context is "
                  + name(its.get(i))
                  + ", but "
                  + (before == null ? "nothing" : name(before))
                  + " stands there before");
        }
      }
    }

    private static boolean isSame(Token a, Token b) {
      return (a.id() != null && b.id() != null)
          ? a.id().equals(b.id())
          : Objects.equals(a.text(), b.text());
    }

    private static String name(Token token) {
      return token.text() == null ? "token " + token.id() : "\"" + token.text() + "\"";
    }

    Windows whole() {
      Reading any = Objects.requireNonNull(first);
      return new Windows(new Reading(any.dialect(), tokens, notes, Map.of()), contexts, sizes);
    }
  }
}
