package io.tokentropy.endpoint.calibration;

import io.tokentropy.calibration.ConfidenceMap;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.evaluation.Judged;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code /v1/calibration/apply}: the confidence that a score is worth. */
public final class ApplyEndpoint {
  public static final String PATH = "/v1/calibration/apply";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "calibration_apply",
                  PATH,
                  "The probability that an answer with this score is right, by a profile",
                  "O(scores log knots)")
              .parameter("scores", "numbers", "as in the fit")
              .parameter("profile", "object", "data[0] of " + FitEndpoint.PATH));

  private ApplyEndpoint() {}

  private record Asked(List<Double> scores, Profile profile) {}

  /**
   * The endpoint.
   *
   * @param known the scores of each endpoint that has any, by its path
   */
  public static Endpoint<?> of(InputReader inputs, Map<String, Scores> known) {
    return Endpoint.ofJson(
        PATH, fields -> read(fields, inputs, known), ApplyEndpoint::answer, METHODS);
  }

  private static Asked read(Fields fields, InputReader inputs, Map<String, Scores> known) {
    Profile profile = Profile.read(fields.require("profile"), known);
    Value scores = fields.require("scores");
    double[] numbers = Judged.numbers(scores, inputs);
    inputs.limits().answerEntries().require(scores.pointer(), numbers.length);
    ConfidenceMap.requireModest(numbers, scores.pointer());
    return new Asked(Arrays.stream(numbers).boxed().toList(), profile);
  }

  private static Answer answer(Asked asked, Tally tally) {
    Profile profile = asked.profile;
    var data = new ArrayList<Answer>();
    long outside = 0;
    for (double score : asked.scores) {
      data.add(
          new Answer()
              .put("index", data.size())
              .put("confidence", profile.map().confidence(score)));
      outside += profile.covers(score) ? 0 : 1;
    }
    Answer answer = Answer.of("list").put("data", data).put("profile", profile.describe());
    return Warning.putAll(profile.outside(outside), answer);
  }
}
