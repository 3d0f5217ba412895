package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.truncation.History;
import io.tokentropy.truncation.Past;
import io.tokentropy.truncation.Sampler;
import java.util.Locale;

/** What the penalties on past tokens share. */
abstract class PenaltyForm<S extends Sampler> extends PlainForm<S> {
  /** How far llama.cpp looks back unless told otherwise. */
  private static final int LLAMACPP_LAST_N = 64;

  private final double off;
  private final History.Over over;

  /**
   * A form.
   *
   * @param off the penalty that changes nothing
   * @param over the tokens that count where the call does not say
   */
  PenaltyForm(String name, double off, History.Over over) {
    super(name);
    this.off = off;
    this.over = over;
  }

  abstract S of(double penalty, Past past);

  abstract double penalty(S sampler);

  abstract Past past(S sampler);

  @Override
  final S read(Fields step, Situation situation) {
    double penalty = step.require("penalty").asNumber();
    History history = situation.history(penalty == off, step.pointer("penalty"));
    return of(
        penalty,
        Past.of(
            history,
            step.word("over", over, PenaltyForm::wire),
            step.integer("last_n", History.ALL)));
  }

  /** In llama.cpp's order as llama.cpp counts. */
  @Override
  final Shorthand<S> shorthand() {
    return (value, beside, situation) -> {
      double penalty = value.asNumber();
      History history = situation.history(penalty == off, value.pointer());
      return of(
          penalty,
          Order.read(beside) == Order.LLAMACPP
              ? Past.of(history, History.Over.ALL, LLAMACPP_LAST_N)
              : Past.of(history, over, History.ALL));
    };
  }

  @Override
  final void write(S sampler, Answer step) {
    step.put("penalty", penalty(sampler))
        .put("over", wire(past(sampler).over()))
        .put("last_n", past(sampler).lastN());
  }

  private static String wire(History.Over over) {
    return over.name().toLowerCase(Locale.ROOT);
  }

  final Method penaltyMethod(String summary, String range) {
    return method(summary + "; needs prompt_ids or output_ids", SHAPE + " + tokens before")
        .parameter("penalty", "number", range)
        .parameter("over", "string", "all | output", wire(over))
        .parameter("last_n", "integer", "at least 0, or -1 for all", shown(History.ALL));
  }
}
