package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.uncertainty.UncertaintyEndpoint;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which other measures are wanted of the answers to the question in its own words: fields of {@code
 * /v1/uncertainty}, which are handed on as they came, and the bodies with them. The answers to
 * other wordings are no samples of the same question, so they do not count here.
 *
 * @param options measures among them
 * @param measuresAt where they stand
 * @param logprobs whether the log-probabilities of the answers are known
 */
record Measuring(Answer options, String measuresAt, boolean logprobs) {

  /** Null if none are wanted. */
  static @Nullable Measuring read(Fields fields, boolean logprobs) {
    Value measures = fields.get("measures");
    Value options = fields.get("options");
    if (measures == null) {
      if (options != null) {
        throw new InvalidInput.ConflictingInputs(
            options.pointer(), "options stands without measures, whose options they are");
      }
      return null;
    }
    Answer all =
        new Answer()
            .put("measures", measures.asList().stream().map(Value::asText).toList())
            .put("options", options == null ? null : copy(options))
            .put("unit", fields.text("unit"));
    return new Measuring(all, measures.pointer(), logprobs);
  }

  private static Answer copy(Value value) {
    if (!(value instanceof Value.Obj object)) {
      throw value.wrongType("an object");
    }
    var copy = new Answer();
    for (Map.Entry<String, Value> field : object.fields().entrySet()) {
      String name = field.getKey();
      switch (field.getValue()) {
        case Value.Obj inner -> copy.put(name, copy(inner));
        case Value.Text text -> copy.put(name, text.text());
        case Value.Num number -> copy.put(name, number.number());
        case Value.Bool flag -> copy.put(name, flag.flag());
        case Value.Null nothing -> copy.putNull(name);
        case Value other -> throw other.wrongType("an option: a word, a number or a flag");
      }
    }
    return copy;
  }

  /**
   * About what the measures take, if all answers come; refuses those that even then cannot be
   * computed.
   *
   * @param answers to the question in its own words
   */
  Cost likelyCost(int answers, UncertaintyEndpoint.Measurer measurer, Reader reader) {
    OptionalDouble likely = logprobs ? OptionalDouble.of(-1) : OptionalDouble.empty();
    var answer = new Choice("?", null, OptionalInt.of(1), likely);
    Answer body = body(List.of(Collections.nCopies(answers, answer)), false);
    try {
      return read(body, measurer, reader).cost();
    } catch (InvalidInput e) {
      throw e.pointer().isEmpty()
          ? e.at(measuresAt)
              .withHint(
                  "What is known here is the texts of answers_per_prompt answers, and with"
                      + " logprobs: true the log-probability of each.")
          : e;
    }
  }

  /** The body as the service would read it: from its bytes. */
  private static UncertaintyEndpoint.Measuring read(
      Answer body, UncertaintyEndpoint.Measurer measurer, Reader reader) {
    byte[] bytes = body.toBytes();
    return measurer.read(reader.read(bytes, bytes.length));
  }

  private Answer body(List<List<Choice>> rounds, boolean several) {
    return (several
            ? new Answer().put("items", rounds.stream().map(this::item).toList())
            : item(rounds.getFirst()))
        .putAll(options);
  }

  private Answer item(List<Choice> answers) {
    Answer item = new Answer().put("texts", answers.stream().map(Choice::text).toList());
    boolean known =
        answers.stream()
            .allMatch(each -> each.meanLogprob().isPresent() && each.tokens().orElse(0) > 0);
    if (logprobs && known) {
      item.put("sequence_logprobs", answers.stream().mapToDouble(Measuring::sum).toArray())
          .put("lengths", answers.stream().mapToInt(each -> each.tokens().orElse(0)).toArray());
    }
    return item;
  }

  private static double sum(Choice answer) {
    return answer.meanLogprob().orElse(0) * answer.tokens().orElse(0);
  }

  /**
   * The measures of answers that have come. Whatever these do not allow is no reason to withhold a
   * score that was paid for.
   *
   * @param rounds answers to the question in its own words, a list for each temperature
   * @param several whether the caller gave temperatures
   */
  Ready ready(
      List<List<Choice>> rounds,
      boolean several,
      UncertaintyEndpoint.Measurer measurer,
      Reader reader) {
    if (rounds.stream().allMatch(List::isEmpty)) {
      return new Ready(null, null, "the question in its own words has no answer");
    }
    Answer body = body(rounds, several);
    try {
      return new Ready(body, read(body, measurer, reader), null);
    } catch (InvalidInput e) {
      return new Ready(body, null, e.detail());
    }
  }

  /**
   * Measures that are ready to be computed.
   *
   * @param body that asks for them; null if there is nothing to measure
   * @param question null if it is refused
   * @param refused why; null if it is not
   */
  record Ready(
      @Nullable Answer body,
      UncertaintyEndpoint.@Nullable Measuring question,
      @Nullable String refused) {
    Cost cost() {
      return question == null ? Cost.NONE : question.cost();
    }

    Told told() {
      if (question == null) {
        return untold(refused);
      }
      try {
        UncertaintyEndpoint.Outcome found = question.measured();
        return new Told(found.data(), body, found.warnings());
      } catch (InvalidInput e) {
        return untold(e.detail());
      }
    }

    private Told untold(@Nullable String why) {
      return new Told(
          null, body, List.of(Warning.of("unmeasured", "measures were not computed: " + why)));
    }
  }

  /** What came of them; {@code data} is null if nothing did. */
  record Told(@Nullable List<Answer> data, @Nullable Answer request, List<Warning> warnings) {
    /** Where none are wanted. */
    static final Told NOTHING = new Told(null, null, List.of());
  }
}
