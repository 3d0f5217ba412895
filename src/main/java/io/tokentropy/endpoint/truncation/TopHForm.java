package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Certificate;
import io.tokentropy.truncation.Optimum;
import io.tokentropy.truncation.TopH;
import java.util.OptionalInt;

/** {@code top_h}, whose numbers stand in the item itself. */
final class TopHForm extends SamplerForm<TopH, TopH.Report> {
  private static final double ALPHA = 0.4;
  private static final String VARIANT_FIELD = "top_h_variant";

  TopHForm() {
    super("top_h", TopH.Report.class);
  }

  @Override
  TopH read(Fields step, Situation situation) {
    return new TopH(
        step.number("alpha", ALPHA),
        step.word("variant", TopH.Variant.PAPER, TopH.Variant::wire),
        step.integer("top_n"),
        step.word("rule", TopH.Rule.STOP, TopH.Rule::wire),
        situation.proof().certificate(),
        situation.proof().nodeLimit());
  }

  @Override
  Shorthand<TopH> shorthand() {
    return (value, beside, situation) ->
        new TopH(
            value.asNumber(),
            beside.word(VARIANT_FIELD, TopH.Variant.PAPER, TopH.Variant::wire),
            OptionalInt.empty(),
            TopH.Rule.STOP,
            situation.proof().certificate(),
            situation.proof().nodeLimit());
  }

  /**
   * Refuses a variant of nothing.
   *
   * @throws InvalidInput.MissingInput if it stands there without {@code top_h}
   */
  static void requireRule(Fields fields) {
    if (fields.has(VARIANT_FIELD) && !fields.has("top_h")) {
      throw new InvalidInput.MissingInput(
          fields.pointer(VARIANT_FIELD), "there is no top_h beside it; in steps write variant");
    }
  }

  @Override
  void write(TopH sampler, Answer step) {
    step.put("alpha", sampler.alpha())
        .put("variant", sampler.variant().wire())
        .put("top_n", sampler.topN())
        .put("rule", sampler.rule().wire());
  }

  @Override
  void report(TopH.Report report, EntropyUnit unit, Answer item) {
    item.put("budget", unit.fromNats(report.budget()))
        .put("budget_entropy", unit.fromNats(report.budgetEntropy()));
    Double next = report.nextEntropy();
    if (next != null) {
      item.put("next_entropy", unit.fromNats(next));
    }
    item.put("cut_through_tie", report.cutThroughTie());
    Certificate certificate = report.certificate();
    if (certificate != null) {
      item.put("ecmm_upper_bound", certificate.upperBound())
          .put("ecmm_gap", certificate.gap())
          .put("ecmm_ratio", certificate.ratio());
    }
    Optimum.Found optimum = report.optimum();
    if (optimum != null) {
      item.put("ecmm_optimum_ids", optimum.ids())
          .put("ecmm_optimum_mass", optimum.mass())
          .put("optimal", optimum.optimal())
          .put("nodes", optimum.nodes());
      if (!optimum.optimal()) {
        item.put("optimum_gap", optimum.gap());
      }
    }
  }

  @Override
  Method method() {
    return method("The best tokens while their entropy stays within the budget", SELECT)
        .formula("H(q) <= alpha H(p), q renormalised over the kept tokens")
        .citation("arXiv 2509.02510")
        .disagreement(
            "The authors' code (reference) and Transformers (hf) bound a partial sum of -p ln"
                + " p over the best 100 instead of H(q), so neither keeps the entropy within"
                + " the budget; Transformers ignores min_tokens_to_keep here")
        .parameter("alpha", "number", "above 0, at most 1", shown(ALPHA))
        .parameter(
            "variant",
            "string",
            "paper | reference | hf; as a field top_h_variant",
            TopH.Variant.PAPER.wire())
        .parameter("top_n", "integer", "at least 1", "all; 100 for reference and hf")
        .parameter("rule", "string", "stop | skip", TopH.Rule.STOP.wire());
  }
}
