package io.tokentropy.endpoint.ensemble;

import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Items;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.ListedTokens;
import io.tokentropy.endpoint.input.WholeInputs;
import io.tokentropy.ensemble.Ensemble;
import io.tokentropy.ensemble.Evidence;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code /v1/ensemble}: what part of the uncertainty of several models is that they disagree. */
public final class EnsembleEndpoint {
  public static final String PATH = "/v1/ensemble";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "ensemble",
                  PATH,
                  "Total, aleatoric and epistemic uncertainty of several models, their mixture, and"
                      + " how far they are apart",
                  "O(members x V)")
              .formula("H(sum w p) = sum w H(p) + sum w KL(p || sum w p)")
              .citation("arXiv 2506.09648, 2506.07661; EPKL and RMI: Malinin and Gales 2021")
              .disagreement(
                  "lm-polygraph averages over the tokens of beams; here one step is one ensemble")
              .parameter("members", "objects of one row each", "or rows as logits, logprobs, probs")
              .parameter("weights", "numbers", "one a member, at least 0, of any sum", "equal")
              .parameter(
                  "log_likelihoods",
                  "numbers",
                  "one a member, natural log; weights are then the posterior",
                  "none")
              .parameter("prior", "numbers", "beside log_likelihoods; as weights", "equal")
              .parameter("max_return", "integer", "at least 0", ListedTokens.DEFAULT));

  private static final Scores SCORES =
      Scores.NONE
          .uncertainInUnit("data.total", "data.aleatoric", "data.epistemic")
          .uncertainInUnit("data.epkl", "data.rmi")
          .uncertain("data.variance", "data.epistemic_share");

  private final InputReader inputs;
  private final Refusals refusals;

  private EnsembleEndpoint(InputReader inputs, Refusals refusals) {
    this.inputs = inputs;
    this.refusals = refusals;
  }

  public static Endpoint<?> of(InputReader inputs, Refusals refusals) {
    var ensemble = new EnsembleEndpoint(inputs, refusals);
    return new Endpoint<>(
            PATH,
            Set.of(Form.JSON, Form.ROWS),
            ensemble::read,
            ensemble::answer,
            null,
            METHODS,
            EnsembleEndpoint::cost)
        .scoring(SCORES);
  }

  private record Asked(EntropyUnit unit, ListedTokens listed, Items<EnsembleRequest> ensembles) {}

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    ListedTokens listed = ListedTokens.read(fields);
    Items<EnsembleRequest> ensembles =
        Items.read(fields, inputs.limits().rows(), own -> EnsembleRequest.read(own, inputs));
    listed.requireWithin(
        inputs.limits(), ensembles.readable().mapToLong(EnsembleRequest::vocabSize));
    return new Asked(unit, listed, ensembles);
  }

  private static Cost cost(Asked asked) {
    return Cost.of(asked.ensembles().readable().mapToLong(EnsembleRequest::operations).sum(), 0);
  }

  private Answer answer(Asked asked, Tally tally) {
    var warnings = new ArrayList<Warning>();
    asked.ensembles().readable().forEach(ensemble -> ensemble.members().count(tally));
    List<Answer> data =
        asked
            .ensembles()
            .answers((ensemble, index) -> item(ensemble, index, asked, warnings), refusals);
    Answer answer = Answer.of("list").put("unit", asked.unit().wire());
    WholeInputs.describe(
        answer, asked.ensembles().readable().map(EnsembleRequest::members).toList());
    return Warning.putAll(warnings, answer.put("data", data));
  }

  private static Answer item(EnsembleRequest asked, int index, Asked all, List<Warning> warnings) {
    warnings.addAll(asked.members().warnings(index));
    Ensemble found = Ensemble.of(asked.rows(), asked.shares());
    EntropyUnit unit = all.unit();
    Answer item =
        new Answer()
            .put("index", index)
            .put("members", asked.shares().length)
            .put("vocab_size", asked.vocabSize())
            .put("total", unit.fromNats(found.total()))
            .put("aleatoric", unit.fromNats(found.aleatoric()))
            .put("epistemic", unit.fromNats(found.epistemic()));
    if (found.total() > 0) {
      item.put("epistemic_share", Math.min(1, found.epistemic() / found.total()));
    } else {
      warnings.add(
          new Warning("undefined", "epistemic_share: there is no uncertainty to share", index));
    }
    if (Double.isFinite(found.reverse())) {
      item.put("epkl", unit.fromNats(found.epkl())).put("rmi", unit.fromNats(found.reverse()));
    } else {
      warnings.add(
          new Warning(
              "unbounded",
              "epkl, rmi: infinite, as a member gives 0 to a token that another may take",
              index));
    }
    item.put("variance", found.variance())
        .put("weights", asked.shares())
        .put("effective_members", found.effectiveMembers())
        .put("member_entropies", inUnit(found.memberEntropies(), unit))
        .put("member_divergences", inUnit(found.memberDivergences(), unit));
    all.listed().put(item, "mean", found.mixture().probs(), index, warnings);
    Evidence evidence = asked.evidence();
    if (evidence != null) {
      put(evidence, item, unit, index, warnings);
    }
    return item;
  }

  private static void put(
      Evidence evidence, Answer item, EntropyUnit unit, int index, List<Warning> warnings) {
    item.put("best_member", evidence.bestMember())
        .put("log_evidence", evidence.logEvidence())
        .put("regret", unit.fromNats(evidence.regret()));
    if (Double.isFinite(evidence.regretBound())) {
      item.put("regret_bound", unit.fromNats(evidence.regretBound()));
    } else {
      warnings.add(
          new Warning(
              "unbounded", "regret_bound: infinite, as the best member's prior is 0", index));
    }
  }

  private static double[] inUnit(double[] nats, EntropyUnit unit) {
    var numbers = new double[nats.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = unit.fromNats(nats[i]);
    }
    return numbers;
  }
}
