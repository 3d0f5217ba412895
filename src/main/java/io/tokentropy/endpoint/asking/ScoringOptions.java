package io.tokentropy.endpoint.asking;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the answers are to be scored: fields of {@code /v1/inv-entropy}, which are handed on as they
 * came, and the bodies with them.
 */
record ScoringOptions(Answer options, boolean saysLongTexts) {
  private static final List<String> WORDS =
      List.of("unit", "mapping", "zero_row", "marginal_x", "long_texts");
  private static final List<String> FLAGS = List.of("symmetrize", "pooled", "exhaustive");

  /** One question of such a body. */
  record Question(List<String> prompts, List<List<String>> answers) {
    private Answer toAnswer() {
      int at = 0;
      var groups = new ArrayList<int[]>();
      for (List<String> each : answers) {
        int[] group = new int[each.size()];
        for (int i = 0; i < group.length; i++) {
          group[i] = at++;
        }
        groups.add(group);
      }
      return new Answer()
          .put("texts_x", prompts)
          .put("texts_y", answers.stream().flatMap(List::stream).toList())
          .put("groups", groups);
    }
  }

  static ScoringOptions read(Fields fields) {
    var options = new Answer();
    for (String name : WORDS) {
      options.put(name, fields.text(name));
    }
    for (String name : FLAGS) {
      Value flag = fields.get(name);
      if (flag != null) {
        options.put(name, flag.asFlag());
      }
    }
    List<Value> wanted = fields.list("return");
    if (!wanted.isEmpty()) {
      options.put("return", wanted.stream().map(Value::asText).toList());
    }
    options.put("bootstrap", bootstrap(fields.get("bootstrap")));
    return new ScoringOptions(options, fields.has("long_texts"));
  }

  private static @Nullable Answer bootstrap(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    Fields fields = value.asFields();
    Answer bootstrap = new Answer().put("draws", fields.integer("draws"));
    Value seed = fields.get("seed");
    if (seed != null) {
      bootstrap.put("seed", seed.asLong());
    }
    fields.done();
    return bootstrap;
  }

  /**
   * A body for {@code /v1/inv-entropy}.
   *
   * @param several whether its questions stand in a list, even if it is one
   * @param longTexts what becomes of long texts, unless the caller said so
   */
  Answer body(List<Question> questions, boolean several, String longTexts) {
    Answer body =
        several
            ? new Answer().put("items", questions.stream().map(Question::toAnswer).toList())
            : questions.getFirst().toAnswer();
    body.putAll(options);
    return saysLongTexts ? body : body.put("long_texts", longTexts);
  }
}
