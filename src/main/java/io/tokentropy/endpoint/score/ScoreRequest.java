package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Part;
import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.score.Span;
import io.tokentropy.score.Thinking;
import io.tokentropy.score.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a response.
 *
 * @param reading the tokens of the part that is scored
 * @param choices its answers by their numbers, at least one unless there is no token
 * @param spans the parts of one answer that are asked for; null if none are
 * @param windows of which the text was put together; null if it came in one piece
 * @param entropyAbove nats, for a flag
 * @param logprobBelow nats, for a flag
 * @param said what is to be said of what was asked
 */
record ScoreRequest(
    Reading reading,
    Scope scope,
    Map<Integer, Scored> choices,
    @Nullable Located spans,
    @Nullable Windows windows,
    EntropyUnit unit,
    OptionalDouble entropyAbove,
    OptionalDouble logprobBelow,
    List<Warning> said) {

  /**
   * The parts of one answer.
   *
   * @param choice which answer that is
   * @param echo whether the answer repeats their text
   */
  record Located(int choice, Transcript transcript, List<Span> spans, boolean echo) {}

  /** Reads requests. */
  record Form(InputReader inputs, ScoreLimits limits, List<Thinking.Tag> tags) {

    ScoreRequest read(Fields fields) {
      EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
      OptionalDouble entropyAbove = OptionalDouble.empty();
      OptionalDouble logprobBelow = OptionalDouble.empty();
      Value flags = fields.get("flags");
      if (flags != null) {
        Fields wanted = flags.asFields();
        entropyAbove = limit(wanted, "entropy_above", unit);
        logprobBelow = limit(wanted, "logprob_below", EntropyUnit.NAT);
        wanted.done();
      }
      Set<Exclusion> excluded = Exclusion.read(fields);
      List<SpanForm> wanted = SpanForm.read(fields, limits);
      boolean echo = fields.flag("echo", false);
      Value choice = fields.get("choice");
      requireSpans(wanted, fields, "echo", "choice");
      Scope scope = Scope.read(fields);
      boolean stated = fields.has("part");
      Windows windows = windows(fields, stated);
      Reading reading = windows == null ? reading(fields, scope, stated) : windows.reading();
      var said = new ArrayList<Warning>();
      if (fields.has("reported_at")) {
        said.add(
            Warning.of(
                "reported_logprobs",
                "log-probabilities, perplexity and probability are as reported; entropies and"
                    + " mass_seen are of the model before reported_at"));
      }
      Map<Integer, Scored> choices = choices(reading, excluded, said);
      Located spans =
          wanted.isEmpty() ? null : locate(wanted, choices, choice, echo, reading, said);
      return new ScoreRequest(
          reading, scope, choices, spans, windows, unit, entropyAbove, logprobBelow, said);
    }

    private static OptionalDouble limit(Fields fields, String name, EntropyUnit unit) {
      Value value = fields.get(name);
      return value == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(unit.toNats(value.asNumber()));
    }

    /** What only spans have is no use without them. */
    private static void requireSpans(List<SpanForm> spans, Fields fields, String... names) {
      for (String name : names) {
        Value value = fields.get(name);
        if (value != null && spans.isEmpty()) {
          throw new InvalidInput.MissingInput(
              value.pointer(), name + " belongs to spans, and there are none");
        }
      }
    }

    private @Nullable Windows windows(Fields fields, boolean stated) {
      Value list = fields.get("windows");
      Value response = fields.get("openai");
      Value stride = fields.get("stride");
      if (list == null && stride != null) {
        throw new InvalidInput.MissingInput(
            stride.pointer(), "stride belongs to windows, and there are none");
      }
      if (list != null && response != null) {
        throw new InvalidInput.ConflictingInputs(
            list.pointer(), "windows stands beside openai; expected one of them");
      }
      if (list == null && response == null) {
        fields.refuseMisspelt();
      }
      return list == null ? null : Windows.read(list, fields, inputs, limits, stated);
    }

    private Reading reading(Fields fields, Scope scope, boolean stated) {
      Value response = fields.require("openai");
      return scope.of(inputs.wholeResponse(response, fields), stated, response.pointer());
    }

    private Map<Integer, Scored> choices(
        Reading reading, Set<Exclusion> excluded, List<Warning> said) {
      var places = new TreeMap<Integer, List<Integer>>();
      for (int i = 0; i < reading.tokens().size(); i++) {
        places
            .computeIfAbsent(reading.tokens().get(i).choice(), choice -> new ArrayList<>())
            .add(i);
      }
      var choices = new TreeMap<Integer, Scored>();
      places.forEach(
          (choice, its) -> {
            List<Token> tokens = its.stream().map(reading.tokens()::get).toList();
            choices.put(
                choice, new Scored(its, tokens, Exclusion.of(tokens, excluded, tags, said)));
          });
      return choices;
    }

    private Located locate(
        List<SpanForm> forms,
        Map<Integer, Scored> choices,
        @Nullable Value wanted,
        boolean echo,
        Reading reading,
        List<Warning> said) {
      String pointer = "/spans";
      if (choices.isEmpty()) {
        throw new InvalidInput.MissingInput(pointer, "the response holds no token with a text");
      }
      int choice = wanted == null ? choices.keySet().iterator().next() : wanted.asInt();
      Scored scored = choices.get(choice);
      if (scored == null) {
        throw new InvalidInput.ParameterOutOfRange(
            Objects.requireNonNull(wanted).pointer(),
            choice,
            "one of " + choices.keySet() + ", the answers of the response");
      }
      boolean written = scored.tokens().stream().allMatch(token -> token.part() == Part.COMPLETION);
      Transcript transcript =
          transcript(scored, written ? reading.texts().get(choice) : null, pointer);
      if (transcript.isRealigned()) {
        said.add(
            Warning.of(
                "realigned",
                "the tokens do not spell the answer's text, which the server cleaned: they are"
                    + " aligned by their bytes"));
      }
      var spans =
          new Spans(
              transcript,
              transcript.search(i -> scored.why()[i] == Exclusion.THINKING),
              limits,
              inputs.limits().answerEntries());
      return new Located(choice, transcript, spans.find(forms, said), echo);
    }

    private static Transcript transcript(Scored scored, @Nullable String text, String pointer) {
      if (scored.tokens().stream().noneMatch(Texts::isSpelled)) {
        throw new InvalidInput.MissingInput(
                pointer, "the tokens have no texts, so no part of the answer can be found in them")
            .withHint("Ask the server for texts, not for ids alone.");
      }
      Transcript transcript =
          Transcript.of(scored.pieces(), text)
              .orElseThrow(
                  () ->
                      new InvalidInput.ShapeMismatch(
                          pointer,
                          "the tokens spell another text than the answer's, too different to be"
                              + " aligned"));
      if (transcript.length() == 0) {
        throw new InvalidInput.MissingInput(pointer, "the answer's text is empty");
      }
      return transcript;
    }
  }
}
