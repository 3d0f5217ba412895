package io.tokentropy.endpoint.conformal;

import io.tokentropy.conformal.LabelSets;
import io.tokentropy.conformal.LabelSets.Rule;
import io.tokentropy.conformal.Nonconformity;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Limit;
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
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** {@code /v1/conformal/predict}: which labels can it be? */
public final class PredictEndpoint {
  public static final String PATH = "/v1/conformal/predict";

  /** What a profile says, and so nobody else may. */
  private static final List<String> OF_PROFILES =
      List.of("alpha", "score", "lambda", "k_reg", "qhat");

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "conformal_predict",
                  PATH,
                  "The labels that it can be, at the rate of error that the profile was made for",
                  "O(rows x labels log labels)")
              .formula(
                  "score: all labels that score at most qhat; inclusive: the best 1 + the number"
                      + " of labels that score less")
              .citation("Angelopoulos and Bates, 2021 (arXiv 2107.07511)")
              .disagreement(
                  "The tutorial's text ends a set with the label that reaches qhat (inclusive), its"
                      + " notebook with the one before (score), which may leave none")
              .parameter("rows", "list", "{probs | logits | logprobs}")
              .parameter("profile", "object", "data[0] of /v1/conformal/calibrate", "none")
              .parameter("qhat", "number or null", "without a profile; null is unbounded", "none")
              .parameter("score", "string", "lac | aps | raps, without a profile", "lac")
              .parameter("lambda", "number", "at least 0, for raps", "" + ScoreForm.LAMBDA)
              .parameter("k_reg", "integer", "at least 0, for raps", "" + ScoreForm.K_REG)
              .parameter("u", "numbers", "[0, 1], one a row, as in calibration", "0: no draws")
              .parameter("rule", "string", "score | inclusive, for aps and raps", "score")
              .parameter("allow_empty", "boolean", "else the best label", "false"));

  private PredictEndpoint() {}

  public static Endpoint<?> of(InputReader inputs) {
    Limit entries = inputs.limits().answerEntries();
    return Endpoint.ofJson(
        PATH,
        fields -> Asked.read(fields, inputs),
        (asked, tally) -> answer(asked, tally, entries),
        METHODS);
  }

  private record Asked(
      LabelRows rows,
      List<Double> u,
      LabelSets sets,
      @Nullable ProfileForm profile,
      String pointer) {

    static Asked read(Fields fields, InputReader inputs) {
      Value sent = fields.get("profile");
      ProfileForm profile = sent == null ? null : ProfileForm.read(sent, inputs);
      if (profile != null) {
        requireAlone(fields);
      }
      Nonconformity score = profile == null ? ScoreForm.read(fields) : profile.score();
      OptionalDouble qhat = profile == null ? qhat(fields) : profile.numbers().qhat();
      Rule rule = rule(fields, score);
      var sets = new LabelSets(score, qhat, rule, fields.flag("allow_empty", false));
      LabelRows rows = LabelRows.read(fields, inputs, (item, row, labels) -> {});
      List<Double> u = ScoreForm.draws(fields, rows.rows().size());
      if (profile != null) {
        requireFit(fields, profile, rows.labels());
      }
      return new Asked(rows, u, sets, profile, fields.pointer("rows"));
    }
  }

  private static void requireAlone(Fields fields) {
    for (String name : OF_PROFILES) {
      Value value = fields.value(name);
      if (value != null) {
        throw new InvalidInput.ConflictingInputs(
            value.pointer(), name + " stands beside a profile, which has its own");
      }
    }
  }

  private static OptionalDouble qhat(Fields fields) {
    Value alpha = fields.get("alpha");
    if (alpha != null) {
      CalibrateEndpoint.requireAlpha(alpha);
    }
    Value qhat = fields.value("qhat");
    if (qhat == null) {
      throw new InvalidInput.MissingInput(fields.pointer(), "there is neither a profile nor a qhat")
          .withHint(
              "Send data[0] of /v1/conformal/calibrate as profile; qhat null says that every label"
                  + " is kept.");
    }
    return qhat.isNull() ? OptionalDouble.empty() : OptionalDouble.of(qhat.asNumber());
  }

  private static Rule rule(Fields fields, Nonconformity score) {
    Rule rule = fields.word("rule", Rule.SCORE, each -> each.name().toLowerCase(Locale.ROOT));
    if (rule == Rule.INCLUSIVE && !score.takesDraws()) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("rule"), "inclusive is a rule of aps and raps, and the score is lac");
    }
    return rule;
  }

  private static void requireFit(Fields fields, ProfileForm profile, int labels) {
    if (profile.labels() != labels) {
      throw new InvalidInput.ShapeMismatch(
          fields.pointer("rows"),
          "found rows of " + labels + " labels, but the profile is of " + profile.labels());
    }
    boolean drawn = fields.has("u");
    if (profile.randomized() && !drawn) {
      throw new InvalidInput.MissingInput(
          fields.pointer(), "u is missing: the profile was made with draws, one a row");
    }
    if (drawn && !profile.randomized() && profile.score().takesDraws()) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("u"), "the profile was made without draws");
    }
  }

  private static Answer answer(Asked asked, Tally tally, Limit entries) {
    asked.rows.count(tally);
    var data = new ArrayList<Answer>();
    var sets = new ArrayList<int[]>();
    var sizes = new int[asked.u.size()];
    long labels = 0;
    for (int i = 0; i < sizes.length; i++) {
      int[] set = asked.sets.of(asked.rows.rows().get(i).probs(), asked.u.get(i));
      labels += set.length;
      entries.require(asked.pointer, 2 * labels);
      sets.add(set);
      sizes[i] = set.length;
      data.add(new Answer().put("index", i).put("labels", set).put("size", set.length));
    }
    Answer answer =
        Answer.of("list")
            .put("data", data)
            .put("sets", sets)
            .put("sizes", sizes)
            .put("mean_size", (double) labels / sizes.length);
    if (asked.profile != null) {
      answer
          .put("coverage_lower", asked.profile.numbers().coverageLower())
          .put("coverage_upper", asked.profile.numbers().coverageUpper())
          .put("guarantee", ProfileForm.GUARANTEE);
    }
    return Warning.putAll(asked.rows.warnings(), answer);
  }
}
