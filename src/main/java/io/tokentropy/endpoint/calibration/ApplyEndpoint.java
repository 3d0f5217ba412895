package io.tokentropy.endpoint.calibration;

import io.tokentropy.calibration.ConfidenceMap;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.evaluation.Judged;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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

  private record Asked(List<Double> scores, ConfidenceMap map, double low, double high) {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(PATH, fields -> read(fields, inputs), ApplyEndpoint::answer, METHODS);
  }

  private static Asked read(Fields fields, InputReader inputs) {
    Fields profile = fields.require("profile").asFields();
    requireKind(profile);
    MapForm.Name method =
        Fields.word(profile.require("method"), MapForm.Name.class, MapForm.Name::wire);
    ConfidenceMap map = MapForm.read(profile.require("map").asFields(), method);
    double low = profile.require("score_low").asNumber();
    double high = profile.require("score_high").asNumber();
    List.of("index", "higher_means", "n", "right", "before", "after", "after_by")
        .forEach(profile::get);
    profile.done();
    Value scores = fields.require("scores");
    double[] numbers = Judged.numbers(scores, inputs);
    inputs.limits().answerEntries().require(scores.pointer(), numbers.length);
    ConfidenceMap.requireModest(numbers, scores.pointer());
    return new Asked(Arrays.stream(numbers).boxed().toList(), map, low, high);
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

  private static Answer answer(Asked asked, Tally tally) {
    List<Answer> data =
        IntStream.range(0, asked.scores.size())
            .mapToObj(
                i ->
                    new Answer()
                        .put("index", i)
                        .put("confidence", asked.map.confidence(asked.scores.get(i))))
            .toList();
    Answer answer = Answer.of("list").put("data", data);
    long outside =
        DoubleStream.of(asked.scores.stream().mapToDouble(score -> score).toArray())
            .filter(score -> score < asked.low || score > asked.high)
            .count();
    return Warning.putAll(outside == 0 ? List.of() : List.of(outside(outside, asked)), answer);
  }

  private static Warning outside(long count, Asked asked) {
    return Warning.of(
        "outside_the_fit",
        count
            + " of the scores "
            + (count == 1 ? "is" : "are")
            + " outside "
            + asked.low
            + " to "
            + asked.high
            + ", which the profile was fitted on");
  }
}
