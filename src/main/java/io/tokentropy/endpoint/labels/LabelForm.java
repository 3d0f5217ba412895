package io.tokentropy.endpoint.labels;

import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.labels.Label;
import io.tokentropy.labels.LabelSet;
import io.tokentropy.labels.Match;
import io.tokentropy.labels.Place;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Reads {@code labels}, with what says which tokens are theirs, and {@code position}. */
final class LabelForm {
  /** Whether the texts of a label are all of its tokens. */
  private enum Variants {
    ANY,
    LISTED;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private LabelForm() {}

  static LabelSet read(Fields fields, LabelLimits limits) {
    Match match = fields.word("match", Match.TRIM, Match::wire);
    Variants variants = fields.word("variants", Variants.ANY, Variants::wire);
    if (!fields.has("labels")) {
      fields.refuseMisspelt();
    }
    Value list = fields.require("labels");
    List<Value> values = list.asList();
    limits.labels().require(list.pointer(), values.size());
    var labels = new ArrayList<Label>();
    long tokens = 0;
    for (Value value : values) {
      tokens += tokens(value);
      limits.tokens().require(list.pointer(), tokens);
      labels.add(label(value));
    }
    requireScores(labels, list);
    return InvalidInput.under(
        list.pointer(), () -> new LabelSet(labels, match, variants == Variants.LISTED));
  }

  private static int tokens(Value label) {
    Value tokens = label instanceof Value.Obj ? label.asFields().get("tokens") : null;
    return tokens == null ? 1 : tokens.asList().size();
  }

  /** A text alone is a label with the token of that text. */
  private static Label label(Value value) {
    if (!(value instanceof Value.Obj)) {
      String name = name(value);
      return new Label(name, List.of(), List.of(name), OptionalDouble.empty());
    }
    Fields fields = value.asFields();
    String name = name(fields.require("name"));
    OptionalDouble score = fields.number("score");
    Value tokens = fields.get("tokens");
    var ids = new ArrayList<Integer>();
    var texts = new ArrayList<String>();
    if (tokens == null) {
      texts.add(name);
    } else {
      read(tokens, ids, texts);
    }
    fields.done();
    return new Label(name, ids, texts, score);
  }

  private static String name(Value value) {
    if (!(value instanceof Value.Text(String at, String name))) {
      throw value.wrongType("a text, or an object with name and tokens");
    }
    if (name.isEmpty()) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), "\"\"", "a name");
    }
    return name;
  }

  private static void read(Value tokens, List<Integer> ids, List<String> texts) {
    List<Value> list = tokens.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(
          tokens.pointer(), "the list is empty; expected texts or ids of tokens");
    }
    for (Value token : list) {
      if (token instanceof Value.Text(String at, String text)) {
        texts.add(text);
      } else if (token instanceof Value.Num && token.asInt() >= 0) {
        ids.add(token.asInt());
      } else {
        throw token.wrongType("the text of a token, or its id, at least 0");
      }
    }
  }

  private static void requireScores(List<Label> labels, Value list) {
    boolean any = labels.stream().anyMatch(label -> label.score().isPresent());
    for (int i = 0; any && i < labels.size(); i++) {
      if (labels.get(i).score().isEmpty()) {
        throw new InvalidInput.MissingInput(
            list.pointer() + "/" + i, "score is missing; other labels have one");
      }
    }
  }

  /** The first token of the answer, unless another is wanted. */
  static Place place(Fields fields) {
    Value value = fields.get("position");
    return switch (value) {
      case null -> new Place.First();
      case Value.Obj object -> {
        Fields after = object.asFields();
        Value text = after.require("after");
        after.done();
        if (text.asText().isEmpty()) {
          throw new InvalidInput.ParameterOutOfRange(text.pointer(), "\"\"", "a text");
        }
        yield new Place.After(text.asText());
      }
      case Value.Text(String at, String word) when word.equals("first") -> new Place.First();
      case Value.Text(String at, String word) when word.equals("last") -> new Place.Last();
      case Value.Num number -> new Place.At(number.asInt());
      default -> throw value.wrongType("first, last, a token's index, or {\"after\": \"..\"}");
    };
  }
}
