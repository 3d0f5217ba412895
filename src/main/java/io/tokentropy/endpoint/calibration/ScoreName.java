package io.tokentropy.endpoint.calibration;

import io.tokentropy.endpoint.HigherMeans;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.json.Answer;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which score of this service a profile is for.
 *
 * @param path of the endpoint that answers it
 * @param score as the endpoint describes it
 * @param unit nat or bit; null if it has none
 */
record ScoreName(String path, Scores.Score score, @Nullable String unit) {
  private static final String NAT = "nat";
  private static final Set<String> UNITS = Set.of(NAT, "bit");

  /**
   * Reads one.
   *
   * @param known the scores of each endpoint that has any, by its path
   */
  static ScoreName read(Value value, Map<String, Scores> known) {
    Fields fields = value.asFields();
    Value path = fields.require("path");
    Scores scores = known.get(path.asText());
    if (scores == null) {
      throw new InvalidInput.ParameterOutOfRange(
          path.pointer(),
          path.found(),
          "an endpoint that answers scores" + DidYouMean.suffix(path.asText(), known.keySet()));
    }
    Value field = fields.require("field");
    Scores.Score score =
        scores
            .find(field.asText())
            .orElseThrow(
                () ->
                    new InvalidInput.ParameterOutOfRange(
                        field.pointer(),
                        field.found(),
                        "a score of "
                            + path.asText()
                            + DidYouMean.suffix(field.asText(), scores.names())));
    Value unit = fields.get("unit");
    fields.done();
    return new ScoreName(path.asText(), score, unit(unit, score));
  }

  private static @Nullable String unit(@Nullable Value unit, Scores.Score score) {
    if (unit == null) {
      return score.inUnit() ? NAT : null;
    }
    if (!score.inUnit()) {
      throw new InvalidInput.ConflictingInputs(
          unit.pointer(), score.name() + " has no unit; expected none beside it");
    }
    if (!UNITS.contains(unit.asText())) {
      throw new InvalidInput.ParameterOutOfRange(unit.pointer(), unit.found(), "nat or bit");
    }
    return unit.asText();
  }

  Answer write() {
    return new Answer().put("path", path).put("field", score.name()).put("unit", unit);
  }

  /** Refuses a direction that is not the score's. */
  void requireDirection(Value stated) {
    HigherMeans means = Fields.word(stated, HigherMeans.class, HigherMeans::wire);
    if (means != score.higherMeans()) {
      throw new InvalidInput.ConflictingInputs(
          stated.pointer(),
          "a higher "
              + score.name()
              + " is "
              + score.higherMeans().wire()
              + ", not "
              + means.wire());
    }
  }

  /**
   * Refuses a call that answers another score.
   *
   * @param pointer to this name
   * @param called the endpoint that was called
   * @param asked the unit of its answer
   */
  void requireOf(String pointer, String called, String asked) {
    if (!path.equals(called)) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer + "/path", path, called + ", whose scores are another matter");
    }
    if (unit != null && !unit.equals(asked)) {
      throw new InvalidInput.ConflictingInputs(
              pointer + "/unit",
              "the profile is for "
                  + score.name()
                  + " in "
                  + unit
                  + ", and this answer is in "
                  + asked)
          .withHint("Send unit: " + unit + ".");
    }
  }
}
