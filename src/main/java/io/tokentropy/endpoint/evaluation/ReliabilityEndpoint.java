package io.tokentropy.endpoint.evaluation;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.evaluation.Reliability;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/** {@code /v1/evaluation/calibration}: whether confidences mean what they say. */
public final class ReliabilityEndpoint {
  public static final String PATH = "/v1/evaluation/calibration";

  static final int BINS = 10;
  private static final int MOST_BINS = 1000;

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "calibration",
                  PATH,
                  "Whether confidences between 0 and 1 agree with how often answers are correct",
                  "O(answers)")
              .formula(
                  "ece: mean of |accuracy - confidence| over bins of equal width, by their counts;"
                      + " mce: the greatest; brier: mean of (confidence - correct)^2")
              .citation("Guo et al., 2017 (arXiv 1706.04599)")
              .disagreement("uqlm takes 10 bins, lm-polygraph 20: compare at equal bins only")
              .parameter("confidence", "numbers", "[0, 1]")
              .parameter("correct", "list", "true | false | 1 | 0")
              .parameter("bins", "integer", "1 to " + MOST_BINS, "" + BINS));

  private ReliabilityEndpoint() {}

  private record Asked(Judged judged, int bins) {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(
        PATH, fields -> read(fields, inputs), ReliabilityEndpoint::answer, METHODS);
  }

  private static Asked read(Fields fields, InputReader inputs) {
    Judged judged = Judged.read(fields, "confidence", inputs);
    for (int i = 0; i < judged.numbers().length; i++) {
      double confidence = judged.numbers()[i];
      if (!(confidence >= 0 && confidence <= 1)) {
        throw InvalidInput.ParameterOutOfRange.share(
            fields.pointer("confidence") + "/" + i, confidence, "between 0 and 1");
      }
    }
    int bins = fields.integer("bins", BINS);
    if (bins < 1 || bins > MOST_BINS) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("bins"), bins, "between 1 and " + MOST_BINS);
    }
    return new Asked(judged, bins);
  }

  private static Answer answer(Asked asked, Tally tally) {
    double[] confidences = asked.judged.numbers();
    Reliability found = Reliability.of(confidences, asked.judged.correct(), asked.bins);
    boolean bounded = Double.isFinite(found.logLoss());
    Answer item =
        new Answer()
            .put("index", 0)
            .put("n", confidences.length)
            .put("ece", found.ece())
            .put("mce", found.mce())
            .put("brier", found.brier());
    if (bounded) {
      item.put("log_loss", found.logLoss());
    }
    var bins = new ArrayList<Answer>();
    for (Reliability.Bin bin : found.bins()) {
      bins.add(
          new Answer()
              .put("bin", bin.bin())
              .put("count", bin.count())
              .put("confidence", bin.confidence())
              .put("accuracy", bin.accuracy()));
    }
    Answer answer = Answer.of("list").put("data", List.of(item.put("bins", bins)));
    return Warning.putAll(bounded ? List.of() : List.of(unbounded()), answer);
  }

  private static Warning unbounded() {
    return Warning.of(
        "unbounded", "a confidence of 1 was wrong, or one of 0 right: log_loss has no bound");
  }
}
