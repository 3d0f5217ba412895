package io.tokentropy.endpoint.conformal;

import io.tokentropy.conformal.ConformalProfile;
import io.tokentropy.conformal.Nonconformity;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A profile as it travels: the caller keeps it and sends it back whole. All that follows from the
 * scores and alpha is computed again, and must be what the profile says.
 *
 * @param randomized whether the scores were made with draws, which new rows then need too
 * @param labels how many there were
 */
record ProfileForm(Nonconformity score, boolean randomized, int labels, ConformalProfile numbers) {

  static final String KIND = "conformal";

  /** What the numbers promise, and what they do not. */
  static final String GUARANTEE =
      "Marginal: averaged over calibration rows and new rows, sets hold the right label with a"
          + " probability of at least coverage_lower (and at most coverage_upper, where no scores"
          + " are equal and the rule is score). Only where calibration rows and new rows are"
          + " exchangeable: not for each row or label by itself, not after a shift, and not for"
          + " the tokens of one text.";

  private static final String FOREIGN =
      "Send back the whole of data[0] of /v1/conformal/calibrate, as it came.";

  Answer toAnswer() {
    Answer answer = new Answer().put("index", 0).put("kind", KIND).put("version", 1);
    ScoreForm.write(score, answer);
    answer
        .put("randomized", randomized)
        .put("labels", labels)
        .put("alpha", numbers.alpha())
        .put("n", numbers.size())
        .put("rank", numbers.rank())
        .put("qhat", numbers.qhat())
        .put("coverage_lower", numbers.coverageLower())
        .put("coverage_upper", numbers.coverageUpper());
    ConformalProfile.needed(numbers.alpha()).ifPresent(rows -> answer.put("n_needed", rows));
    return answer.put("guarantee", GUARANTEE).put("scores", numbers.scores());
  }

  /**
   * Reads it.
   *
   * @throws InvalidInput.ParameterOutOfRange if it is a profile of another kind
   * @throws InvalidInput.InvalidState if its numbers do not follow from its scores
   */
  static ProfileForm read(Value value, InputReader inputs) {
    Fields fields = value.asFields();
    requireKind(fields);
    Nonconformity score = ScoreForm.read(fields);
    boolean randomized = fields.require("randomized").asFlag();
    int labels = fields.require("labels").asInt();
    Value scores = fields.require("scores");
    double[] numbers = scores.asNumbers();
    if (numbers.length == 0) {
      throw new InvalidInput.MissingInput(scores.pointer(), "the list is empty; expected scores");
    }
    inputs.requireRows(scores, numbers.length);
    double alpha = fields.require("alpha").asNumber();
    ConformalProfile profile =
        InvalidInput.under(fields.pointer(), () -> ConformalProfile.of(numbers, alpha));
    requireSame(fields, "n", profile.size());
    requireSame(fields, "rank", profile.rank());
    requireSame(fields, profile.qhat());
    List.of("index", "coverage_lower", "coverage_upper", "n_needed", "guarantee")
        .forEach(fields::get);
    fields.done();
    return new ProfileForm(score, randomized, labels, profile);
  }

  private static void requireKind(Fields fields) {
    Value kind = fields.require("kind");
    if (!kind.asText().equals(KIND)) {
      throw new InvalidInput.ParameterOutOfRange(
              kind.pointer(), kind.found(), "a profile of the kind \"" + KIND + "\"")
          .withHint(FOREIGN);
    }
    Value version = fields.require("version");
    if (version.asInt() != 1) {
      throw new InvalidInput.ParameterOutOfRange(version.pointer(), version.found(), "version 1");
    }
  }

  private static void requireSame(Fields fields, String name, int expected) {
    int found = fields.require(name).asInt();
    if (found != expected) {
      throw changed(fields, name, String.valueOf(found), String.valueOf(expected));
    }
  }

  private static void requireSame(Fields fields, OptionalDouble expected) {
    OptionalDouble found = fields.number("qhat");
    if (!found.equals(expected)) {
      throw changed(fields, "qhat", said(found), said(expected));
    }
  }

  private static String said(OptionalDouble number) {
    return number.isPresent() ? String.valueOf(number.getAsDouble()) : "none";
  }

  private static InvalidInput changed(Fields fields, String name, String found, String expected) {
    return new InvalidInput.InvalidState(
            fields.pointer(name),
            "found " + found + ", but from the scores and alpha follows " + expected)
        .withHint(FOREIGN);
  }
}
