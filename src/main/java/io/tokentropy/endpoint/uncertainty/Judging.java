package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Entailments;
import io.tokentropy.answers.Sampled;
import io.tokentropy.entailment.Judge;
import io.tokentropy.entailment.Verdicts;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers that a judge is asked about, a pair at a time.
 *
 * @param question that they answer; null if it was not sent
 */
record Judging(@Nullable String question, List<String> answers) {
  /** Where entailments come from. */
  enum From {
    GIVEN,
    SERVER;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is asked of a judge; null if nothing is.
   *
   * @param request where a question may leave it to its call
   * @param judge of this service; empty if there is none
   */
  static @Nullable Judging read(
      Fields fields, Fields request, Sampled known, Optional<Judge> judge) {
    Value from = Settings.option(fields, request, "entailment_from");
    Value question = fields.get("question");
    if (from == null || Fields.word(from, From.class, From::wire) == From.GIVEN) {
      require(question == null, question, "question stands without entailment_from: server");
      boolean stated = from != null && known.entailments() == null;
      if (stated) {
        throw new InvalidInput.MissingInput(
            fields.pointer(), "entail and contra are missing, and are to be taken as given");
      }
      return null;
    }
    require(
        known.entailments() == null,
        fields.get("entail"),
        "entail stands beside entailment_from: server");
    List<String> texts = known.texts();
    if (texts == null) {
      throw new InvalidInput.MissingInput(
          fields.pointer(), "texts is missing, and entailments are to be made from texts");
    }
    if (judge.isEmpty()) {
      throw new InvalidInput.MissingInput(
              from.pointer(), "there is no server that judges entailment")
          .withHint("Send entail and contra; or set TOKENTROPY_ENTAILMENT_UPSTREAM.");
    }
    return new Judging(question == null ? null : question.asText(), texts);
  }

  private static void require(boolean fine, @Nullable Value at, String message) {
    if (!fine && at != null) {
      throw new InvalidInput.ConflictingInputs(at.pointer(), message);
    }
  }

  /** How many pairs the judge is asked about at most. */
  long pairs() {
    return Verdicts.pairs(answers);
  }

  /**
   * What came of it.
   *
   * @param width the widest range of a probability that the judge gave
   */
  record Judged(Entailments entailments, double width) {}

  Judged by(Verdicts verdicts) {
    Verdicts.Matrices found = verdicts.of(question, answers);
    return new Judged(Entailments.of(found.entails(), found.contradicts()), found.width());
  }
}
