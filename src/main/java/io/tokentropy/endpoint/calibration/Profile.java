package io.tokentropy.endpoint.calibration;

import io.tokentropy.calibration.ConfidenceMap;
import io.tokentropy.endpoint.HigherMeans;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A profile that came back.
 *
 * @param score what it is for; null if it does not say
 * @param low the least score that it was fitted on
 * @param high the greatest
 * @param basis what it says of itself, for whoever reads the answer
 */
record Profile(ConfidenceMap map, @Nullable ScoreName score, double low, double high, Basis basis) {

  /**
   * What a map rests on, as the profile says.
   *
   * @param n answers that it was fitted on
   * @param right how many of them are right
   * @param ece of the confidences by cross-validation
   * @param brier of the same
   * @param auroc of the same
   * @param by how they were found
   */
  record Basis(
      MapForm.Name method,
      OptionalInt n,
      OptionalInt right,
      OptionalDouble ece,
      OptionalDouble brier,
      OptionalDouble auroc,
      @Nullable String by) {

    private static Basis read(Fields profile, MapForm.Name method) {
      Value figures = profile.get("after");
      Fields after = figures == null ? null : figures.asFields();
      var basis =
          new Basis(
              method,
              profile.integer("n"),
              profile.integer("right"),
              share(after, "ece"),
              share(after, "brier"),
              share(after, "auroc"),
              profile.text("after_by"));
      if (after != null) {
        after.done();
      }
      return basis;
    }

    private static OptionalDouble share(@Nullable Fields fields, String name) {
      Value value = fields == null ? null : fields.get(name);
      if (value == null) {
        return OptionalDouble.empty();
      }
      if (!(value.asNumber() >= 0 && value.asNumber() <= 1)) {
        throw InvalidInput.ParameterOutOfRange.share(
            value.pointer(), value.asNumber(), "between 0 and 1");
      }
      return OptionalDouble.of(value.asNumber());
    }

    /** What to say of a map that is no better than the share of right answers; null of others. */
    private @Nullable Warning uninformative() {
      if (n.isEmpty() || right.isEmpty() || brier.isEmpty()) {
        return null;
      }
      double share = (double) right.getAsInt() / n.getAsInt();
      return brier.getAsDouble() < share * (1 - share)
          ? null
          : FitEndpoint.uninformative(brier.getAsDouble(), share);
    }
  }

  /**
   * Reads one.
   *
   * @param known the scores of each endpoint that has any, by its path
   */
  static Profile read(Value value, Map<String, Scores> known) {
    Fields profile = value.asFields();
    requireKind(profile);
    MapForm.Name method =
        Fields.word(profile.require("method"), MapForm.Name.class, MapForm.Name::wire);
    Fields map = profile.require("map").asFields();
    ConfidenceMap read = MapForm.read(map, method);
    double low = profile.require("score_low").asNumber();
    double high = profile.require("score_high").asNumber();
    Value score = profile.get("score");
    ScoreName name = score == null ? null : ScoreName.read(score, known);
    Value means = profile.get("higher_means");
    if (name != null) {
      if (means != null) {
        name.requireDirection(means);
      }
      requireDirection(read, name.score().higherMeans(), map);
    }
    Basis basis = Basis.read(profile, method);
    List.of("index", "before").forEach(profile::get);
    profile.done();
    return new Profile(read, name, low, high, basis);
  }

  private static void requireKind(Fields profile) {
    Value kind = profile.require("kind");
    if (!kind.asText().equals(FitEndpoint.KIND)) {
      throw new InvalidInput.ParameterOutOfRange(
              kind.pointer(), kind.found(), "a profile of the kind \"" + FitEndpoint.KIND + "\"")
          .withHint("Send back the whole of data[0] of " + FitEndpoint.PATH + ", as it came.");
    }
    Value version = profile.require("version");
    if (version.asInt() != 1) {
      throw new InvalidInput.ParameterOutOfRange(version.pointer(), version.found(), "version 1");
    }
  }

  /** A curve that was fitted to this score runs as it does. */
  private static void requireDirection(ConfidenceMap map, HigherMeans means, Fields at) {
    if (map instanceof ConfidenceMap.Platt platt && means.isAgainst(platt.slope())) {
      throw new InvalidInput.ConflictingInputs(
          at.pointer("slope"),
          "the curve runs against its score, of which a higher one is " + means.wire());
    }
  }

  /**
   * The score that it is for.
   *
   * @param profile where it stands in the call
   */
  ScoreName requireScore(Value profile) {
    if (score == null) {
      throw new InvalidInput.MissingInput(
              profile.pointer(), "score is missing: the profile does not say what it is for")
          .withHint(
              "Fit it with score: {path, field} at "
                  + FitEndpoint.PATH
                  + ", or send the scores to "
                  + ApplyEndpoint.PATH
                  + ".");
    }
    return score;
  }

  /** Whether it says something of such a score. */
  boolean covers(double found) {
    return found >= low && found <= high;
  }

  /** Says that scores are outside of what it was fitted on, if any are. */
  List<Warning> outside(long count) {
    var warnings = new ArrayList<Warning>();
    if (count > 0) {
      warnings.add(
          Warning.of(
              "outside_the_fit",
              count
                  + " of the scores "
                  + (count == 1 ? "is" : "are")
                  + " outside "
                  + low
                  + " to "
                  + high
                  + ", which the profile was fitted on"));
    }
    Warning useless = basis.uninformative();
    if (useless != null) {
      warnings.add(useless);
    }
    return warnings;
  }

  /** What confidences rest on. */
  Answer describe() {
    Answer figures =
        new Answer()
            .put("ece", basis.ece())
            .put("brier", basis.brier())
            .put("auroc", basis.auroc());
    return new Answer()
        .put("score", score == null ? null : score.write())
        .put("method", basis.method().wire())
        .put("n", basis.n())
        .put("right", basis.right())
        .put("score_low", low)
        .put("score_high", high)
        .put("after", figures.isEmpty() ? null : figures)
        .put("after_by", basis.by());
  }
}
