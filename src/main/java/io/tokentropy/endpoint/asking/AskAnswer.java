package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.CallLedger;
import io.tokentropy.asking.CallLedger.Budget;
import io.tokentropy.asking.Job;
import io.tokentropy.asking.Outcome;
import io.tokentropy.asking.Paraphrases;
import io.tokentropy.asking.Plan;
import io.tokentropy.asking.Prompt;
import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.asking.Sampling;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.evaluation.TsuEndpoint;
import io.tokentropy.endpoint.inventropy.InvEntropyEndpoint;
import io.tokentropy.evaluation.TemperatureSensitivity;
import io.tokentropy.json.Answer;
import io.tokentropy.perturbation.WordNet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes what comes of asking. */
final class AskAnswer {
  private AskAnswer() {}

  static Answer of(Plan plan) {
    return new Answer()
        .put("prompts", plan.prompts())
        .put("answers", plan.answers())
        .put("perturbing_calls", plan.perturbing())
        .put("answering_calls", plan.answering())
        .put("calls", plan.calls())
        .put("max_tokens", plan.tokens());
  }

  static Answer of(Budget budget) {
    return new Answer().put("max_calls", budget.calls()).put("max_tokens", budget.tokens());
  }

  /** The whole answer. */
  static Answer of(
      AskEndpoint endpoint,
      AskEndpoint.Ran ran,
      InvEntropyEndpoint.Scored scored,
      Measuring.Told measured,
      List<Double> similarity) {
    var warnings = new ArrayList<>(scored.warnings());
    warnings.addAll(measured.warnings());
    warnings.addAll(warnings(ran.asked().request(), ran.outcome(), ran.used()));
    Answer answer = Warning.putAll(warnings, scored.answer());
    if (ran.asked().request().temperatures()) {
      answer.put("tsu", tsu(ran.asked().request().job(), scored.nats()));
    }
    if (measured.data() != null) {
      answer.put("uncertainty", measured.data());
    }
    return answer
        .put("evidence", evidence(ran.asked().request(), ran.outcome(), ran.used(), similarity))
        .put("request", ran.body())
        .put("uncertainty_request", measured.request())
        .put("usage", usage(ran.outcome().ledger()))
        .put("complete", ran.outcome().complete())
        .put("provenance", provenance(endpoint, ran.asked(), ran.outcome()));
  }

  /**
   * What has been paid for, without a score.
   *
   * @param body that would be scored; null if there is too little for one
   */
  static Answer paid(
      AskEndpoint endpoint,
      AskEndpoint.Asked asked,
      Outcome outcome,
      List<Integer> used,
      @Nullable Answer body) {
    Answer answer = new Answer().put("evidence", evidence(asked.request(), outcome, used, null));
    return Warning.putAll(warnings(asked.request(), outcome, used), answer)
        .put("request", body)
        .put("usage", usage(outcome.ledger()))
        .put("complete", false)
        .put("provenance", provenance(endpoint, asked, outcome));
  }

  static String tooFew(Outcome outcome, int used, AskRequest request) {
    String why = outcome.notes().isEmpty() ? "" : "; " + outcome.notes().getLast().message();
    return "%d of %d prompts have %d answers%s, expected at least 3%s"
        .formatted(
            used,
            request.job().prompts(),
            request.least(),
            request.temperatures() ? " at every temperature" : "",
            why);
  }

  private static List<Warning> warnings(AskRequest request, Outcome outcome, List<Integer> used) {
    var warnings = new ArrayList<Warning>();
    outcome.notes().forEach(note -> warnings.add(Warning.of(note.code(), note.message())));
    int dropped = outcome.prompts().size() - used.size();
    if (dropped > 0) {
      warnings.add(
          Warning.of(
              "dropped_prompts",
              "%d of %d prompts have fewer than %d answers and do not count; scores can be compared"
                      .formatted(dropped, outcome.prompts().size(), request.least())
                  + " at equal N only"));
    }
    return warnings;
  }

  private static Answer evidence(
      AskRequest request, Outcome outcome, List<Integer> used, @Nullable List<Double> similarity) {
    List<Answer> prompts =
        IntStream.range(0, outcome.prompts().size())
            .mapToObj(
                i -> {
                  Prompt prompt = outcome.prompts().get(i);
                  Answer answer =
                      new Answer()
                          .put("text", prompt.text())
                          .put("origin", prompt.origin().wire())
                          .put("generation", prompt.generation());
                  if (similarity != null) {
                    answer.put("similarity", similarity.get(i));
                  }
                  return answer
                      .put("used", used.contains(i))
                      .put("answers", answers(request, outcome, i));
                })
            .toList();
    return new Answer().put("prompts", prompts);
  }

  private static List<Answer> answers(AskRequest request, Outcome outcome, int prompt) {
    var answers = new ArrayList<Answer>();
    for (int round = 0; round < outcome.answers().size(); round++) {
      Sampling sampling = request.job().rounds().get(round);
      for (Choice choice : outcome.answers().get(round).get(prompt)) {
        Answer answer = new Answer();
        if (request.temperatures()) {
          answer.put("temperature", sampling.temperature());
        }
        answers.add(answer.putAll(of(choice)));
      }
    }
    return answers;
  }

  static Answer of(Choice choice) {
    return new Answer()
        .put("text", choice.text())
        .put("finish_reason", choice.finish())
        .put("tokens", choice.tokens())
        .put("mean_logprob", choice.meanLogprob());
  }

  private static Answer usage(CallLedger ledger) {
    return new Answer()
        .put("calls", ledger.calls())
        .put("failed", ledger.failed())
        .put("prompt_tokens", ledger.prompt())
        .put("cached_tokens", ledger.cached())
        .put("completion_tokens", ledger.completion())
        .put("charged_tokens", ledger.charged())
        .put("cost", ledger.cost());
  }

  private static Answer tsu(Job job, List<Double> nats) {
    double[] scores = nats.stream().mapToDouble(Double::doubleValue).toArray();
    double[] temperatures = job.rounds().stream().mapToDouble(Sampling::temperature).toArray();
    return TsuEndpoint.toAnswer(TemperatureSensitivity.of(List.of(scores), true))
        .put(
            "request",
            new Answer().put("scores", List.of(scores)).put("temperatures", temperatures));
  }

  private static Answer provenance(AskEndpoint endpoint, AskEndpoint.Asked asked, Outcome outcome) {
    AskRequest request = asked.request();
    boolean written = request.job().wordings() instanceof Job.Written;
    Answer provenance = new Answer().put("upstream", asked.answerer().name());
    if (written) {
      provenance
          .put("paraphraser", asked.paraphraser().name())
          .put("paraphrase_prompt_version", Paraphrases.PROMPT_VERSION);
    }
    return provenance
        .put("models", List.copyOf(outcome.models()))
        .put("system_fingerprints", List.copyOf(outcome.fingerprints()))
        .put("embedding_model", endpoint.embeddingModel())
        .put("method", request.method().wire())
        .put("seed", request.seed())
        .put("wordnet", wordNet(request.breeding()))
        .put("sampling", sampling(request))
        .put("version", endpoint.version())
        .put("reproducible", false);
  }

  private static @Nullable String wordNet(AskRequest.@Nullable Breeding breeding) {
    return breeding == null || breeding.options().map() != null ? null : WordNet.VERSION;
  }

  private static Answer sampling(AskRequest request) {
    Sampling sampling = request.job().rounds().getFirst();
    Answer answer = new Answer();
    if (request.temperatures()) {
      answer.put(
          "temperatures",
          request.job().rounds().stream().mapToDouble(Sampling::temperature).toArray());
    } else {
      answer.put("temperature", sampling.temperature());
    }
    answer.put("top_p", sampling.topP()).put("max_tokens", sampling.maxTokens());
    if (!sampling.stop().isEmpty()) {
      answer.put("stop", sampling.stop());
    }
    if (sampling.seed().isPresent()) {
      answer.put("seed", sampling.seed().getAsLong());
    }
    return answer;
  }
}
