package io.tokentropy.web;

import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.score.AnswerScore;
import io.tokentropy.score.Flag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/score}. */
@RestController
class ScoreController implements Method.Offered {
  private static final String PATH = "/v1/score";

  private final Calls calls;
  private final InputReader inputs;
  private final Tally tally;

  ScoreController(Calls calls, InputReader inputs, Tally tally) {
    this.calls = calls;
    this.inputs = inputs;
    this.tally = tally;
    calls.offer(PATH, this::read, this::answer);
  }

  /**
   * What is asked.
   *
   * @param entropyAbove nats, for a flag
   * @param logprobBelow nats, for a flag
   */
  private record Asked(
      Reading reading,
      EntropyUnit unit,
      OptionalDouble entropyAbove,
      OptionalDouble logprobBelow) {}

  @PostMapping(
      path = PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, PATH, this::read, asked -> answer(request, asked));
  }

  private Asked read(Fields fields) {
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
    return new Asked(
        inputs.response(fields.require("openai"), fields), unit, entropyAbove, logprobBelow);
  }

  private static OptionalDouble limit(Fields fields, String name, EntropyUnit unit) {
    Value value = fields.get(name);
    return value == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(unit.toNats(value.asNumber()));
  }

  private Answer answer(HttpServletRequest request, Asked asked) {
    Reading reading = asked.reading();
    List<Warning> warnings = InputReader.warnings(reading, false);
    tally.input(request, PATH, "openai", reading.tokens().size(), warnings);
    tally.entropies(
        request,
        reading.tokens().stream()
            .<Row>mapMulti(
                (token, rows) -> {
                  if (token.row() != null) {
                    rows.accept(token.row());
                  }
                })
            .toList());
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
    return Input.putWarnings(answer.put("data", data), warnings);
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
      item.put("mass_seen", row.massSeen()).put("alternatives", row.best().size());
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

  @Override
  public List<Method> methods() {
    return List.of(
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
                "auto | openai_chat | openai_completion | openai_responses | vllm | sglang | tgi |"
                    + " llamacpp | ollama",
                "auto")
            .parameter("vocab_size", "integer", "at least 1", "none: no upper bounds")
            .parameter("flags", "object", "entropy_above, logprob_below", "none"));
  }
}
