package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.score.AnswerScore;
import io.tokentropy.score.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/** {@code /v1/score}: how sure a model was of an answer. */
public final class ScoreEndpoint {
  public static final String PATH = "/v1/score";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "score",
                  PATH,
                  "How sure a model was of an answer, from the response as the server sent it",
                  "O(tokens x alternatives)")
              .formula("exp(-mean ln p); entropies as intervals with the best possible bounds")
              .disagreement(
                  "Renormalising the best k, or leaving the rest out, gives entropies that no"
                      + " distribution with these best k can have")
              .parameter("openai", "object, list or string", "a response, chunks, or their text")
              .parameter(
                  "dialect",
                  "string",
                  "auto | openai_chat | openai_completion | openai_responses | vllm | sglang | tgi"
                      + " | llamacpp | ollama",
                  "auto")
              .parameter("vocab_size", "integer", "at least 1", "none: no upper bounds")
              .parameter("reported_at", "object", "temperature, or top_p, top_k, min_p", "none")
              .parameter("flags", "object", "entropy_above, logprob_below", "none"));

  private ScoreEndpoint() {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofResponses(
        PATH, fields -> read(fields, inputs), ScoreEndpoint::answer, METHODS);
  }

  /**
   * What is asked.
   *
   * @param entropyAbove nats, for a flag
   * @param logprobBelow nats, for a flag
   * @param reportedAt whether the log-probabilities are not the model's own
   */
  private record Asked(
      Reading reading,
      EntropyUnit unit,
      OptionalDouble entropyAbove,
      OptionalDouble logprobBelow,
      boolean reportedAt) {}

  private static Asked read(Fields fields, InputReader inputs) {
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
    boolean reportedAt = fields.has("reported_at");
    return new Asked(
        inputs.response(fields.require("openai"), fields),
        unit,
        entropyAbove,
        logprobBelow,
        reportedAt);
  }

  private static OptionalDouble limit(Fields fields, String name, EntropyUnit unit) {
    Value value = fields.get(name);
    return value == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(unit.toNats(value.asNumber()));
  }

  private static Answer answer(Asked asked, Tally tally) {
    Reading reading = asked.reading();
    var warnings = new ArrayList<>(Responses.warnings(reading, false));
    if (asked.reportedAt()) {
      warnings.add(
          Warning.of(
              "reported_logprobs",
              "log-probabilities, perplexity and probability are as reported; entropies and"
                  + " mass_seen are of the model before reported_at"));
    }
    if (reading.tokens().stream().anyMatch(ScoreEndpoint::isOneSided)) {
      warnings.add(
          Warning.of(
              "no_upper_bound",
              "without vocab_size entropies have a lower end alone: mean_entropy and max_entropy"
                  + " are left out"));
    }
    tally.input("openai");
    tally.rows(reading.tokens().size(), warnings);
    for (Token token : reading.tokens()) {
      if (token.row() != null) {
        tally.entropy(token.row().entropy());
      }
    }
    var data = new ArrayList<Answer>();
    for (int i = 0; i < reading.tokens().size(); i++) {
      data.add(item(reading.tokens().get(i), i, asked));
    }
    List<Integer> choices =
        reading.tokens().stream().map(Token::choice).distinct().sorted().toList();
    Answer answer =
        Answer.of("score")
            .put("unit", asked.unit().wire())
            .put("dialect", reading.dialect().wire());
    reading.tokens().stream()
        .map(Token::row)
        .filter(Objects::nonNull)
        .mapToDouble(PartialDistribution::massError)
        .filter(error -> error > 0)
        .findFirst()
        .ifPresent(error -> answer.put("mass_error", error));
    if (!choices.isEmpty()) {
      answer.put("sequence", sequence(reading.tokens(), choices.getFirst(), asked.unit()));
    }
    if (choices.size() > 1) {
      answer.put(
          "choices",
          choices.stream()
              .map(choice -> sequence(reading.tokens(), choice, asked.unit()).put("choice", choice))
              .toList());
    }
    return Warning.putAll(warnings, answer.put("data", data));
  }

  private static boolean isOneSided(Token token) {
    PartialDistribution row = token.row();
    return row != null && !row.entropy().isBounded();
  }

  /** The figures of one answer; positions are those in {@code data}. */
  private static Answer sequence(List<Token> all, int choice, EntropyUnit unit) {
    var places = new ArrayList<Integer>();
    var tokens = new ArrayList<Token>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).choice() == choice) {
        places.add(i);
        tokens.add(all.get(i));
      }
    }
    AnswerScore score = AnswerScore.of(tokens);
    Answer answer = new Answer().put("tokens", score.tokens());
    OptionalDouble mean = score.meanLnProb();
    answer.put("mean_logprob", mean);
    if (mean.isPresent() && Math.exp(-mean.getAsDouble()) < Double.POSITIVE_INFINITY) {
      answer.put("perplexity", Math.exp(-mean.getAsDouble()));
    }
    score.lnProb().ifPresent(sum -> answer.put("logprob", sum).put("probability", Math.exp(sum)));
    Interval meanEntropy = score.meanEntropy();
    Interval maxEntropy = score.maxEntropy();
    if (meanEntropy != null && maxEntropy != null) {
      range(answer, "mean_entropy", meanEntropy, unit);
      range(answer, "max_entropy", maxEntropy, unit);
    }
    return answer.put("weakest", score.weakest().stream().map(places::get).toList());
  }

  private static void range(Answer answer, String name, Interval range, EntropyUnit unit) {
    if (range.isBounded()) {
      answer.put(name, unit.fromNats(range.midpoint()));
    }
    answer.put(name + "_low", unit.fromNats(range.low()));
    if (range.isBounded()) {
      answer.put(name + "_high", unit.fromNats(range.high()));
    }
  }

  private static Answer item(Token token, int index, Asked asked) {
    Answer item = new Answer().put("index", index);
    if (token.choice() > 0) {
      item.put("choice", token.choice());
    }
    item.put("token", token.text());
    Integer id = token.id();
    if (id != null) {
      item.put("id", id.longValue());
    }
    item.put("logprob", token.lnProb());
    PartialDistribution row = token.row();
    Answer flags = new Answer();
    if (row != null) {
      Interval entropy = row.entropy();
      range(item, "entropy", entropy, asked.unit());
      if (!row.ratiosOnly()) {
        Input.putShare(item, "mass_seen", row.massRange());
      }
      item.put("alternatives", row.best().size());
      asked
          .entropyAbove()
          .ifPresent(limit -> flags.put("entropy_above", Flag.above(entropy, limit).wire()));
    }
    if (asked.logprobBelow().isPresent() && token.lnProb().isPresent()) {
      boolean below = token.lnProb().getAsDouble() < asked.logprobBelow().getAsDouble();
      flags.put("logprob_below", (below ? Flag.YES : Flag.NO).wire());
    }
    return flags.isEmpty() ? item : item.put("flags", flags);
  }
}
