package io.tokentropy.endpoint.score;

import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of an answer as a caller names it. */
sealed interface SpanForm {
  /** JSON Pointer to it, or to what is looked for. */
  String pointer();

  /** Every leaf of the JSON in the answer. */
  record Json(String pointer) implements SpanForm {}

  /** Characters of the text. */
  record Offsets(String pointer, String name, int start, int end) implements SpanForm {}

  /** Words that stand in it, for the n-th time. */
  record Words(String pointer, String name, String words, int occurrence) implements SpanForm {}

  /** What a pattern matches, for the n-th time, or one of its groups. */
  record Match(String pointer, String name, String pattern, int occurrence, int group)
      implements SpanForm {}

  /**
   * Reads {@code spans}; none if it is absent.
   *
   * @throws InvalidInput.ConflictingInputs if a span is named twice, or in two ways
   */
  static List<SpanForm> read(Fields fields, ScoreLimits limits) {
    Value value = fields.get("spans");
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof Value.Items)) {
      return List.of(json(value));
    }
    List<Value> list = value.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected spans");
    }
    limits.spans().require(value.pointer(), list.size());
    var spans = new ArrayList<SpanForm>();
    Set<String> names = new HashSet<>();
    for (Value each : list) {
      Fields span = each.asFields();
      Value name = span.require("name");
      if (!names.add(name.asText())) {
        throw new InvalidInput.ConflictingInputs(
            name.pointer(), "another span is called \"" + name.asText() + "\", too");
      }
      spans.add(one(span, name.asText(), limits));
      span.done();
    }
    return List.copyOf(spans);
  }

  private static SpanForm json(Value value) {
    boolean text = value instanceof Value.Text || value instanceof Value.Query;
    if (!text) {
      throw value.wrongType("a list of spans, or \"json\"");
    }
    if (!value.asText().equals("json")) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), value.found(), "a list of spans, or \"json\"");
    }
    return new Json(value.pointer());
  }

  private static SpanForm one(Fields span, String name, ScoreLimits limits) {
    Value words = span.get("text");
    Value pattern = span.get("pattern");
    Value start = span.get("start");
    Value end = span.get("end");
    requireOneWay(span, words, pattern, start == null ? end : start);
    int occurrence = count(span, "occurrence", 1, words != null || pattern != null);
    int group = count(span, "group", 0, pattern != null);
    if (words != null) {
      return new Words(words.pointer(), name, notEmpty(words), occurrence);
    }
    if (pattern != null) {
      limits.patternLength().require(pattern.pointer(), pattern.asText().length());
      return new Match(pattern.pointer(), name, notEmpty(pattern), occurrence, group);
    }
    int from = span.require("start").asInt();
    int to = span.require("end").asInt();
    return new Offsets(span.pointer(), name, from, to);
  }

  private static void requireOneWay(Fields span, @Nullable Value... ways) {
    Value first = null;
    for (Value way : ways) {
      if (way != null && first != null) {
        throw new InvalidInput.ConflictingInputs(
            way.pointer(), "a span is start and end, or a text, or a pattern");
      }
      first = way == null ? first : way;
    }
    if (first == null) {
      span.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          span.pointer(), "a span needs start and end, or text, or pattern" + span.found());
    }
  }

  /** A count that only some spans have, at least as great as where it is absent. */
  private static int count(Fields span, String name, int least, boolean has) {
    Value value = span.get(name);
    if (value == null) {
      return least;
    }
    if (!has) {
      throw new InvalidInput.ConflictingInputs(
          value.pointer(), name + " belongs to a span that is looked for");
    }
    if (value.asInt() < least) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), value.asInt(), "at least " + least);
    }
    return value.asInt();
  }

  private static String notEmpty(Value value) {
    if (value.asText().isEmpty()) {
      throw new InvalidInput.MissingInput(value.pointer(), "there is nothing to look for");
    }
    return value.asText();
  }
}
