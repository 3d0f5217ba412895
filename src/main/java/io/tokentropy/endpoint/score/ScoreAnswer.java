package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Part;
import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.score.AnswerScore;
import io.tokentropy.score.Flag;
import io.tokentropy.score.Span;
import io.tokentropy.score.TextCounts;
import io.tokentropy.score.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Writes what was found of a response. */
final class ScoreAnswer {
  private final ScoreRequest asked;
  private final EntropyUnit unit;

  private ScoreAnswer(ScoreRequest asked) {
    this.asked = asked;
    this.unit = asked.unit();
  }

  static Answer of(ScoreRequest asked, Tally tally) {
    return new ScoreAnswer(asked).write(tally);
  }

  private Answer write(Tally tally) {
    Reading reading = asked.reading();
    List<Warning> warnings = warnings();
    tally.input("openai");
    tally.rows(reading.tokens().size(), warnings);
    for (Token token : reading.tokens()) {
      if (token.row() != null) {
        tally.entropy(token.row().entropy());
      }
    }
    Answer answer =
        Answer.of("score")
            .put("unit", unit.wire())
            .put("dialect", reading.dialect().wire())
            .put("part", part());
    reading.tokens().stream()
        .map(Token::row)
        .filter(Objects::nonNull)
        .mapToDouble(PartialDistribution::massError)
        .filter(error -> error > 0)
        .findFirst()
        .ifPresent(error -> answer.put("mass_error", error));
    if (!asked.choices().isEmpty()) {
      answer.put("sequence", sequence(asked.choices().values().iterator().next()));
    }
    if (asked.choices().size() > 1) {
      var choices = new ArrayList<Answer>();
      asked
          .choices()
          .forEach((choice, scored) -> choices.add(sequence(scored).put("choice", choice)));
      answer.put("choices", choices);
    }
    if (asked.spans() != null) {
      answer.put("spans", spans(asked.spans()));
    }
    if (asked.windows() != null) {
      answer.put("windows", asked.windows().answer());
    }
    return Warning.putAll(warnings, answer.put("data", data()));
  }

  private List<Warning> warnings() {
    var warnings = new ArrayList<>(Responses.warnings(asked.reading(), false));
    if (asked.reading().tokens().stream().anyMatch(ScoreAnswer::isOneSided)) {
      warnings.add(
          Warning.of(
              "no_upper_bound",
              "without vocab_size entropies have a lower end alone: mean_entropy and max_entropy"
                  + " are left out"));
    }
    warnings.addAll(asked.said());
    return warnings;
  }

  private static boolean isOneSided(Token token) {
    PartialDistribution row = token.row();
    return row != null && !row.entropy().isBounded();
  }

  /** The part that the tokens are of, which need not be the one that was asked for. */
  private String part() {
    boolean given = asked.reading().tokens().stream().anyMatch(t -> t.part() == Part.PROMPT);
    boolean written = asked.reading().tokens().stream().anyMatch(t -> t.part() == Part.COMPLETION);
    return (given && written ? Scope.BOTH : given ? Scope.PROMPT : Scope.COMPLETION).wire();
  }

  /** The figures of one answer; positions are those in {@code data}. */
  private Answer sequence(Scored scored) {
    Scored.Part whole = scored.whole();
    AnswerScore score = whole.score();
    Answer answer = new Answer().put("tokens", score.tokens());
    if (whole.skipped() > 0) {
      answer.put("skipped", whole.skipped());
    }
    List<Answer> excluded = Exclusion.count(scored.why());
    if (excluded != null) {
      answer.put("excluded", excluded);
    }
    OptionalDouble mean = score.meanLnProb();
    answer.put("mean_logprob", mean);
    if (mean.isPresent() && Math.exp(-mean.getAsDouble()) < Double.POSITIVE_INFINITY) {
      answer.put("perplexity", Math.exp(-mean.getAsDouble()));
    }
    TextCounts counts = scored.counts();
    if (counts != null && score.lnProb().isPresent()) {
      double lnProb = score.lnProb().getAsDouble();
      answer
          .put("perplexity_per_word", counts.perplexityPerWord(lnProb))
          .put("bits_per_byte", counts.bitsPerByte(lnProb))
          .put("bits_per_character", counts.bitsPerCharacter(lnProb));
    }
    probability(answer, score);
    entropies(answer, score);
    return answer.put("weakest", weakest(scored, whole));
  }

  private static void probability(Answer answer, AnswerScore score) {
    score.lnProb().ifPresent(sum -> answer.put("logprob", sum).put("probability", Math.exp(sum)));
  }

  private void entropies(Answer answer, AnswerScore score) {
    Interval mean = score.meanEntropy();
    Interval max = score.maxEntropy();
    if (mean != null && max != null) {
      range(answer, "mean_entropy", mean);
      range(answer, "max_entropy", max);
    }
  }

  private static List<Integer> weakest(Scored scored, Scored.Part part) {
    return part.score().weakest().stream()
        .map(i -> scored.places().get(part.which().get(i)))
        .toList();
  }

  private List<Answer> spans(ScoreRequest.Located located) {
    Scored scored = Objects.requireNonNull(asked.choices().get(located.choice()));
    return located.spans().stream().map(span -> span(span, located, scored)).toList();
  }

  private Answer span(Span span, ScoreRequest.Located located, Scored scored) {
    Transcript.Part found = located.transcript().part(span);
    Scored.Part part = scored.part(found.tokens());
    AnswerScore score = part.score();
    Answer answer =
        new Answer().put("name", span.name()).put("start", span.start()).put("end", span.end());
    if (located.echo()) {
      answer.put("text", located.transcript().text(span));
    }
    answer.put("tokens", score.tokens());
    if (part.skipped() > 0) {
      answer.put("skipped", part.skipped());
    }
    if (!found.tokens().isEmpty()) {
      answer.put("first_token", scored.places().get(found.tokens().getFirst()));
    }
    answer.put("mean_logprob", score.meanLnProb());
    probability(answer, score);
    answer.put("min_probability", score.minProbability());
    entropies(answer, score);
    return answer.put("weakest", weakest(scored, part)).put("partial", found.partial());
  }

  private void range(Answer answer, String name, Interval range) {
    if (range.isBounded()) {
      answer.put(name, unit.fromNats(range.midpoint()));
    }
    answer.put(name + "_low", unit.fromNats(range.low()));
    if (range.isBounded()) {
      answer.put(name + "_high", unit.fromNats(range.high()));
    }
  }

  private List<Answer> data() {
    List<Token> tokens = asked.reading().tokens();
    var why = new @Nullable Exclusion[tokens.size()];
    for (Scored scored : asked.choices().values()) {
      for (int i = 0; i < scored.places().size(); i++) {
        why[scored.places().get(i)] = scored.why()[i];
      }
    }
    var data = new ArrayList<Answer>();
    for (int i = 0; i < tokens.size(); i++) {
      data.add(item(tokens.get(i), i, why[i]));
    }
    return data;
  }

  private Answer item(Token token, int index, @Nullable Exclusion why) {
    Answer item = new Answer().put("index", index);
    if (token.choice() > 0) {
      item.put("choice", token.choice());
    }
    if (asked.scope() == Scope.BOTH) {
      item.put("part", token.part().name().toLowerCase(Locale.ROOT));
    }
    item.put("token", token.text());
    Integer id = token.id();
    if (id != null) {
      item.put("id", id.longValue());
    }
    if (why != null) {
      item.put("excluded", why.wire());
    }
    item.put("logprob", token.lnProb());
    PartialDistribution row = token.row();
    Answer flags = new Answer();
    if (row != null) {
      Interval entropy = row.entropy();
      range(item, "entropy", entropy);
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
