package io.tokentropy.endpoint.evaluation;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.evaluation.RankingQuality;
import io.tokentropy.json.Answer;
import java.util.List;

/** {@code /v1/evaluation/ranking}: whether an uncertainty tells wrong answers from right ones. */
public final class RankingEndpoint {
  public static final String PATH = "/v1/evaluation/ranking";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "ranking",
                  PATH,
                  "Whether an uncertainty of any scale tells wrong answers from right ones",
                  "O(answers log answers)")
              .formula(
                  "auroc; average precision of the right answers; auarc: mean accuracy of the k"
                      + " most certain; prr: (auarc - random) / (best - random)")
              .disagreement(
                  "Equal numbers: the mean over their orders here, exactly; elsewhere the order in"
                      + " which they came, a trapezoid, or 1000 shuffles")
              .parameter("uncertainty", "numbers", "higher is more uncertain")
              .parameter("correct", "list", "true | false | 1 | 0"));

  private RankingEndpoint() {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(
        PATH,
        fields -> Judged.read(fields, "uncertainty", inputs),
        RankingEndpoint::answer,
        METHODS);
  }

  private static Answer answer(Judged asked, Tally tally) {
    RankingQuality found = RankingQuality.of(asked.numbers(), asked.correct());
    Answer item =
        new Answer()
            .put("index", 0)
            .put("n", asked.numbers().length)
            .put("accuracy", found.accuracy())
            .put("auroc", found.auroc())
            .put("average_precision", found.averagePrecision())
            .put("auarc", found.auarc())
            .put("prr", found.prr());
    Answer answer = Answer.of("list").put("data", List.of(item));
    return Warning.putAll(found.auroc().isPresent() ? List.of() : List.of(oneClass(found)), answer);
  }

  private static Warning oneClass(RankingQuality found) {
    return Warning.of(
        "one_class",
        "every answer is "
            + (found.accuracy() == 1 ? "right" : "wrong")
            + ": what compares right ones with wrong ones is left out");
  }
}
