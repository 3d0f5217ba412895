package io.tokentropy.endpoint.calibration;

import io.tokentropy.calibration.Answers;
import io.tokentropy.calibration.ConfidenceMap;
import io.tokentropy.calibration.Fit;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.HigherMeans;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.evaluation.Judged;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.evaluation.RankingQuality;
import io.tokentropy.evaluation.Reliability;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/calibration/fit}: what scores of any scale are worth as confidences. */
public final class FitEndpoint {
  public static final String PATH = "/v1/calibration/fit";

  static final String KIND = "calibration";
  private static final int BINS = 10;

  /** About what an answer takes: six fits by Newton's steps, or as many sorts. */
  private static final long OPERATIONS = 2500;

  private static final long BYTES = 100;

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "calibration_fit",
                  PATH,
                  "A map from scores of any scale to the probability that an answer is right",
                  "O(answers log answers)")
              .formula(
                  "platt: a logistic curve; isotonic: the monotone map of least Brier score;"
                      + " histogram: the share of right answers by bins of equal counts")
              .citation("Platt, 1999; Zadrozny and Elkan, 2001 and 2002")
              .disagreement(
                  "Figures on the answers that were fitted flatter; here each answer is judged by a"
                      + " map that was fitted without it (5 folds)")
              .parameter("scores", "numbers", "at least 20")
              .parameter("correct", "list", "true | false | 1 | 0, at least 5 of each")
              .parameter("method", "string", "platt | isotonic | histogram", "platt")
              .parameter(
                  "higher_means",
                  "string",
                  "more_uncertain | more_confident",
                  "that of score, else more_uncertain")
              .parameter("score", "object", "path, field, unit: what the profile is for", "none")
              .parameter("bins", "integer", "for histogram, of at least 5 answers", "at most 10"));

  private FitEndpoint() {}

  private record Asked(
      Answers answers,
      MapForm.Name method,
      Fit fit,
      HigherMeans higherMeans,
      @Nullable ScoreName score) {}

  /**
   * The endpoint.
   *
   * @param known the scores of each endpoint that has any, by its path
   */
  public static Endpoint<?> of(InputReader inputs, Map<String, Scores> known) {
    return new Endpoint<>(
        PATH,
        Set.of(Endpoint.Form.JSON),
        fields -> read(fields, inputs, known),
        FitEndpoint::answer,
        null,
        METHODS,
        asked -> Cost.of(OPERATIONS * asked.answers.size(), BYTES * asked.answers.size()));
  }

  private static Asked read(Fields fields, InputReader inputs, Map<String, Scores> known) {
    MapForm.Name method = fields.word("method", MapForm.Name.PLATT, MapForm.Name::wire);
    Value name = fields.get("score");
    ScoreName score = name == null ? null : ScoreName.read(name, known);
    HigherMeans means = higherMeans(fields, score);
    Judged judged = Judged.read(fields, "scores", inputs);
    boolean uncertain = means == HigherMeans.MORE_UNCERTAIN;
    Answers answers = Answers.of(judged.numbers(), judged.correct(), uncertain);
    int bins = fields.integer("bins", Fit.Histogram.usual(answers.size()));
    Fit.Histogram histogram = Fit.Histogram.of(bins, answers.size());
    Fit fit =
        switch (method) {
          case PLATT -> new Fit.Platt();
          case ISOTONIC -> new Fit.Isotonic();
          case HISTOGRAM -> histogram;
        };
    return new Asked(answers, method, fit, means, score);
  }

  /** A score of this service brings its direction. */
  private static HigherMeans higherMeans(Fields fields, @Nullable ScoreName score) {
    Value stated = fields.get("higher_means");
    if (score == null) {
      return fields.word("higher_means", HigherMeans.MORE_UNCERTAIN, HigherMeans::wire);
    }
    if (stated != null) {
      score.requireDirection(stated);
    }
    return score.score().higherMeans();
  }

  private static Answer answer(Asked asked, Tally tally) {
    Answers answers = asked.answers;
    ConfidenceMap map = asked.fit.of(answers);
    requireDirection(map, asked.higherMeans);
    double[] confidences = asked.fit.crossValidated(answers);
    Reliability after = Reliability.of(confidences, answers.right(), BINS);
    double share = (double) answers.countRight() / answers.size();
    Answer profile =
        new Answer()
            .put("index", 0)
            .put("kind", KIND)
            .put("version", 1)
            .put("score", asked.score == null ? null : asked.score.write())
            .put("method", asked.method.wire())
            .put("higher_means", asked.higherMeans.wire())
            .put("n", answers.size())
            .put("right", answers.countRight())
            .put("score_low", answers.lowest())
            .put("score_high", answers.highest())
            .put("map", MapForm.write(map))
            .put("before", before(answers))
            .put("after", figures(after).put("auroc", auroc(confidences, answers)))
            .put("after_by", Fit.FOLDS + "-fold cross-validation");
    Answer answer = Answer.of("list").put("data", List.of(profile));
    boolean better = after.brier() < share * (1 - share);
    return Warning.putAll(
        better ? List.of() : List.of(uninformative(after.brier(), share)), answer);
  }

  /** A few answers far out can turn the curve against the order of most. */
  private static void requireDirection(ConfidenceMap map, HigherMeans means) {
    if (map instanceof ConfidenceMap.Platt platt && means.isAgainst(platt.slope())) {
      throw new InvalidInput.ParameterOutOfRange(
              "/method",
              "a logistic curve that runs against " + means.wire(),
              "scores without outliers, or isotonic")
          .withHint("isotonic sees the order of the scores alone.");
    }
  }

  /** The scores as they came; as confidences only if that is what they can be. */
  private static Answer before(Answers answers) {
    boolean between = answers.lowest() >= 0 && answers.highest() <= 1;
    Answer figures =
        between
            ? figures(Reliability.of(answers.asConfidences(), answers.right(), BINS))
            : new Answer();
    return figures.put("auroc", answers.auroc());
  }

  private static Answer figures(Reliability found) {
    return new Answer().put("ece", found.ece()).put("brier", found.brier());
  }

  private static double auroc(double[] confidences, Answers answers) {
    double[] doubts = Arrays.stream(confidences).map(confidence -> -confidence).toArray();
    return RankingQuality.of(doubts, answers.right()).auroc().orElseThrow();
  }

  /** Says that a map is no better than the share of right answers alone. */
  static Warning uninformative(double brier, double share) {
    return Warning.of(
        "uninformative",
        "the Brier score by cross-validation is "
            + brier
            + ", no better than "
            + share * (1 - share)
            + ", that of the share of right answers alone");
  }
}
