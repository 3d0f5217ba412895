package io.tokentropy.endpoint.conformal;

import io.tokentropy.conformal.ConformalProfile;
import io.tokentropy.conformal.Nonconformity;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /v1/conformal/calibrate}: the threshold for sets that hold the right label often enough.
 */
public final class CalibrateEndpoint {
  public static final String PATH = "/v1/conformal/calibrate";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "conformal_calibrate",
                  PATH,
                  "The threshold of a conformal score, from rows whose right label is known",
                  "O(rows x labels log labels)")
              .formula(
                  "the ceil((n + 1)(1 - alpha) - 1e-9)-th smallest score, none where there are"
                      + " fewer; lac: 1 - p; aps: the mass of the ranks up to the label - u p;"
                      + " raps: aps + lambda max(0, rank - k_reg)")
              .citation("Angelopoulos and Bates, 2021 (arXiv 2107.07511)")
              .disagreement(
                  "Quantiles by interpolation lose the guarantee; the tutorial's notebook"
                      + " multiplies u with the penalty of raps too, the paper and we do not")
              .parameter("rows", "list", "{probs | logits | logprobs, label}")
              .parameter("alpha", "number", "(0, 1), the wanted rate of error")
              .parameter("score", "string", "lac | aps | raps", "lac")
              .parameter("lambda", "number", "at least 0, for raps", "" + ScoreForm.LAMBDA)
              .parameter("k_reg", "integer", "at least 0, for raps", "" + ScoreForm.K_REG)
              .parameter("u", "numbers", "[0, 1], one a row, for aps and raps", "0: no draws"));

  private CalibrateEndpoint() {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(
        PATH, fields -> Asked.read(fields, inputs), CalibrateEndpoint::answer, METHODS);
  }

  private record Asked(
      LabelRows rows,
      List<Integer> labels,
      Nonconformity score,
      double alpha,
      List<Double> u,
      boolean drawn) {

    static Asked read(Fields fields, InputReader inputs) {
      Nonconformity score = ScoreForm.read(fields);
      Value alpha = fields.require("alpha");
      requireAlpha(alpha);
      var labels = new ArrayList<Integer>();
      LabelRows rows =
          LabelRows.read(fields, inputs, (item, row, count) -> labels.add(label(item, count)));
      List<Double> u = ScoreForm.draws(fields, labels.size());
      boolean drawn = fields.has("u") && score.takesDraws();
      return new Asked(rows, labels, score, alpha.asNumber(), u, drawn);
    }
  }

  /** Refuses what no profile can be made for, before rows are read. */
  static void requireAlpha(Value alpha) {
    InvalidInput.under(
        alpha.pointer().substring(0, alpha.pointer().lastIndexOf('/')),
        () -> ConformalProfile.of(new double[1], alpha.asNumber()));
  }

  private static int label(Fields item, int count) {
    Value label = item.require("label");
    int number = label.asInt();
    if (number < 0 || number >= count) {
      throw new InvalidInput.ParameterOutOfRange(
          label.pointer(), number, "a label of the row, between 0 and " + (count - 1));
    }
    return number;
  }

  private static Answer answer(Asked asked, Tally tally) {
    asked.rows.count(tally);
    var scores = new double[asked.labels.size()];
    for (int i = 0; i < scores.length; i++) {
      double[] probs = asked.rows.rows().get(i).probs();
      scores[i] = ConformalProfile.score(probs, asked.labels.get(i), asked.score, asked.u.get(i));
    }
    ConformalProfile profile = ConformalProfile.of(scores, asked.alpha);
    var form = new ProfileForm(asked.score, asked.drawn, asked.rows.labels(), profile);
    var warnings = new ArrayList<>(asked.rows.warnings());
    if (profile.qhat().isEmpty()) {
      warnings.add(tooFew(profile));
    }
    return Warning.putAll(warnings, Answer.of("list").put("data", List.of(form.toAnswer())));
  }

  private static Warning tooFew(ConformalProfile profile) {
    String needed =
        ConformalProfile.needed(profile.alpha()).stream()
            .mapToObj(rows -> "at least " + rows + " are needed")
            .findFirst()
            .orElse("more are needed than can be counted");
    return Warning.of(
        "too_few_rows",
        profile.size()
            + (profile.size() == 1 ? " row is" : " rows are")
            + " too few for alpha "
            + profile.alpha()
            + ": qhat is unbounded and every set holds all labels; "
            + needed);
  }
}
