package io.tokentropy.endpoint.labels;

import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Distribution;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.InputKind;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.labels.Continuation;
import io.tokentropy.labels.Continuation.Normalize;
import io.tokentropy.labels.LabelFigures;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How probable some answers of several tokens are, each scored as if it had been written.
 *
 * @param skipped tokens of each that have no log-probability, as the first of a prompt
 * @param fromResponses whether one of them came as a response
 */
record CandidatesRequest(
    List<Continuation> candidates,
    List<Integer> skipped,
    Normalize normalize,
    boolean fromResponses,
    EntropyUnit unit) {

  /** What belongs to labels of one token. */
  private static final List<String> OTHERS =
      List.of("labels", "match", "variants", "position", "temperature");

  static CandidatesRequest read(Fields fields, InputReader inputs, LabelLimits limits) {
    Value list = fields.require("candidates");
    requireAlone(fields);
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    Normalize normalize = fields.word("normalize", Normalize.SUM, Normalize::wire);
    InputReader.ask(fields);
    fields.get("mass_error");
    List<Value> values = list.asList();
    if (values.isEmpty()) {
      throw new InvalidInput.MissingInput(list.pointer(), "the list is empty; expected candidates");
    }
    limits.labels().require(list.pointer(), values.size());
    var candidates = new ArrayList<Continuation>();
    var skipped = new ArrayList<Integer>();
    Set<String> names = new HashSet<>();
    boolean responses = false;
    int tokens = 0;
    for (Value value : values) {
      Fields candidate = value.asFields();
      Value name = candidate.require("name");
      if (!names.add(name.asText())) {
        throw new InvalidInput.ConflictingInputs(
            name.pointer(), "two candidates have the name \"" + name.asText() + "\"");
      }
      responses |= candidate.has(InputKind.OPENAI.wire());
      Scored scored = scored(candidate, fields, inputs);
      candidate.done();
      tokens += scored.tokens();
      inputs.requireRows(list, tokens);
      candidates.add(scored.named(name.asText()));
      skipped.add(scored.skipped());
    }
    return new CandidatesRequest(candidates, skipped, normalize, responses, unit);
  }

  private static void requireAlone(Fields fields) {
    var others = new ArrayList<>(OTHERS);
    others.addAll(InputKind.NAMES);
    for (String name : others) {
      if (fields.has(name)) {
        throw new InvalidInput.ConflictingInputs(
            fields.pointer(name),
            name + " stands beside candidates, each of which brings its own log-probabilities");
      }
    }
  }

  /** What a candidate's tokens sum up to, and the text that they spell. */
  private record Scored(double lnProb, int tokens, int skipped, String text) {
    Continuation named(String name) {
      String spelt = text.isEmpty() ? name : text;
      int bytes = Math.max(1, spelt.getBytes(StandardCharsets.UTF_8).length);
      return new Continuation(name, lnProb, tokens, bytes);
    }
  }

  private static Scored scored(Fields candidate, Fields fields, InputReader inputs) {
    Value response = candidate.get(InputKind.OPENAI.wire());
    Value list = candidate.get(InputKind.LOGPROBS.wire());
    if (response != null && list != null) {
      throw new InvalidInput.ConflictingInputs(
          list.pointer(), "logprobs stand beside openai; expected one of them");
    }
    if (response != null) {
      return scored(inputs.response(response, fields), response);
    }
    if (list == null) {
      throw new InvalidInput.MissingInput(
          candidate.pointer(), "there is neither openai nor logprobs" + candidate.found());
    }
    List<Value> values = list.asList();
    int skipped = !values.isEmpty() && values.getFirst().isNull() ? 1 : 0;
    if (values.size() == skipped) {
      throw new InvalidInput.MissingInput(
          list.pointer(), "the list has no log-probability; expected one a token");
    }
    double sum = 0;
    for (Value value : values.subList(skipped, values.size())) {
      double lnProb = value.isMask() ? Double.NEGATIVE_INFINITY : value.asNumber();
      if (lnProb > Distribution.MASS_TOLERANCE) {
        throw new InvalidInput.NotADistribution(
            value.pointer(),
            "found " + lnProb + ", expected a natural log of a probability, at most 0");
      }
      sum += Math.min(0, lnProb);
    }
    return new Scored(sum, values.size() - skipped, skipped, "");
  }

  private static Scored scored(Reading reading, Value response) {
    List<Token> tokens = reading.tokens();
    if (tokens.isEmpty()) {
      throw new InvalidInput.MissingInput(response.pointer(), "the response holds no token");
    }
    double sum = 0;
    var text = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.choice() != tokens.getFirst().choice()) {
        throw new InvalidInput.ShapeMismatch(
            response.pointer(), "the response has several answers; expected one a candidate");
      }
      if (token.lnProb().isEmpty()) {
        throw new InvalidInput.MissingInput(
            response.pointer(), "token " + i + " has no log-probability of its own");
      }
      sum += Math.min(0, token.lnProb().getAsDouble());
      text.append(Objects.requireNonNullElse(token.text(), ""));
    }
    return new Scored(sum, tokens.size(), 0, text.toString());
  }

  Answer answer(Tally tally) {
    tally.input(fromResponses ? InputKind.OPENAI.wire() : InputKind.LOGPROBS.wire());
    LabelFigures.Given given =
        InvalidInput.under("/candidates", () -> Continuation.given(candidates, normalize));
    var data = new ArrayList<Answer>();
    int best = 0;
    for (int i = 0; i < candidates.size(); i++) {
      Continuation candidate = candidates.get(i);
      Answer item =
          new Answer()
              .put("index", i)
              .put("name", candidate.name())
              .put("tokens", candidate.tokens())
              .put("bytes", candidate.bytes());
      if (skipped.get(i) > 0) {
        item.put("skipped", skipped.get(i));
      }
      if (candidate.lnProb() > Double.NEGATIVE_INFINITY) {
        item.put("logprob", candidate.lnProb()).put("mean_logprob", candidate.meanLnProb());
      }
      double prob = given.probs().get(i).low();
      data.add(item.put("prob", prob));
      best = prob > given.probs().get(best).low() ? i : best;
    }
    Answer answer =
        Answer.of("list")
            .put("unit", unit.wire())
            .put("normalize", normalize.wire())
            .put("best", candidates.get(best).name());
    LabelsAnswer.putEntropy(answer, given, unit);
    return answer.put("data", data);
  }
}
